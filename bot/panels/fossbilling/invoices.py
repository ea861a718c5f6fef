"""Invoices of the panel as ours.

What is to be paid is the invoice's total. Its lines are net and show no tax although the invoice
has one; here each line gets its share, so that the lines come to the totals.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from billing.rules.money import EXPONENTS, Money, round_half_up
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceKind, ServiceStatus
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts
from billing.views.panel import SeenInvoice, SeenLine
from bot.panels.fossbilling.orders import SeenOrder
from bot.panels.fossbilling.plan import made_invoice
from bot.panels.fossbilling.values import (
    Row,
    UnreadableError,
    date_in,
    flag,
    id_in,
    in_zone,
    instant,
    money,
    ref_in,
    ref_of,
    rows,
    text,
)

_STATUSES: Final = {
    "unpaid": InvoiceStatus.UNPAID,
    "paid": InvoiceStatus.PAID,
    "canceled": InvoiceStatus.CANCELLED,
    "refunded": InvoiceStatus.REFUNDED,
}

_CLOSED: Final = (InvoiceStatus.PAID, InvoiceStatus.CANCELLED, InvoiceStatus.REFUNDED)

Orders = Mapping[int, SeenOrder]
"""The orders of a client by their numbers."""


def read_invoice(invoice: Row, orders: Orders, zone: ZoneInfo, address: str) -> SeenInvoice | None:
    """Read a whole row of an invoice of a client with these orders.

    None for a credit note, which nobody pays, and for one that is over in a currency that we do
    not know. UnreadableError where one would have to guess: what is left out is not asked for.
    `address` is that of the panel.
    """
    number, status = id_in(invoice, "id"), _status(invoice)
    if text(invoice.get("currency")) not in EXPONENTS and status in _CLOSED:
        return None
    totals = _totals(invoice)
    if totals.gross.minor < 0:
        return None
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
        created_at=_made_at(invoice, zone),
        order_ref=made_invoice(number),
        address=f"{address}/invoice/{secret}" if secret else "",
    )


def orders_on(invoice: Row) -> tuple[int, ...]:
    """The orders that the lines of an invoice are about, if they can be read.

    Their numbers come as text.
    """
    try:
        named = [_order_on(line) for line in rows(invoice.get("lines"))]
    except UnreadableError:
        return ()
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


def _totals(invoice: Row) -> Amounts:
    """What it comes to; its total is what is paid, whatever the parts add up to."""
    currency = text(invoice.get("currency"))
    if currency not in EXPONENTS:
        raise UnreadableError("currency")
    gross, tax = (money(invoice.get(name), currency) for name in ("total", "tax"))
    if gross is None:
        raise UnreadableError("total")
    tax = tax or Money.zero(currency)
    return Amounts(gross - tax, tax, gross)


def _made_at(invoice: Row, zone: ZoneInfo) -> datetime:
    """When it was made; of one that does not say it, the nearest date that it has."""
    made = in_zone(date_in(invoice, "created_at"), zone)
    others = (instant(invoice.get(name), zone) for name in ("updated_at", "paid_at", "due_at"))
    made = made or next((one for one in others if one is not None), None)
    if made is None:
        raise UnreadableError("created_at")
    return made


def _status(invoice: Row) -> InvoiceStatus:
    """Of a word that nobody knows one cannot say whether it is to be paid."""
    status = _STATUSES.get(text(invoice.get("status")))
    if status is None:
        raise UnreadableError("status")
    if status is InvoiceStatus.UNPAID and not flag(invoice.get("approved", True)):
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
    name = "order_id" if line.get("order_id") else "rel_id"
    try:
        return int(ref_in(line, name) or 0)
    except UnreadableError:
        raise UnreadableError(f"lines.{name}") from None
