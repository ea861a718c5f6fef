"""Statements that the databases write differently."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Update,
    bindparam,
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

from storage.engines.connection import Connection
from storage.tables.states import SendState
from storage.types import UTCDateTime

AnyInsert = SqliteInsert | PostgresqlInsert


def upsert(table: Table, connection: Connection) -> AnyInsert:
    """An INSERT with ON CONFLICT, in the dialect of the connection's database."""
    return insert_into(table, connection.dialect.name)


def insert_into(table: Table, dialect: str) -> AnyInsert:
    """An INSERT with ON CONFLICT for a dialect's name, to build frequent statements once."""
    return postgresql_insert(table) if dialect == "postgresql" else sqlite_insert(table)


async def insert_numbered(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Insert rows in batches; return their ids in the order of the rows.

    SQLite numbers the rows of a statement in their order but does not promise to return the ids in
    that order, so they are sorted. SQLAlchemy would insert the rows one by one instead.
    """
    statement = insert(table)
    if connection.dialect.name == "postgresql":
        ordered = statement.returning(table.c.id, sort_by_parameter_order=True)
        return list((await connection.execute(ordered, rows)).scalars())
    return sorted((await connection.execute(statement.returning(table.c.id), rows)).scalars())


def first_due(table: Table, *, only: ColumnElement[bool] | None = None) -> Select[int]:
    """The id of the row of a queue that is due for longest by `now`, a parameter."""
    return _due(table, bindparam("now"), only).limit(1)


def _due(table: Table, now: Any, only: ColumnElement[bool] | None) -> Select[int]:
    return (
        select(table.c.id)
        .where(table.c.state == SendState.WAITING, table.c.due_at <= now)
        .where(true() if only is None else only)
        .order_by(table.c.due_at)
    )


def take(table: Table, *, only: ColumnElement[bool] | None = None) -> Update:
    """Claim at `most` so many rows of a queue that are due by `now` until `lease_until`.

    These are parameters. Their `due_at` moves to the end of the lease, so other processes do not
    see them until then.
    """
    due = (
        _due(table, bindparam("now"), only)
        .limit(bindparam("most"))
        # Only for PostgreSQL; SQLite has one writer at a time.
        .with_for_update(skip_locked=True)
        # A separate CTE runs once; as a part of a join it could claim more rows than the limit.
        .cte("due")
    )
    return (
        update(table)
        .where(table.c.id.in_(select(due.c.id)))
        .values(
            due_at=bindparam("lease_until"),
            moved_at=bindparam("now"),
            attempts=table.c.attempts + 1,
        )
    )


CLOCKS_DIFFER = timedelta(minutes=1)
"""The largest allowed difference between the clocks of several machines."""


def give_back(table: Table, now: datetime, *, lease_until: datetime, limit: int) -> Update:
    """Let rows of a queue that were moved while the clock was ahead be due by the clock of now.

    A row that a process may have claimed stays claimed for one more lease.
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
