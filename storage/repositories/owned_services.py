"""Services with what else must be known to renew them, read in one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select

from billing.rules.money import Money
from billing.rules.services import LIVE, ServiceStatus
from billing.views.services import InvoiceRef, OwnedService
from storage.rows import SERVICE, WIDTH, service_from
from storage.tables.sales import invoice_lines, invoices
from storage.tables.services import cancellations, services

SHOWN = (*LIVE, ServiceStatus.COMPLETED)
"""Statuses of services that are neither cancelled, terminated nor fraud."""

OF_CLIENT = services.c.client_id == bindparam("client_id")
THIS = bindparam("service_id", type_=Integer)
_ABOVE = services.alias("above")
_HOLDING = (
    select(invoice_lines.c.invoice_id)
    .where(invoice_lines.c.held_service_id == services.c.id)
    .order_by(invoice_lines.c.id)
    .limit(1)
    .correlate(services)
    .scalar_subquery()
)
_OWNED = select(
    *SERVICE,
    select(cancellations.c.id)
    .where(cancellations.c.open_service_id == services.c.id)
    .correlate(services)
    .exists(),
    invoices.c.id,
    invoices.c.number,
    invoices.c.gross - invoices.c.paid,
).select_from(services.outerjoin(invoices, invoices.c.id == _HOLDING))
FAMILY = _OWNED.where(
    OF_CLIENT,
    or_(
        services.c.id == THIS,
        services.c.parent_id == THIS,
        services.c.id == select(_ABOVE.c.parent_id).where(_ABOVE.c.id == THIS).scalar_subquery(),
    ),
).order_by(services.c.id)
EXISTING = _OWNED.where(OF_CLIENT, services.c.status.in_(SHOWN)).order_by(services.c.id)
_NAMED = bindparam("ids", type_=Integer, expanding=True)
OF_LINES = _OWNED.where(
    OF_CLIENT,
    or_(
        services.c.id.in_(_NAMED),
        services.c.parent_id.in_(_NAMED),
        services.c.id.in_(select(_ABOVE.c.parent_id).where(_ABOVE.c.id.in_(_NAMED))),
    ),
).order_by(services.c.id)


def owned_from(row: Sequence[Any]) -> OwnedService:
    """A service with its flags from a row of one of these statements."""
    service = service_from(row)
    cancelling, invoice_id, number, balance = row[WIDTH:]
    held_by = None
    if invoice_id is not None:
        held_by = InvoiceRef(invoice_id, number, Money(max(balance, 0), service.amount.currency))
    return OwnedService(service, bool(cancelling), held_by)
