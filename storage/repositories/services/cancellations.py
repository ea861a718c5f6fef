"""Requests to cancel: at most one open request per service, also if two users ask at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from billing.rules.services.service import Service
from billing.views.page import Part
from billing.views.services import Cancellation, CancellationStatus, CancelWhen
from storage.engines.connection import Connection
from storage.rows import SERVICE, WIDTH, service_from
from storage.statements import upsert
from storage.tables.accounts import clients
from storage.tables.services import cancellations, services

OPEN = (CancellationStatus.REQUESTED, CancellationStatus.ACCEPTED)

BEFORE = {
    CancellationStatus.ACCEPTED: (CancellationStatus.REQUESTED,),
    CancellationStatus.REJECTED: (CancellationStatus.REQUESTED,),
    CancellationStatus.WITHDRAWN: OPEN,
    CancellationStatus.DONE: (CancellationStatus.ACCEPTED,),
}
"""The states from which a request may move to a state."""

_COLUMNS = (
    cancellations.c.id,
    cancellations.c.service_id,
    cancellations.c.client_id,
    cancellations.c.takes_effect,
    cancellations.c.reason,
    cancellations.c.status,
    cancellations.c.requested_at,
    cancellations.c.effective_on,
)
_WITH_SERVICE = select(*SERVICE, *_COLUMNS).join(
    services, services.c.id == cancellations.c.service_id
)


def _with_service(row: Sequence[Any]) -> tuple[Cancellation, Service]:
    return Cancellation(*row[WIDTH : WIDTH + len(_COLUMNS)]), service_from(row)


@dataclass(frozen=True, slots=True)
class SqlCancellations:
    """Rows of cancellations."""

    connection: Connection

    async def open_for(self, client_id: int, service_id: int) -> Cancellation | None:
        """The open request of a service: requested or accepted."""
        query = select(*_COLUMNS).where(
            cancellations.c.open_service_id == service_id, cancellations.c.client_id == client_id
        )
        row = (await self.connection.execute(query)).first()
        return Cancellation(*row) if row else None

    async def open_with_service(
        self, client_id: int, service_id: int
    ) -> tuple[Cancellation, Service] | None:
        """The same together with the service."""
        query = _WITH_SERVICE.where(
            cancellations.c.open_service_id == service_id, cancellations.c.client_id == client_id
        )
        row = (await self.connection.execute(query)).first()
        return _with_service(row) if row else None

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
        """Add a request; None if one is open already (unique in the database)."""
        status = CancellationStatus.REQUESTED
        statement = upsert(cancellations, self.connection).values(
            service_id=service_id,
            client_id=client_id,
            takes_effect=when,
            reason=reason,
            status=status,
            requested_at=at,
            effective_on=effective_on,
            open_service_id=service_id,
        )
        new_row = await self.connection.execute(
            statement.on_conflict_do_nothing(index_elements=["open_service_id"]).returning(
                cancellations.c.id
            )
        )
        number: int | None = new_row.scalar()
        if number is None:
            return None
        return Cancellation(number, service_id, client_id, when, reason, status, at, effective_on)

    async def decide(self, cancellation_id: int, status: CancellationStatus) -> bool:
        """Change the state of a request; False if its state does not allow that."""
        is_open = cancellations.c.service_id if status in OPEN else None
        decided = await self.connection.execute(
            update(cancellations)
            .where(
                cancellations.c.id == cancellation_id,
                cancellations.c.status.in_(BEFORE.get(status, ())),
            )
            .values(status=status, open_service_id=is_open)
            .returning(cancellations.c.id)
        )
        return decided.scalar() is not None

    async def get(self, cancellation_id: int) -> Cancellation | None:
        """One request of any client."""
        query = select(*_COLUMNS).where(cancellations.c.id == cancellation_id)
        row = (await self.connection.execute(query)).first()
        return Cancellation(*row) if row else None

    async def waiting(
        self, part: Part | None = None
    ) -> tuple[tuple[Cancellation, Service, str], ...]:
        """Requests that wait for the operator, with their service and the client's ref."""
        query = (
            _WITH_SERVICE.add_columns(clients.c.ref)
            .join(clients, clients.c.id == cancellations.c.client_id)
            .where(cancellations.c.status == CancellationStatus.REQUESTED)
            .order_by(cancellations.c.id)
        )
        if part is not None:
            query = query.limit(part.limit).offset(part.offset)
        rows = await self.connection.execute(query)
        return tuple((*_with_service(row), row[-1]) for row in rows)

    async def due(self, today: date, *, limit: int) -> tuple[tuple[Cancellation, Service], ...]:
        """Accepted requests whose day has come.

        Those without a day are due at once, unless they wait for the end of a period.
        """
        day = cancellations.c.effective_on
        at_once = and_(day.is_(None), cancellations.c.takes_effect == CancelWhen.NOW)
        query = (
            _WITH_SERVICE.where(
                cancellations.c.status == CancellationStatus.ACCEPTED,
                or_(at_once, day <= today),
            )
            .order_by(cancellations.c.id)
            .limit(limit)
        )
        return tuple(_with_service(row) for row in await self.connection.execute(query))
