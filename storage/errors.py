"""Errors of a database, in words for the operator.

Every engine translates what its database refuses because of its state (`translate_errors`). Errors
of our own statements stay what they are: waiting does not help, and the traceback is needed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection

from billing.ports.work import UnavailableError

OURS = (IntegrityError, DataError, ProgrammingError, InterfaceError)
"""Errors of our own statements: the operator cannot help, so the traceback is needed."""

LOCKED = "another process has been writing for too long; is a load running? Try again"
READ_ONLY = "the file may not be written to; may this user write to it and its folder?"

SQLITE_MEANINGS = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; take the last copy of it",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: (
        "the file cannot be opened; may this user write to it and its folder?"
    ),
    sqlite3.SQLITE_PROTOCOL: "other processes keep its lock; try again in a moment",
    sqlite3.SQLITE_NOTADB: "this is not a SQLite database",
}
"""The meanings of SQLite's primary result codes that tell of the file and not of a statement."""

_REOPEN = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
"""After these a connection is replaced: a file system that was mended may need it."""

_PRIMARY = 0xFF

POSTGRESQL_MEANINGS = {
    "25006": "the server only lets read: it is a standby, or set to be read-only",
    "25P03": "the server has ended the connection, because this process stood still",
    "28P01": "the user or the password is wrong",
    "28000": "the server does not let this user in; see its pg_hba.conf",
    "3D000": "there is no such database; `createdb` makes one",
    "42501": "this user may not do that; the database has to belong to them",
    "53100": "the disk of the server is full",
    "53300": "the server has too many connections already; raise its max_connections",
    "55P03": "another one holds a lock for too long",
    "57014": "the server has ended a statement that took too long",
    "57P01": "the server was stopped",
    "57P02": "the server was stopped",
    "57P03": "the server is starting or stopping; try again in a moment",
    "57P04": "the database was dropped",
    "57P05": "the server has ended the connection, because it was not used",
    "08": "the connection to the server was lost",
    "53": "the server has no memory, disk or connections left",
    "58": "the disk of the server does not answer as it should",
    "F0": "the server's own files are damaged",
    "XX001": "the server's data is damaged; take the last copy of it",
    "XX002": "the server's index is damaged; REINDEX mends it",
}
"""The meanings of PostgreSQL's states, or of their classes of two letters.

These tell of the server and not of a statement. The states are in its manual, appendix A.
"""

_READERS_REFUSAL = ("25006", sqlite3.SQLITE_READONLY)
"""A reader that is refused this has tried to write, which is our fault."""


class DatabaseError(UnavailableError):
    """The database cannot be used; the message says in plain words what to do about it."""


class NoDatabaseError(DatabaseError):
    """There is no database with tables, and the caller may not make one."""


class WaitingPool(AsyncAdaptedQueuePool):
    """A pool whose connections are all in use for too long means that the database is stuck."""

    def connect(self) -> PoolProxiedConnection:
        """Return a connection; DatabaseError if none is free in time."""
        try:
            return super().connect()
        except PoolTimeoutError as error:
            raise DatabaseError(
                "no connection to the database was free in time: it is slow, or does not answer"
            ) from error


@contextmanager
def in_plain_words(name: str) -> Iterator[None]:
    """Translate errors of the database of that name into DatabaseError, unless it is done.

    For what prepares the database, where an unknown error is best told in SQLite's own words.
    """
    try:
        yield
    except DBAPIError as error:
        if hasattr(error.orig, "sqlstate") or isinstance(error, OURS):
            raise
        raise DatabaseError(f"{name}: {error.orig}") from error


def translate_errors(engine: Engine, name: str, *, reads: bool = False) -> None:
    """Let an engine raise DatabaseError for what waiting or the operator can mend.

    An engine that only `reads` is read-only by our own wish.
    """

    def translate(context: ExceptionContext) -> Exception | None:
        error: Any = context.original_exception
        if not isinstance(error, Exception):
            return None
        options = context.connection.get_execution_options() if context.connection else {}
        if (reads or options.get("postgresql_readonly")) and _code(error) in _READERS_REFUSAL:
            return None
        if _code(error) in _REOPEN:
            context.is_disconnect = True
        meaning = _meaning(error, is_lost=context.is_disconnect)
        return None if meaning is None else DatabaseError(f"{name}: {meaning}")

    event.listen(engine, "handle_error", translate, retval=True)


def _meaning(error: Any, *, is_lost: bool) -> str | None:
    code = _code(error)
    if isinstance(code, int):
        return SQLITE_MEANINGS.get(code)
    meaning = meaning_of_state(code)
    if meaning is None and (is_lost or isinstance(error, OSError)):
        return POSTGRESQL_MEANINGS["08"]
    return meaning


def meaning_of_state(state: str) -> str | None:
    """The meaning of a state of PostgreSQL; None if it tells of a statement."""
    return POSTGRESQL_MEANINGS.get(state) or POSTGRESQL_MEANINGS.get(state[:2])


def _code(error: Any) -> int | str:
    """SQLite's primary result code, or PostgreSQL's state; empty if there is none."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    return getattr(error, "sqlstate", None) or ""
