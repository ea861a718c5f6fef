"""Services with everything that renewing needs, read in one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    union,
)

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import LIVE, ServiceStatus
from billing.views.services import CancelWhen, InvoiceRef, OwnedService
from storage.rows import SERVICE, WIDTH, service_from
from storage.tables.sales import invoice_lines, invoices, order_holds
from storage.tables.services import cancellations, services

SHOWN = (*LIVE, ServiceStatus.COMPLETED)
"""Statuses of services that are neither cancelled, terminated nor fraud."""

OF_CLIENT = and_(services.c.client_id == bindparam("client_id"), ~services.c.is_hidden)
"""Services of the client, but for those that are not there any more."""

THIS = bindparam("service_id", type_=BigInteger)


def _is_of(client: Any) -> ColumnElement[bool]:
    """The condition that a service is the client's, for queries that also name a few ids.

    The sum keeps SQLite from using the client's index: it looks the services up one by one instead
    of reading all that the client has (0.01 instead of 0.36 ms for one of a thousand).
    """
    return and_(services.c.client_id + 0 == client, ~services.c.is_hidden)


IS_OF_CLIENT = _is_of(bindparam("client_id"))
"""The same for the parameter."""

ABOVE, _ONE = services.alias("above"), services.alias("one")
_INVOICE_OF_RENEWAL = (
    select(invoice_lines.c.invoice_id)
    .where(invoice_lines.c.held_service_id == services.c.id)
    .order_by(invoice_lines.c.id)
    .limit(1)
    .correlate(services)
    .scalar_subquery()
)
WITH_INVOICE = services.outerjoin(invoices, invoices.c.id == _INVOICE_OF_RENEWAL).outerjoin(
    cancellations, cancellations.c.open_service_id == services.c.id
)
ENDS_ON = case(
    (cancellations.c.takes_effect == CancelWhen.PERIOD_END, cancellations.c.effective_on)
)
"""The day on which a service with an open request ends; NULL if it ends at once."""

NOT_PAYABLE = (InvoiceStatus.DRAFT, InvoiceStatus.BEING_APPLIED)
ORDERED = exists().where(order_holds.c.service_id == services.c.id).correlate(services)
"""Whether an order under way holds the renewal."""

BEING_RENEWED = or_(invoices.c.status.in_(NOT_PAYABLE), ORDERED)
"""Whether a panel has yet to carry out a renewal that is ordered or paid, or to draw its invoice.

There is nothing then that its client could pay.
"""

FLAGS = (
    cancellations.c.id.is_not(None),
    ENDS_ON,
    BEING_RENEWED,
    invoices.c.id,
    invoices.c.number,
    invoices.c.gross - invoices.c.paid,
)
OWNED_WIDTH = WIDTH + len(FLAGS)
OWNED = select(*SERVICE, *FLAGS).select_from(WITH_INVOICE)
EXISTING = OWNED.where(OF_CLIENT, services.c.status.in_(SHOWN)).order_by(services.c.id)


def families(condition: Any) -> CompoundSelect[Any]:
    """The ids of the chosen services, their parents and add-ons.

    Each part uses an index of its own; for one condition with OR, PostgreSQL would read the whole
    table, and so would SQLite once somebody has analysed it.
    """
    return union(
        select(_ONE.c.id).where(_ONE.c.id.in_(condition)),
        select(_ONE.c.id).where(_ONE.c.parent_id.in_(condition)),
        select(_ONE.c.parent_id).where(_ONE.c.id.in_(condition)),
    )


_NAMED = bindparam("ids", type_=BigInteger, expanding=True)
FAMILY = OWNED.where(IS_OF_CLIENT, services.c.id.in_(families([THIS]))).order_by(services.c.id)
FAMILIES = OWNED.where(IS_OF_CLIENT, services.c.id.in_(families(_NAMED))).order_by(services.c.id)

_OWING = services.alias("owing")
OWED_BY = select(_OWING.c.id).where(
    _OWING.c.client_id == bindparam("client_id"),
    # Of those that an `owed_on` belongs to; named so that the query uses the index.
    _OWING.c.status.in_((ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED)),
    _OWING.c.owed_on <= bindparam("until"),
)
DUE = OWNED.where(IS_OF_CLIENT, services.c.id.in_(families(OWED_BY))).order_by(services.c.id)
"""Services that are overdue or due by a day, with their families."""


def owned_from(row: Sequence[Any]) -> OwnedService:
    """A service with its flags from a row of one of these statements."""
    service = service_from(row)
    cancelling, ends_on, renewed, invoice_id, number, balance = row[WIDTH:OWNED_WIDTH]
    on_invoice = None
    if invoice_id is not None and not renewed:
        on_invoice = InvoiceRef(invoice_id, number, Money(max(balance, 0), service.currency))
    return OwnedService(service, bool(cancelling), on_invoice, ends_on, bool(renewed))
