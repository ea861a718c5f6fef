"""Services and add-ons; every query for a client names the client."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, bindparam, func, literal, select, update

from billing.rules.money import Money
from billing.rules.services.service import Service, ServiceStatus
from billing.views.operator import PendingOrder
from billing.views.page import Part
from billing.views.services import ListedService, OwnedService, ServiceCounts, ServiceFilter
from storage.engines.connection import Connection
from storage.repositories.services.owned_services import (
    DUE,
    EXISTING,
    FAMILIES,
    FAMILY,
    OF_CLIENT,
    SHOWN,
    THIS,
    owned_from,
)
from storage.repositories.services.service_counts import count_of, counts_from
from storage.repositories.services.service_forms import forms, state, values
from storage.repositories.services.service_lists import (
    list_parameters,
    listed_from,
    page_of,
)
from storage.repositories.services.service_names import KIND_ORDER, LONGEST_ID, own_service
from storage.repositories.services.service_orders import pending_orders
from storage.rows import SERVICE, service_from
from storage.statements import insert_numbered
from storage.tables.sales import invoice_lines, invoices
from storage.tables.services import services

_GET = select(*SERVICE).where(OF_CLIENT, services.c.id == THIS)
_ENDED = (
    select(*SERVICE)
    .where(
        OF_CLIENT,
        services.c.status.in_([status for status in ServiceStatus if status not in SHOWN]),
        services.c.next_due_date >= bindparam("due_from"),
    )
    .order_by(services.c.id)
)
_SAVE = update(services).where(services.c.id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class SqlServices:
    """Rows of services."""

    connection: Connection

    async def counts(
        self, client_id: int, *, search: str, today: date, soon: date
    ) -> ServiceCounts:
        """Top-level services by status, and what is due, in one statement."""
        parameters = list_parameters(client_id, ServiceFilter(search=search))
        parameters |= {"today": today, "soon": soon}
        return counts_from(await self.connection.execute(count_of(search), parameters))

    async def page(
        self, client_id: int, service_filter: ServiceFilter, *, size: int
    ) -> tuple[ListedService, ...]:
        """One page of top-level services."""
        rows = await self.connection.execute(
            page_of(service_filter), list_parameters(client_id, service_filter, size=size)
        )
        return tuple(listed_from(row) for row in rows)

    async def get(self, client_id: int, service_id: int) -> Service | None:
        """One service or add-on of a client."""
        parameters = {"client_id": client_id, "service_id": service_id}
        row = (await self.connection.execute(_GET, parameters)).first()
        return service_from(row) if row else None

    async def family(self, client_id: int, service_id: int) -> tuple[OwnedService, ...]:
        """A service, its parent and its add-ons, in one statement; empty if not the client's."""
        parameters = {"client_id": client_id, "service_id": service_id}
        return tuple(owned_from(row) for row in await self.connection.execute(FAMILY, parameters))

    async def live(self, client_id: int) -> tuple[OwnedService, ...]:
        """All services and add-ons of a client that are not cancelled, terminated or fraud."""
        parameters = {"client_id": client_id}
        return tuple(
            owned_from(row) for row in await self.connection.execute(EXISTING, parameters)
        )

    async def ended(self, client_id: int, *, due_from: date) -> tuple[Service, ...]:
        """The client's other services that were due on that day or later."""
        parameters = {"client_id": client_id, "due_from": due_from}
        return tuple(
            service_from(row) for row in await self.connection.execute(_ENDED, parameters)
        )

    async def due(self, client_id: int, *, until: date) -> tuple[OwnedService, ...]:
        """What the client owes for by that day, with parents and add-ons, in one statement."""
        parameters = {"client_id": client_id, "until": until}
        return tuple(owned_from(row) for row in await self.connection.execute(DUE, parameters))

    async def families(
        self, client_id: int, service_ids: Collection[int]
    ) -> tuple[OwnedService, ...]:
        """The named services with their parents and add-ons, in one statement."""
        parameters = {"client_id": client_id, "ids": tuple(service_ids)}
        return tuple(
            owned_from(row) for row in await self.connection.execute(FAMILIES, parameters)
        )

    async def by_ref(self, name: str) -> Service | None:
        """One service of any client by the company's own id, or by ours where it has none."""
        query = select(*SERVICE).where(services.c.ref == name).order_by(KIND_ORDER)
        row = (await self.connection.execute(query)).first()
        if row is None and name.isascii() and name.isdigit():
            ours = literal(int(name[:LONGEST_ID]), BigInteger)
            query = select(*SERVICE).where(services.c.id == ours, services.c.ref.is_(None))
            row = (await self.connection.execute(query)).first()
        return service_from(row) if row else None

    async def own(self, client_id: int, name: str) -> int | None:
        """The client's service of that name, as `by_ref` reads it: one statement."""
        return await own_service(self.connection, client_id, name)

    async def owned_elsewhere(self, client_id: int) -> tuple[Service, ...]:
        """Services of a client that their owner knows by an id."""
        query = select(*SERVICE).where(
            services.c.client_id == client_id,
            services.c.ref.is_not(None),
            ~services.c.is_hidden,
        )
        rows = await self.connection.execute(query.order_by(services.c.id))
        return tuple(service_from(row) for row in rows)

    async def save(self, changed: Sequence[Service]) -> None:
        """Write amounts, cycle, dates, anchor day and status of services in one statement."""
        if changed:
            rows = [{"number": service.id} | state(service) for service in changed]
            await self.connection.execute(_SAVE, rows)

    async def add(
        self, new: Sequence[Service], *, invoice_line_ids: Sequence[int | None]
    ) -> tuple[int, ...]:
        """Insert new services and return their ids, in order."""
        if not new:
            return ()
        rows = [
            values(service) | {"invoice_line_id": line}
            for service, line in zip(new, invoice_line_ids, strict=True)
        ]
        return tuple(await insert_numbered(self.connection, services, rows))

    async def set_label(self, client_id: int, service_id: int, label: str) -> bool:
        """Set the label; False if the service is not the client's."""
        service = await self.get(client_id, service_id)
        if service is None:
            return False
        changed = forms(label=label, name=service.name, domain=service.domain)
        await self.connection.execute(
            update(services).where(services.c.id == service_id).values(label=label, **changed)
        )
        return True

    async def pending_orders(self, part: Part | None = None) -> tuple[PendingOrder, ...]:
        """Paid products that wait for the operator, oldest first (no add-ons)."""
        return await pending_orders(self.connection, part=part)

    async def pending_order(self, service_id: int) -> PendingOrder | None:
        """One pending order of any client."""
        orders = await pending_orders(self.connection, service_id)
        return orders[0] if orders else None

    async def addons_of(self, service_id: int) -> tuple[Service, ...]:
        """The add-ons of a service."""
        query = select(*SERVICE).where(services.c.parent_id == service_id).order_by(services.c.id)
        return tuple(service_from(row) for row in await self.connection.execute(query))

    async def gross_paid(self, service_ids: Collection[int]) -> Money | None:
        """The amount paid for services that were ordered here; None if nothing was paid."""
        query = (
            select(invoices.c.currency, func.sum(invoice_lines.c.gross))
            .join(invoices, invoices.c.id == invoice_lines.c.invoice_id)
            .join(services, services.c.invoice_line_id == invoice_lines.c.id)
            .where(services.c.id.in_(tuple(service_ids)))
            .group_by(invoices.c.currency)
        )
        row = (await self.connection.execute(query)).first()
        return Money(int(row[1]), row[0]) if row else None
