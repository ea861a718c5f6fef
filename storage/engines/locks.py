"""Locks of PostgreSQL, held until the transaction ends; SQLite has only one writer anyway.

A transaction waits for them before it reads what it will change: under READ COMMITTED every
statement sees the changes of the previous holder. Rows of a table are locked in the order of their
ids, and clients before users, so that transactions never wait in a circle.
"""

from collections.abc import Collection

import sqlalchemy
from sqlalchemy import Table, func, select

from storage.engines.connection import Connection

LOAD = "panelik load"
MIGRATION = "panelik migration"
PLANNING = "panelik planning"


async def lock_rows(connection: Connection, table: Table, ids: Collection[int]) -> None:
    """Wait until nobody else locks these rows, then lock them.

    Other transactions can still write rows that refer to them.
    """
    if connection.dialect.name != "postgresql":
        return
    rows = select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id)
    await connection.execute(rows.with_for_update(key_share=True))


async def lock_name(connection: Connection, name: str) -> None:
    """Lock a name, for what has no row: a task, or a user without a row yet."""
    await connection.run_sync(lambda sync: lock_name_now(sync, name))


def lock_name_now(connection: sqlalchemy.Connection, name: str) -> None:
    """Lock a name on a synchronous connection."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
