"""Invoices and their lines as rows, read together by one statement."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, select, update

from billing.rules.money import Money
from billing.rules.payments.invoices import HOLDING, Invoice, InvoiceLine, StatedLine
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts
from storage.tables.sales import invoice_lines, invoices

_LINE = (
    invoice_lines.c.id,
    invoice_lines.c.quote,
    invoice_lines.c.stated,
    invoice_lines.c.applied_at,
    invoice_lines.c.outcome,
    invoice_lines.c.due_date,
    invoice_lines.c.service_id,
)
_INVOICE = (
    invoices.c.id,
    invoices.c.client_id,
    invoices.c.number,
    invoices.c.status,
    invoices.c.currency,
    invoices.c.created_at,
    invoices.c.expires_on,
    invoices.c.paid,
    invoices.c.net,
    invoices.c.tax,
    invoices.c.gross,
    invoices.c.paid_at,
    invoices.c.order_id,
    invoices.c.born,
    invoices.c.ref,
    invoices.c.address,
)
_WIDTH = len(_INVOICE) + len(_LINE)
INVOICES = (
    select(*_INVOICE, *_LINE)
    .join(invoice_lines, invoice_lines.c.invoice_id == invoices.c.id)
    .order_by(invoices.c.id, invoice_lines.c.id)
)
"""Every invoice with every line; an invoice has at least one."""

APPLY = (
    update(invoice_lines)
    .where(invoice_lines.c.id == bindparam("line"), invoice_lines.c.applied_at.is_(None))
    .values(
        applied_at=bindparam("at"),
        outcome=bindparam("what"),
        due_date=bindparam("due"),
        service_id=bindparam("service"),
    )
)
"""What became of a line, written once."""


def invoices_from(rows: Sequence[Sequence[Any]]) -> tuple[Invoice, ...]:
    """Make invoices from rows of INVOICES; further columns may follow."""
    all_invoices = []
    for _, mine in groupby(rows, key=itemgetter(0)):
        together = list(mine)
        number, client_id, name, status, currency, *rest = together[0]
        created_at, expires_on, paid, net, tax, gross, *rest = rest
        paid_at, order_id, born, ref, address = rest[:5]
        all_invoices.append(
            Invoice(
                id=number, client_id=client_id, number=name, status=status, currency=currency,
                lines=tuple(_line_from(row[len(_INVOICE) : _WIDTH]) for row in together),
                created_at=created_at, expires_on=expires_on, paid=Money(paid, currency),
                totals=Amounts(Money(net, currency), Money(tax, currency), Money(gross, currency)),
                paid_at=paid_at, order_id=order_id, born=born, ref=ref or "",
                address=address,
            )
        )  # fmt: skip
    return tuple(all_invoices)


def _line_from(row: Sequence[Any]) -> InvoiceLine:
    number, quote, stated, *rest = row
    return InvoiceLine(number, quote or stated, *rest)


def invoice_values(invoice: Invoice) -> dict[str, Any]:
    """The columns of an invoice, except its id."""
    return {
        "client_id": invoice.client_id,
        "number": invoice.number,
        "status": invoice.status,
        "currency": invoice.currency,
        "order_id": invoice.order_id,
        "born": invoice.born,
        "ref": invoice.ref or None,
        "net": invoice.totals.net.minor,
        "tax": invoice.totals.tax.minor,
        "gross": invoice.gross.minor,
        "paid": invoice.paid.minor,
        "created_at": invoice.created_at,
        "expires_on": invoice.expires_on,
        "paid_at": invoice.paid_at,
        "address": invoice.address,
    }


def line_values(invoice: Invoice, line: InvoiceLine) -> dict[str, Any]:
    """The columns of a new line, except its id."""
    item = line.item
    holds, renews = invoice.status in HOLDING, item.kind is LineKind.RENEWAL
    is_stated = isinstance(item, StatedLine)
    return {
        "invoice_id": invoice.id,
        "kind": item.kind,
        "period_from": item.period_from,
        "gross": line.amounts.gross.minor,
        "quote": None if is_stated else item,
        "stated": item if is_stated else None,
        "applied_at": line.applied_at,
        "outcome": line.outcome,
        "due_date": line.due_date,
        "service_id": line.service_id,
        "held_service_id": item.service_id if holds and renews else None,
        "held_client_id": invoice.client_id if holds and not renews else None,
    }
