"""Orders that wait for the operator: paid ones, and services loaded as pending."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, or_, select

from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus
from billing.views.operator import PendingAddon, PendingOrder
from billing.views.page import Part
from storage.engines.connection import Connection
from storage.rows import SERVICE, service_from
from storage.tables.accounts import clients
from storage.tables.sales import invoice_lines, invoices
from storage.tables.services import services

_parent = services.alias("parent")
_part = services.alias("part")
_part_line = invoice_lines.alias("part_line")
_GROSS = (
    select(func.sum(_part_line.c.gross))
    .join(_part, _part.c.invoice_line_id == _part_line.c.id)
    .where(
        or_(_part.c.id == services.c.id, _part.c.parent_id == services.c.id),
        # Add-ons that were bought later are on invoices of their own.
        _part_line.c.invoice_id == invoices.c.id,
    )
    .correlate(services, invoices)
    .scalar_subquery()
)
_PENDING = (
    select(*SERVICE, clients.c.ref, clients.c.name, invoices.c.number, _GROSS)
    .join(clients, clients.c.id == services.c.client_id)
    .outerjoin(_parent, _parent.c.id == services.c.parent_id)
    .outerjoin(invoice_lines, invoice_lines.c.id == services.c.invoice_line_id)
    .outerjoin(invoices, invoices.c.id == invoice_lines.c.invoice_id)
    .where(
        services.c.status == ServiceStatus.PENDING,
        # An add-on that waits with its service is decided together with it.
        or_(_parent.c.id.is_(None), _parent.c.status != ServiceStatus.PENDING),
    )
    .order_by(services.c.id)
)
_PENDING_ADDONS = (
    select(*SERVICE, invoices.c.number, invoice_lines.c.gross)
    .outerjoin(invoice_lines, invoice_lines.c.id == services.c.invoice_line_id)
    .outerjoin(invoices, invoices.c.id == invoice_lines.c.invoice_id)
    .where(services.c.status == ServiceStatus.PENDING)
    .order_by(services.c.id)
)


async def pending_orders(
    connection: Connection, service_id: int | None = None, *, part: Part | None = None
) -> tuple[PendingOrder, ...]:
    """All of them, a part, or the one of a service, that one without its add-ons.

    The gross includes the add-ons ordered with it.
    """
    query = _PENDING
    if part is not None:
        query = query.limit(part.limit).offset(part.offset)
    if service_id is not None:
        query = query.where(services.c.id == service_id)
    rows = (await connection.execute(query)).all()
    waiting = [service_from(row) for row in rows]
    addons: Mapping[int, Sequence[PendingAddon]] = {}
    if service_id is None:
        addons = await _addons_of(connection, [service.id for service in waiting])
    orders = []
    for service, row in zip(waiting, rows, strict=True):
        ref, name, number, gross = row[-4:]
        paid = _money(gross, service.currency)
        with_it = addons.get(service.id, ())
        orders.append(PendingOrder(service, ref, name, number or "", paid, tuple(with_it)))
    return tuple(orders)


async def _addons_of(
    connection: Connection, parents: Sequence[int]
) -> Mapping[int, Sequence[PendingAddon]]:
    """Read the pending add-ons of services, by the service."""
    addons: dict[int, list[PendingAddon]] = {}
    if not parents:
        return addons
    query = _PENDING_ADDONS.where(services.c.parent_id.in_(parents))
    for row in await connection.execute(query):
        service, (number, gross) = service_from(row), row[-2:]
        addon = PendingAddon(service, number or "", _money(gross, service.currency))
        addons.setdefault(service.parent_id or 0, []).append(addon)
    return addons


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(int(minor), currency)
