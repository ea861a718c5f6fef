"""Locks of PostgreSQL, held until the transaction ends; SQLite has one writer at a time anyway.

A transaction waits for them before it reads what it will change: under READ COMMITTED every
statement sees what the one who held the lock has done. Of several rows of a table the one with
the smaller id is locked first, and clients before users, so that nobody waits in a circle.
"""

from collections.abc import Collection

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

LOAD = "panelik load"
MIGRATION = "panelik migration"
PLANNING = "panelik planning"


async def lock_rows(connection: AsyncConnection, table: Table, ids: Collection[int]) -> None:
    """Wait until nobody else locks these rows, then lock them.

    Rows that only refer to one of them can be written meanwhile.
    """
    if connection.dialect.name != "postgresql":
        return
    rows = select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id)
    await connection.execute(rows.with_for_update(key_share=True))


async def lock_name(connection: AsyncConnection, name: str) -> None:
    """The same for what is no row: a task, or somebody who has none yet."""
    await connection.run_sync(lock_name_now, name)


def lock_name_now(connection: Connection, name: str) -> None:
    """The same on a connection that is used without waiting."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
