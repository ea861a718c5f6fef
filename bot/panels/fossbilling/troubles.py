"""What the panel was paid for and has not done: it says yes to the payment all the same."""

from billing.ports.connected import CallSubject
from bot.panels.fossbilling.questions import Questions, lines_of, orders_of
from bot.panels.fossbilling.values import Row, text

_FAILED = ("failed_setup", "failed_renew")


async def troubles_of(ask: Questions, invoice: Row) -> str:
    """What failed of a paid invoice, with the panel's own reason; "" when all is well."""
    parts = [await _of_order(ask, number) for number in orders_of(invoice)]
    waiting = [text(one.get("title")) for one in lines_of(invoice) if _waits(one)]
    if waiting:
        parts.append(f"not carried out yet: {', '.join(waiting)}")
    return "; ".join(part for part in parts if part)


def _waits(line: Row) -> bool:
    return line.get("status") != "executed" and line.get("task") in ("activate", "renew")


async def _of_order(ask: Questions, number: int) -> str:
    order = await ask.order(number)
    if order is None or order.get("status") not in _FAILED:
        return ""
    reason = await ask.newest_note(number)
    return f"order {number} ({text(order.get('title'))}) {order['status']}: {reason}"


def is_of(subject: CallSubject, row: Row) -> bool:
    """Whether a row is of the client whom a call is about."""
    client = row.get("client")
    number = client.get("id") if isinstance(client, dict) else row.get("client_id")
    return str(number) == subject.client.ref
