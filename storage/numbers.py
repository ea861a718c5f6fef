"""What waits in the database and how long, read at once for those who watch over it.

Each statement reads a few rows of an index, or `MOST` at most, so that looking often costs little
however large the company is. What is larger is "at least so many".
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, case, func, select

from billing.ports.inbox import STUCK, EventState
from billing.rules.panel.panel_calls import CallState
from billing.rules.panel.panel_state import UNREAD, PanelState
from billing.rules.payments.payment import PaymentStatus
from storage.engines.connection import Connection
from storage.engines.engine import Engines
from storage.leases import Lease, read_leases
from storage.processes import Process, read_processes
from storage.repositories.panel.panel_states import SqlPanelStates
from storage.tables.inbox import inbox, unplaced_money
from storage.tables.messages import digests, outbox
from storage.tables.panel import panel_calls
from storage.tables.sales import payments
from storage.tables.states import SendState

MOST = 10_000
"""Rows of a queue that are counted; a longer queue shows this number."""

MOST_UNREAD = 100
"""Clients who are read with their rows that cannot be read."""

DAY = timedelta(days=1)

PATIENCE = 2.0
"""Seconds that the whole reading may take."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits: how much, how much of it is due, and since when.

    `oldest_at` is when the oldest was added, `due_since` when the first that is due became so. A
    row that a process works on is not due.
    """

    waiting: int
    due: int
    oldest_at: datetime | None = None
    due_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a person: how much, and since when the oldest."""

    number: int
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """One reading, at the time `at`."""

    at: datetime
    outbox: Queue
    outbox_failed: int
    """Messages of the last day that were given up."""
    inbox: Queue
    """Money to book."""
    again: Queue
    """Updates to be handled again."""
    stuck: Mapping[EventState, Backlog]
    """What waits in the inbox for the operator, by each state of `STUCK`."""
    unplaced: int
    digests: Queue
    digests_of_day: Mapping[SendState, int]
    """The reminders of today."""
    payments: Mapping[PaymentStatus, int]
    """The attempts to pay that began in the last day."""
    panel_calls: Mapping[CallState, int]
    """Those that are not over."""
    oldest_call_at: datetime | None
    leases: Sequence[Lease]
    processes: Sequence[Process]
    panel: PanelState = UNREAD
    """How far a connected panel was read."""
    unread_clients: Sequence[tuple[str, str]] = ()
    """Clients there of whom a row cannot be read, with those rows in words; `MOST_UNREAD`."""


@dataclass(frozen=True, slots=True)
class NumbersReader:
    """Reads the numbers, in one short transaction."""

    engines: Engines

    async def read(self, now: datetime, today: date) -> Numbers:
        """Read everything; `today` is the company's. TimeoutError after `PATIENCE`."""
        async with asyncio.timeout(PATIENCE):
            async with self.engines.readers.connect() as connection:
                return await _read(connection, now, today)


async def _read(connection: Connection, now: datetime, today: date) -> Numbers:
    calls = (await connection.execute(_calls())).all()
    return Numbers(
        at=now,
        outbox=await _queue(connection, _waiting(outbox, outbox.c.added_at), now),
        outbox_failed=await _count(connection, _failed(now - DAY)),
        inbox=await _queue(connection, _events(EventState.WAITING), now),
        again=await _queue(connection, _events(EventState.AGAIN), now),
        stuck={state: await _backlog(connection, _events(state)) for state in STUCK},
        unplaced=await _count(connection, _unplaced()),
        digests=await _queue(connection, _waiting(digests, digests.c.planned_at), now),
        digests_of_day=await _by_state(connection, _digests_of(today)),
        payments=await _by_state(connection, _payments(now - DAY)),
        panel_calls={row.state: row.number for row in calls},
        oldest_call_at=min((row.oldest for row in calls), default=None),
        leases=await read_leases(connection, now),
        processes=await read_processes(connection, now),
        panel=await SqlPanelStates(connection).get(),
        unread_clients=await SqlPanelStates(connection).unread_clients(limit=MOST_UNREAD),
    )


def _waiting(table: Table, added_at: ColumnElement[Any]) -> Select[Any]:
    query = select(table.c.due_at, added_at.label("added_at"))
    return query.where(table.c.state == SendState.WAITING).order_by(table.c.due_at).limit(MOST)


def _events(state: EventState) -> Select[Any]:
    query = select(inbox.c.due_at, inbox.c.received_at.label("added_at"))
    return query.where(inbox.c.state == state).order_by(inbox.c.due_at).limit(MOST)


async def _queue(connection: Connection, rows: Select[Any], now: datetime) -> Queue:
    row = rows.subquery()
    due = row.c.due_at <= now
    query = select(
        func.count(),
        func.count(case((due, 1))),
        func.min(row.c.added_at),
        func.min(case((due, row.c.due_at))),
    )
    return Queue(*(await connection.execute(query.select_from(row))).one())


async def _backlog(connection: Connection, rows: Select[Any]) -> Backlog:
    row = rows.subquery()
    query = select(func.count(), func.min(row.c.added_at)).select_from(row)
    return Backlog(*(await connection.execute(query)).one())


def _failed(since: datetime) -> Select[Any]:
    query = select(outbox.c.id).where(outbox.c.state == SendState.FAILED)
    return query.where(outbox.c.due_at >= since).limit(MOST)


def _unplaced() -> Select[Any]:
    return select(unplaced_money.c.id).where(unplaced_money.c.is_open).limit(MOST)


def _digests_of(day: date) -> Select[Any]:
    query = select(digests.c.state, func.count().label("number"))
    return query.where(digests.c.day == day).group_by(digests.c.state)


def _payments(since: datetime) -> Select[Any]:
    p = payments.c
    query = select(p.status.label("state"), func.count().label("number"))
    return query.where(p.created_at >= since).group_by(p.status)


def _calls() -> Select[Any]:
    c = panel_calls.c
    first = select(c.state, c.created_at).where(c.is_open).order_by(c.id).limit(MOST).subquery()
    oldest = func.min(first.c.created_at).label("oldest")
    query = select(first.c.state, func.count().label("number"), oldest)
    return query.group_by(first.c.state)


async def _count(connection: Connection, rows: Select[Any]) -> int:
    query = select(func.count()).select_from(rows.subquery())
    return int((await connection.execute(query)).scalar_one())


async def _by_state(connection: Connection, query: Select[Any]) -> dict[Any, int]:
    rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return {row.state: row.number for row in rows}
