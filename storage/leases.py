"""Leases: a task that only one process may do at a time, such as polling Telegram.

A lease is a row with an owner and an end; it is free if there is no row or its end has passed. On
PostgreSQL the time is the database's, so the clocks of the machines need not agree. A SQLite file
is used on one machine, and the caller passes its time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Interval,
    Row,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from storage.engines.connection import Connection
from storage.engines.engine import Engines
from storage.statements import upsert
from storage.tables.running import leases
from storage.types import UTCDateTime


@dataclass(frozen=True, slots=True)
class Lease:
    """The owner of a task, since when, and the time left unless renewed; zero after its end."""

    name: str
    owner: str
    taken_at: datetime
    left: timedelta


@dataclass(frozen=True, slots=True)
class Leases:
    """Leases by name; each call is a transaction of its own. An owner is one running process."""

    engines: Engines

    async def acquire(self, name: str, owner: str, *, now: datetime, length: timedelta) -> bool:
        """Take a free lease or prolong one's own; False while another owner has it."""
        async with self.engines.writer.begin() as connection:
            moment, end = shared_time(connection, now), shared_time(connection, now, later=length)
            statement = upsert(leases, connection).values(
                name=name, owner=owner, taken_at=moment, expires_at=end
            )
            result = await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["name"],
                    set_={
                        "owner": owner,
                        "taken_at": case(
                            (leases.c.owner == owner, leases.c.taken_at),
                            else_=statement.excluded.taken_at,
                        ),
                        "expires_at": statement.excluded.expires_at,
                    },
                    where=or_(leases.c.expires_at <= moment, leases.c.owner == owner),
                ).returning(leases.c.name)
            )
            return result.scalar() is not None

    async def shorten(self, name: str, *, now: datetime, length: timedelta) -> bool:
        """Let a lease end after its length at the latest; False if it does so already.

        A lease with a later end was written while the clock was ahead. Its owner may still be at
        work, so the lease is not free at once.
        """
        async with self.engines.writer.begin() as connection:
            latest = shared_time(connection, now, later=length)
            shortened = await connection.execute(
                update(leases)
                .where(leases.c.name == name, leases.c.expires_at > latest)
                .values(expires_at=latest)
            )
            return shortened.rowcount > 0

    async def release(self, name: str, owner: str) -> None:
        """Give one's own lease back; another owner's stays."""
        async with self.engines.writer.begin() as connection:
            await connection.execute(
                delete(leases).where(leases.c.name == name, leases.c.owner == owner)
            )

    async def holder(self, name: str, *, now: datetime) -> Lease | None:
        """Return the last lease, which may have ended."""
        async with self.engines.single.connect() as connection:
            moment = shared_time(connection, now).label("moment")
            query = select(leases, moment).where(leases.c.name == name)
            row = (await connection.execute(query)).first()
        return None if row is None else _lease(row)

    async def of_kind(self, prefix: str, *, now: datetime) -> tuple[Lease, ...]:
        """Return the leases in force whose names begin so; those that have ended are deleted.

        It reads the whole table, which has a row for each process and task.
        """
        kind = leases.c.name.startswith(prefix, autoescape=True)
        async with self.engines.single.connect() as connection:
            moment = shared_time(connection, now).label("moment")
            query = select(leases, moment).where(kind).order_by(leases.c.name)
            rows = (await connection.execute(query)).all()
        if any(row.expires_at <= row.moment for row in rows):
            async with self.engines.writer.begin() as connection:
                ended = leases.c.expires_at <= shared_time(connection, now)
                await connection.execute(delete(leases).where(kind, ended))
        return tuple(
            Lease(row.name, row.owner, row.taken_at, row.expires_at - row.moment)
            for row in rows
            if row.expires_at > row.moment
        )


async def read_leases(connection: Connection, now: datetime) -> tuple[Lease, ...]:
    """Read the last lease of every name; some may have ended."""
    query = select(leases, shared_time(connection, now).label("moment")).order_by(leases.c.name)
    return tuple(_lease(row) for row in await connection.execute(query))


def shared_time(
    connection: Connection, now: datetime, *, later: timedelta = timedelta()
) -> ColumnElement[Any]:
    """The time that all processes on this database share, or so much later."""
    if connection.dialect.name == "postgresql":
        return func.statement_timestamp(type_=DateTime(timezone=True)) + literal(later, Interval())
    return literal(now + later, UTCDateTime())


def _lease(row: Row[Any]) -> Lease:
    left = max(row.expires_at - row.moment, timedelta())
    return Lease(row.name, row.owner, row.taken_at, left)
