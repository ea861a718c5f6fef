"""Services and requests to cancel them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.views.operator import PendingOrder
from billing.views.page import Part
from billing.views.services import (
    Cancellation,
    CancellationStatus,
    CancelWhen,
    ListedService,
    OwnedService,
    ServiceCounts,
    ServiceFilter,
)


class Services(Protocol):
    """Services and add-ons; every query names the client."""

    async def counts(
        self, client_id: int, *, search: str, today: date, soon: date
    ) -> ServiceCounts:
        """Top-level services that match a search, and what is due, in one statement.

        Due is what can be renewed of what is overdue or due until `soon` inclusive, add-ons
        included: not what is on an unpaid invoice, being renewed or being cancelled.
        """

    async def page(
        self, client_id: int, service_filter: ServiceFilter, *, size: int
    ) -> tuple[ListedService, ...]:
        """One page of top-level services."""

    async def get(self, client_id: int, service_id: int) -> Service | None:
        """One service or add-on of a client."""

    async def family(self, client_id: int, service_id: int) -> tuple[OwnedService, ...]:
        """A service, its parent and its add-ons, in one statement; empty if not the client's."""

    async def live(self, client_id: int) -> tuple[OwnedService, ...]:
        """All services and add-ons of a client that are not cancelled, terminated or fraud."""

    async def ended(self, client_id: int, *, due_from: date) -> tuple[Service, ...]:
        """The others of a client, as far as they were due on that day or later."""

    async def due(self, client_id: int, *, until: date) -> tuple[OwnedService, ...]:
        """What the client owes for by that day, with parents and add-ons, in one statement."""

    async def families(
        self, client_id: int, service_ids: Collection[int]
    ) -> tuple[OwnedService, ...]:
        """The named services with their parents and add-ons, in one statement."""

    async def by_ref(self, name: str) -> Service | None:
        """One service of any client by the company's own id, or by ours where it has none."""

    async def own(self, client_id: int, name: str) -> int | None:
        """The client's service of that name, as `by_ref` reads it: one statement."""

    async def owned_elsewhere(self, client_id: int) -> tuple[Service, ...]:
        """Those of a client that their owner knows by an id."""

    async def save(self, services: Sequence[Service]) -> None:
        """Write amounts, cycle, dates, anchor, status of known services, in one statement."""

    async def add(
        self, services: Sequence[Service], *, invoice_line_ids: Sequence[int | None]
    ) -> tuple[int, ...]:
        """Insert new services and return their ids, in order."""

    async def set_label(self, client_id: int, service_id: int, label: str) -> bool:
        """Rename; False if it is not the client's."""

    async def pending_orders(self, part: Part | None = None) -> tuple[PendingOrder, ...]:
        """Paid products that wait for the operator, oldest first (no add-ons)."""

    async def pending_order(self, service_id: int) -> PendingOrder | None:
        """One of them, with any client."""

    async def addons_of(self, service_id: int) -> tuple[Service, ...]:
        """The add-ons of a service."""

    async def gross_paid(self, service_ids: Collection[int]) -> Money | None:
        """What was paid for services that were ordered here; None if nothing was."""


class Cancellations(Protocol):
    """Requests to cancel."""

    async def open_with_service(
        self, client_id: int, service_id: int
    ) -> tuple[Cancellation, Service] | None:
        """The open request of a service together with the service; None if none is open."""

    async def open_for(self, client_id: int, service_id: int) -> Cancellation | None:
        """The requested or accepted one of a service."""

    async def add(
        self,
        client_id: int,
        service_id: int,
        *,
        when: CancelWhen,
        reason: str,
        at: datetime,
        effective_on: date | None,
    ) -> Cancellation | None:
        """Request; None if one is open already (unique in the database)."""

    async def decide(self, cancellation_id: int, status: CancellationStatus) -> bool:
        """Move an open request on; False if it was not in a state that allows it."""

    async def get(self, cancellation_id: int) -> Cancellation | None:
        """One request, with any client."""

    async def waiting(
        self, part: Part | None = None
    ) -> tuple[tuple[Cancellation, Service, str], ...]:
        """Requests that wait for the operator, with their service and the client's ref."""

    async def due(self, today: date, *, limit: int) -> tuple[tuple[Cancellation, Service], ...]:
        """Accepted ones whose day has come."""
