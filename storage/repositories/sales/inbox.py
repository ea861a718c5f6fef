"""Notices that carry money: kept first, then booked one by one under a lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from billing.ports.inbox import STUCK, Event, EventState, StuckEvent
from billing.views.page import Part
from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.inbox import inbox

LONGEST_ERROR = 64

_EVENT = (
    inbox.c.id,
    inbox.c.source,
    inbox.c.event_id,
    inbox.c.body,
    inbox.c.received_at,
    inbox.c.attempts,
)

_STUCK = (
    inbox.c.id,
    inbox.c.source,
    inbox.c.event_id,
    inbox.c.body,
    inbox.c.state,
    inbox.c.received_at,
    inbox.c.attempts,
    func.coalesce(inbox.c.error, ""),
)

HANDLED = (EventState.BOOKED, EventState.UNPLACED)
"""Final states without "given up": such a notice is kept, because its body is all there is."""


@dataclass(frozen=True, slots=True)
class SqlInbox:
    """Rows of the inbox."""

    connection: Connection

    async def add(self, source: str, event_id: str, body: str, *, at: datetime) -> None:
        """Keep a notice, due at once; a known notice stays unchanged."""
        row = upsert(inbox, self.connection).values(
            source=source, event_id=event_id, body=body, state=EventState.WAITING,
            due_at=at, attempts=0, received_at=at,
        )  # fmt: skip
        await self.connection.execute(
            row.on_conflict_do_nothing(index_elements=["source", "event_id"])
        )

    async def has_due(self, now: datetime) -> bool:
        """Return whether a notice is due."""
        return (await self.connection.execute(_due(now, inbox.c.id))).first() is not None

    async def take(self, now: datetime) -> Event | None:
        """Lock the longest due notice that no other transaction has locked."""
        return await self._first(_due(now, *_EVENT))

    async def take_one(self, source: str, event_id: str) -> Event | None:
        """Lock that notice, if it waits and no other transaction has locked it."""
        waits = _is(source, event_id), inbox.c.state == EventState.WAITING
        return await self._first(select(*_EVENT).where(*waits))

    async def state(self, source: str, event_id: str) -> EventState | None:
        """The notice's state."""
        query = select(inbox.c.state).where(_is(source, event_id))
        state: EventState | None = (await self.connection.execute(query)).scalar()
        return state

    async def finish(self, number: int, state: EventState, *, at: datetime) -> None:
        """Mark a notice as handled or given up."""
        await self.connection.execute(
            _waiting(number).values(state=state, handled_at=at if state in HANDLED else None)
        )

    async def defer(self, number: int, *, until: datetime, error: str) -> None:
        """Count a failure and try again later."""
        await self.connection.execute(
            _waiting(number).values(
                due_at=until, attempts=inbox.c.attempts + 1, error=error[:LONGEST_ERROR]
            )
        )

    async def reopen(self, source: str, event_id: str, *, attempts: int, until: datetime) -> bool:
        """Let a given up notice wait again; False if it was not given up."""
        reopened = await self.connection.execute(
            update(inbox)
            .where(_is(source, event_id), inbox.c.state == EventState.NOT_BOOKED)
            .values(state=EventState.WAITING, attempts=attempts, due_at=until)
            .returning(inbox.c.id)
        )
        return reopened.scalar() is not None

    async def add_failed(
        self, source: str, event_id: str, body: str, *, error: str, at: datetime
    ) -> int:
        """Keep an update whose handling failed; its age counts from now."""
        row = upsert(inbox, self.connection).values(
            source=source, event_id=event_id, body=body, state=EventState.FAILED, due_at=at,
            attempts=1, received_at=at, handled_at=at, error=error[:LONGEST_ERROR],
        )  # fmt: skip
        again = {"attempts": inbox.c.attempts + 1, "state": EventState.FAILED}
        result = await self.connection.execute(
            row.on_conflict_do_update(
                index_elements=["source", "event_id"],
                set_={**again, "error": error[:LONGEST_ERROR], "body": body},
            ).returning(inbox.c.id)
        )
        return int(result.scalar_one())

    async def stuck(self, part: Part) -> tuple[StuckEvent, ...]:
        """What waits for the operator, oldest first."""
        query = _stuck().order_by(inbox.c.id).limit(part.limit).offset(part.offset)
        rows = await self.connection.execute(query)
        return tuple(StuckEvent(*row) for row in rows)

    async def get_stuck(self, number: int) -> StuckEvent | None:
        """Lock one that waits for the operator."""
        query = _stuck().where(inbox.c.id == number).with_for_update()
        row: Sequence[Any] | None = (await self.connection.execute(query)).first()
        return None if row is None else StuckEvent(*row)

    async def repeat(self, number: int, *, at: datetime) -> None:
        """Let a failed update be handled again."""
        await self.connection.execute(
            update(inbox)
            .where(inbox.c.id == number, inbox.c.state == EventState.FAILED)
            .values(state=EventState.AGAIN, due_at=at)
        )

    async def has_again(self, now: datetime) -> bool:
        """Return whether an update is to be handled again."""
        return (await self.connection.execute(_again(now))).first() is not None

    async def take_again(self, now: datetime, *, until: datetime) -> Event | None:
        """The next update to be handled again; a dead process's is free after `until`."""
        due = _again(now)
        taken = await self.connection.execute(
            update(inbox)
            .where(inbox.c.id == due.with_for_update(skip_locked=True).scalar_subquery())
            .values(due_at=until)
            .returning(*_EVENT)
        )
        row: Sequence[Any] | None = taken.first()
        return None if row is None else Event(*row)

    async def close_update(self, number: int, *, dropped: bool, at: datetime) -> bool:
        """Forget the body of an update that was handled again, or is dropped."""
        before, after = (
            (EventState.FAILED, EventState.DROPPED)
            if dropped
            else (EventState.AGAIN, EventState.HANDLED)
        )
        closed = await self.connection.execute(
            update(inbox)
            .where(inbox.c.id == number, inbox.c.state == before)
            .values(state=after, handled_at=at, body="")
        )
        return closed.rowcount > 0

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete notices that were handled long ago, with their bodies; how many."""
        old = select(inbox.c.id).where(inbox.c.handled_at < before).limit(limit)
        old = old.with_for_update(skip_locked=True)
        result = await self.connection.execute(delete(inbox).where(inbox.c.id.in_(old)))
        return result.rowcount

    async def _first(self, query: Select[Any]) -> Event | None:
        locking = query.with_for_update(skip_locked=True)
        row: Sequence[Any] | None = (await self.connection.execute(locking)).first()
        return None if row is None else Event(*row)


def _due(now: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .where(inbox.c.state == EventState.WAITING, inbox.c.due_at <= now)
        .order_by(inbox.c.due_at)
        .limit(1)
    )


def _again(now: datetime) -> Select[int]:
    due = select(inbox.c.id).where(inbox.c.state == EventState.AGAIN, inbox.c.due_at <= now)
    return due.order_by(inbox.c.due_at, inbox.c.id).limit(1)


def _stuck() -> Select[Any]:
    return select(*_STUCK).where(inbox.c.state.in_(STUCK))


def _is(source: str, event_id: str) -> ColumnElement[bool]:
    return (inbox.c.source == source) & (inbox.c.event_id == event_id)


def _waiting(number: int) -> Any:
    return update(inbox).where(inbox.c.id == number, inbox.c.state == EventState.WAITING)
