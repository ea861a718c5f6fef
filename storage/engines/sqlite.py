"""SQLite: how its connections are opened and how its transactions begin.

Its drivers start transactions late and as readers. When two tasks read, then write, such a
transaction loses writes without an error. So writers begin with BEGIN IMMEDIATE on the single
connection of their own pool, and readers with BEGIN DEFERRED on several others: in WAL mode they
see a consistent snapshot and are never blocked.
"""

import sqlite3
import time
from typing import Any

import sqlalchemy
from sqlalchemy import URL, create_engine, event

from storage.documents import compact_json
from storage.engines.connection import Engine, Hooks
from storage.engines.driver import BeginMode, OneCallConnection, OneCallModule
from storage.engines.place import Place
from storage.errors import DatabaseError, WaitingPool, translate_errors

READERS = 6
"""Connections for reading; each has a thread of its own for what takes long."""

BUSY_TIMEOUT_MS = 15_000
"""How long a connection waits for another process's write; a large load takes seconds."""

WAIT_FOR_CONNECTION_S = 30
"""Seconds that a task waits for a connection of this process."""

WAL_ATTEMPTS = 10


def checked(url: URL) -> URL:
    """The address with its driver; DatabaseError if it names no file."""
    if url.database in (None, "", ":memory:"):
        raise DatabaseError("the database must be a file: an example is sqlite:///panelik.db")
    return url.set(drivername="sqlite+aiosqlite")


def make_engines(url: URL, place: Place) -> tuple[Engine, Engine, Engine, Engine]:
    """The engines of `Engines`: for writing, for reading, and both for single statements."""
    writer = Engine(_engine(url, place, pool_size=1), hooks=_hooks(place, "IMMEDIATE"))
    reader = Engine(_engine(url, place, pool_size=READERS), hooks=_hooks(place, "DEFERRED"))
    event.listen(writer.sync_engine, "connect", _prepare)
    event.listen(reader.sync_engine, "connect", _prepare)
    event.listen(reader.sync_engine, "connect", _refuse_writes)
    translate_errors(writer.sync_engine, str(url.database))
    translate_errors(reader.sync_engine, str(url.database), reads=True)
    single = _hooks(place, None)
    return writer, reader, reader.variant(hooks=single), writer.variant(hooks=single)


def _hooks(place: Place, mode: BeginMode) -> Hooks:
    """Let transactions begin in that mode, and only while the file is in its place."""

    def prepare(connection: OneCallConnection) -> None:
        connection.begin_mode = mode

    return Hooks(place.check, prepare)


def _engine(url: URL, place: Place, *, pool_size: int) -> sqlalchemy.Engine:
    return create_engine(
        url,
        module=OneCallModule(place),
        poolclass=WaitingPool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        # Errors end up in the log, and parameters contain names and what people write.
        hide_parameters=True,
        json_serializer=compact_json,
    )


def _prepare(dbapi: Any, _record: object) -> None:
    """Turn off the driver's own transactions and set the pragmas of every connection.

    With FULL, an acknowledged payment survives a power cut; in WAL mode it costs little.
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

    If two processes switch a new file at once, SQLite refuses one of them with "locked" at once; a
    moment later the other one is done.
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
    dbapi.read_in_loop(locked_ms=BUSY_TIMEOUT_MS)
