"""What the databases write differently."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    Update,
    case,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.states import SendState
from storage.types import UTCDateTime

AnyInsert = SqliteInsert | PostgresqlInsert


def upsert(table: Table, connection: AsyncConnection) -> AnyInsert:
    """An INSERT that knows ON CONFLICT, in the words of the connection's database."""
    return insert_into(table, connection.dialect.name)


def insert_into(table: Table, dialect: str) -> AnyInsert:
    """The same for a dialect's name: statements that every tap needs are built once of each."""
    return postgresql_insert(table) if dialect == "postgresql" else sqlite_insert(table)


async def insert_numbered(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Insert rows in whole batches; the ids they were given, in the order of the rows.

    SQLite numbers the rows of one statement as they stand in it but does not promise to return
    them so: sorting does. SQLAlchemy would insert them one by one for the same promise.
    """
    added = insert(table)
    if connection.dialect.name == "postgresql":
        ordered = added.returning(table.c.id, sort_by_parameter_order=True)
        return list((await connection.execute(ordered, rows)).scalars())
    return sorted((await connection.execute(added.returning(table.c.id), rows)).scalars())


def take(
    table: Table,
    now: datetime,
    *,
    lease_until: datetime,
    limit: int,
    only: ColumnElement[bool] | None = None,
) -> Update:
    """Take the rows of a queue that are due, for a lease; say what to return of them.

    Their `due_at` moves to the end of the lease: until then nobody else sees them.
    """
    due = (
        select(table.c.id)
        .where(table.c.state == SendState.WAITING, table.c.due_at <= now)
        .where(true() if only is None else only)
        .order_by(table.c.due_at)
        .limit(limit)
        # Said to PostgreSQL alone; SQLite has one writer at a time.
        .with_for_update(skip_locked=True)
        # By itself, so that it runs once: as a part of a join it could take more than the limit.
        .cte("due")
    )
    return (
        update(table)
        .where(table.c.id.in_(select(due.c.id)))
        .values(due_at=lease_until, moved_at=now, attempts=table.c.attempts + 1)
    )


CLOCKS_DIFFER = timedelta(minutes=1)
"""By no more than that the clocks of several machines are apart."""


def give_back(table: Table, now: datetime, *, lease_until: datetime, limit: int) -> Update:
    """Let rows of a queue be due by the present clock that were moved by one that was ahead.

    What somebody may have in hand is theirs for one lease more, and no longer.
    """
    ahead = (
        select(table.c.id)
        .where(table.c.state == SendState.WAITING, table.c.moved_at > now + CLOCKS_DIFFER)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = case(
        (table.c.attempts == 0, literal(now, UTCDateTime())),
        (table.c.due_at > lease_until, literal(lease_until, UTCDateTime())),
        else_=table.c.due_at,
    )
    return update(table).where(table.c.id.in_(ahead)).values(due_at=due, moved_at=now)
