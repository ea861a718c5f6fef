"""What the panel was paid for and has not done: it says yes to the payment all the same."""

from bot.panels.fossbilling.questions import UNPAID, Questions, lines_of, orders_of
from bot.panels.fossbilling.values import Row, text

_FAILED = ("failed_setup", "failed_renew")


async def troubles_of(ask: Questions, invoice: Row) -> str:
    """What failed of a paid invoice, with the panel's own reason; "" when all is well."""
    parts = [await _of_order(ask, number) for number in orders_of(invoice)]
    parts += [await _still_open(ask, number) for number in orders_of(invoice)]
    waiting = [text(one.get("title")) for one in lines_of(invoice) if _waits(one)]
    if waiting:
        parts.append(f"not carried out yet: {', '.join(waiting)}")
    return "; ".join(part for part in parts if part)


def _waits(line: Row) -> bool:
    return line.get("status") != "executed" and line.get("task") in ("activate", "renew")


async def _still_open(ask: Questions, number: int) -> str:
    """Other invoices for the same: a combined one leaves them, and the balance may pay them."""
    unpaid = await ask.invoices_of(number, UNPAID)
    listed = ", ".join(text(one.get("id")) for one in unpaid)
    return f"order {number} has open invoices, too: {listed}" if listed else ""


async def _of_order(ask: Questions, number: int) -> str:
    order = await ask.order(number)
    if order is None or order.get("status") not in _FAILED:
        return ""
    reason = await ask.newest_note(number)
    return f"order {number} ({text(order.get('title'))}) {order['status']}: {reason}"
