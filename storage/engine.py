"""Engines: how connections to the database are opened and how their transactions begin.

SQLite's drivers start transactions late and as readers, and such a transaction loses writes
without a word when two tasks read, then write. So writers begin with BEGIN IMMEDIATE on the one
connection of their own pool, and readers with BEGIN DEFERRED on several others: in WAL mode they
see a consistent snapshot and are never blocked.
"""

import json
import sqlite3
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.driver import OneCallModule
from storage.errors import DatabaseError

READERS = 6
"""Connections that read at the same time; each has a thread of its own."""

BUSY_TIMEOUT_MS = 15_000
"""How long a connection waits for another process to end its write: a large load takes seconds."""

WAL_ATTEMPTS = 10

WAIT_FOR_CONNECTION_S = 30
"""How long a task waits for its turn within this process."""


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine that writes and one that only reads, on the same database.

    `single` reads as well, by single statements: such a one needs no transaction around it.
    """

    url: URL
    writer: AsyncEngine
    readers: AsyncEngine
    single: AsyncEngine

    async def dispose(self) -> None:
        """Close every connection."""
        await self.readers.dispose()
        await self.writer.dispose()


def parse_url(text: str) -> URL:
    """Read a database URL and name its async driver; DatabaseError for one we cannot use."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise DatabaseError(
            f"{text!r} is not a database URL; an example is sqlite:///panelik.db"
        ) from error
    if url.get_backend_name() != "sqlite":
        raise DatabaseError(
            f"{url.get_backend_name()} databases are not supported, only SQLite: "
            "an example is sqlite:///panelik.db"
        )
    if url.database in (None, "", ":memory:"):
        raise DatabaseError("the database must be a file: an example is sqlite:///panelik.db")
    return url.set(drivername="sqlite+aiosqlite")


def open_engines(url: URL, *, readers: int = READERS) -> Engines:
    """Make the engines; nothing is opened before the first connection."""
    writer = _engine(url, pool_size=1)
    reader = _engine(url, pool_size=readers).execution_options(sqlite_begin="DEFERRED")
    event.listen(writer.sync_engine, "connect", _prepare)
    event.listen(reader.sync_engine, "connect", _prepare)
    event.listen(reader.sync_engine, "connect", _refuse_writes)
    event.listen(writer.sync_engine, "begin", _begin)
    event.listen(reader.sync_engine, "begin", _begin)
    return Engines(url, writer, reader, reader.execution_options(sqlite_begin=None))


def _engine(url: URL, *, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        module=OneCallModule(),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        # Errors end up in the log, and parameters are names and what people write.
        hide_parameters=True,
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    )


def _prepare(dbapi: Any, _record: object) -> None:
    """Take transactions from the driver's hands and set what every connection needs.

    FULL keeps an acknowledged payment through a power cut; in WAL mode it costs little.
    """
    dbapi.isolation_level = None
    cursor = dbapi.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _switch_to_wal(cursor)
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    """Set the journal mode, which the file then keeps.

    While two processes switch a new file at once, SQLite tells one of them "locked" without
    waiting: a moment later the other has done it.
    """
    for attempt in range(WAL_ATTEMPTS, 0, -1):
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone()[0] == "wal":
            return
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if attempt == 1:
                raise
            time.sleep(0.02)


def _refuse_writes(dbapi: Any, _record: object) -> None:
    cursor = dbapi.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    if mode is not None:
        dbapi: Any = connection.connection.dbapi_connection
        dbapi.begin(mode)
