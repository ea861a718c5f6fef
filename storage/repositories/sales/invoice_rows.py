"""Invoices and their lines as rows, read together by one statement."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from billing.rules.cart import LineKind
from billing.rules.invoices import Invoice, InvoiceLine
from billing.rules.money import Money
from storage.tables.sales import invoice_lines, invoices

_LINE = (
    invoice_lines.c.id,
    invoice_lines.c.quote,
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
    invoices.c.paid_at,
)
_WIDTH = len(_INVOICE) + len(_LINE)
INVOICES = (
    select(*_INVOICE, *_LINE)
    .join(invoice_lines, invoice_lines.c.invoice_id == invoices.c.id)
    .order_by(invoices.c.id, invoice_lines.c.id)
)
"""Every invoice with every line; an invoice has at least one."""


def invoices_from(rows: Sequence[Sequence[Any]]) -> tuple[Invoice, ...]:
    """Make invoices from rows of INVOICES; further columns may follow."""
    all_invoices = []
    for _, mine in groupby(rows, key=itemgetter(0)):
        together = list(mine)
        number, client_id, name, status, currency, *rest = together[0]
        created_at, expires_on, paid, paid_at = rest[:4]
        all_invoices.append(
            Invoice(
                id=number, client_id=client_id, number=name, status=status, currency=currency,
                lines=tuple(InvoiceLine(*row[len(_INVOICE) : _WIDTH]) for row in together),
                created_at=created_at, expires_on=expires_on, paid=Money(paid, currency),
                paid_at=paid_at,
            )
        )  # fmt: skip
    return tuple(all_invoices)


def invoice_values(invoice: Invoice) -> dict[str, Any]:
    """The columns of a new invoice, except its id and its cart's revision."""
    return {
        "client_id": invoice.client_id,
        "number": invoice.number,
        "status": invoice.status,
        "currency": invoice.currency,
        "gross": invoice.gross.minor,
        "paid": invoice.paid.minor,
        "created_at": invoice.created_at,
        "expires_on": invoice.expires_on,
        "paid_at": invoice.paid_at,
    }


def line_values(invoice: Invoice, line: InvoiceLine) -> dict[str, Any]:
    """The columns of a new line, except its id."""
    renews = line.quote.kind is LineKind.RENEWAL
    return {
        "invoice_id": invoice.id,
        "kind": line.quote.kind,
        "period_from": line.quote.period_from,
        "gross": line.amounts.gross.minor,
        "quote": line.quote,
        "applied_at": line.applied_at,
        "outcome": line.outcome,
        "due_date": line.due_date,
        "service_id": line.service_id,
        "held_service_id": line.quote.service_id if invoice.is_open and renews else None,
        "held_client_id": invoice.client_id if invoice.is_open and not renews else None,
    }
