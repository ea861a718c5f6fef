"""Invoices of the panel as ours.

What is to be paid is the invoice's total. Its lines are net and show no tax although the invoice
has one; here each line gets its share, so that the lines come to the totals.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from billing.rules.money import Money, round_half_up
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceKind, ServiceStatus
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts
from billing.views.panel import SeenInvoice, SeenLine
from bot.panels.fossbilling.orders import SeenOrder
from bot.panels.fossbilling.plan import made_invoice
from bot.panels.fossbilling.values import Row, id_of, instant, money, ref_of, rows, text

_STATUSES: Final = {
    "unpaid": InvoiceStatus.UNPAID,
    "paid": InvoiceStatus.PAID,
    "canceled": InvoiceStatus.CANCELLED,
    "refunded": InvoiceStatus.REFUNDED,
}

Orders = Mapping[int, SeenOrder]
"""The orders of a client by their numbers."""


def read_invoice(
    invoice: Row, orders: Orders, zone: ZoneInfo, *, address: str
) -> SeenInvoice | None:
    """Read a whole row of an invoice of a client with these orders.

    None for a credit note, which nobody pays, and for a currency that we do not know. `address` is
    that of the panel.
    """
    totals = _totals(invoice)
    created = instant(invoice.get("created_at"), zone)
    if totals is None or totals.gross.minor < 0 or created is None:
        return None
    number = id_of(invoice.get("id"))
    status = _status(invoice)
    lines = tuple(rows(invoice.get("lines")))
    nothing = Money.zero(totals.gross.currency)
    is_covered = status in (InvoiceStatus.PAID, InvoiceStatus.REFUNDED)
    secret = text(invoice.get("hash"))
    return SeenInvoice(
        ref=str(number),
        number=text(invoice.get("serie_nr")),
        status=status,
        totals=totals,
        paid=totals.gross if is_covered else nothing,
        lines=tuple(
            _line(line, amounts, orders)
            for line, amounts in zip(lines, shares(lines, totals), strict=True)
        ),
        created_at=created,
        order_ref=made_invoice(number),
        address=f"{address}/invoice/{secret}" if secret else "",
    )


def orders_on(invoice: Row) -> tuple[int, ...]:
    """The orders that the lines of an invoice are about; their numbers come as text."""
    named = (_order_on(line) for line in rows(invoice.get("lines")))
    return tuple(number for number in named if number)


def shares(lines: Sequence[Row], totals: Amounts) -> tuple[Amounts, ...]:
    """Net, tax and gross of each line: the tax is parted among the lines that are taxed.

    Each gets its part rounded, and the last one what is left, so that they come to the total.
    """
    currency = totals.gross.currency
    zero = Money.zero(currency)
    nets = [money(line.get("total"), currency) or zero for line in lines]
    taxed = [place for place, line in enumerate(lines) if line.get("taxed")]
    base = sum(nets[place].minor for place in taxed)
    taxes, left = [zero] * len(lines), totals.tax
    for place in taxed:
        part = left
        if place != taxed[-1] and base > 0:
            part = Money(round_half_up(totals.tax.minor * nets[place].minor, base), currency)
        taxes[place], left = part, left - part
    return tuple(Amounts(net, tax, net + tax) for net, tax in zip(nets, taxes, strict=True))


def client_of(invoice: Row) -> str:
    """The ref of the client whose invoice it is; whole rows and short ones say it differently."""
    inside = invoice.get("client")
    within = inside.get("id") if isinstance(inside, Mapping) else None
    return ref_of(invoice.get("client_id") or within)


def _totals(invoice: Row) -> Amounts | None:
    """What it comes to; its total is what is paid, whatever the parts add up to."""
    currency = text(invoice.get("currency"))
    gross, tax = (money(invoice.get(name), currency) for name in ("total", "tax"))
    if gross is None:
        return None
    tax = tax or Money.zero(currency)
    return Amounts(gross - tax, tax, gross)


def _status(invoice: Row) -> InvoiceStatus:
    """An unknown word is a draft: it is not offered to be paid, and holds what is on it."""
    status = _STATUSES.get(text(invoice.get("status")), InvoiceStatus.DRAFT)
    if status is InvoiceStatus.UNPAID and not invoice.get("approved", True):
        return InvoiceStatus.DRAFT
    return status


def _line(line: Row, amounts: Amounts, orders: Orders) -> SeenLine:
    order = orders.get(_order_on(line))
    return SeenLine(
        text(line.get("title")),
        amounts,
        _kind(text(line.get("task")), order),
        order.key if order else None,
    )


def _kind(task: str, order: SeenOrder | None) -> LineKind | None:
    """What a line is for; every invoice that staff make for a new order says "renew", too."""
    if order is None or task not in ("renew", "activate"):
        return None
    if task == "renew" and order.service.status is not ServiceStatus.PENDING:
        return LineKind.RENEWAL
    return LineKind.ADDON if order.service.kind is ServiceKind.ADDON else LineKind.PRODUCT


def _order_on(line: Row) -> int:
    """The number of the order that a line is about, 0 for none."""
    return int(ref_of(line.get("order_id") or line.get("rel_id")) or 0)
