"""SQLite behind SQLAlchemy with one change of threads per statement.

aiosqlite runs every call in the connection's own thread, and SQLAlchemy makes four calls for one
statement: open a cursor, execute, fetch, close. Each change of threads costs more than a typical
query does. Here one call does all four, and a transaction begins together with its first
statement; that halves the processor time of a small read.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

from storage.place import Place

T = TypeVar("T")


class _Ran(NamedTuple):
    """The result of a statement."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class OneCallCursor:
    """A cursor that has all its rows when `execute` returns."""

    server_side = False
    arraysize = 1

    __slots__ = ("_connection", "_next", "_ran")

    def __init__(self, connection: "OneCallConnection") -> None:
        self._connection = connection
        self._ran = _Ran()
        self._next = 0

    @property
    def description(self) -> Any:
        """The columns; None for a statement that returns no rows."""
        return self._ran.description

    @property
    def rowcount(self) -> int:
        """How many rows were written, -1 if that is not known."""
        return self._ran.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The id that an INSERT of one row was given."""
        return self._ran.lastrowid

    def execute(self, operation: str, parameters: Any = ()) -> None:
        """Run one statement and read all its rows."""
        self._run(lambda cursor: cursor.execute(operation, parameters))

    def executemany(self, operation: str, parameters: Any) -> None:
        """Run one statement for many rows of parameters."""
        self._run(lambda cursor: cursor.executemany(operation, parameters))

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """The next rows."""
        first = self._next
        self._next = first + (size or self.arraysize)
        return self._ran.rows[first : self._next]

    def fetchall(self) -> Sequence[Any]:
        """The rows that are left."""
        first, self._next = self._next, len(self._ran.rows)
        return self._ran.rows[first:]

    def close(self) -> None:
        """Forget the rows; in the database nothing is open any more."""
        self._ran = self._ran._replace(rows=())

    async def _async_soft_close(self) -> None:
        """Do nothing: SQLAlchemy asks for rows without waiting, and they are here already."""

    def _run(self, statement: Callable[[sqlite3.Cursor], object]) -> None:
        begin = self._connection.begin_first

        def run(connection: sqlite3.Connection) -> _Ran:
            begin(connection)
            cursor = connection.cursor()
            try:
                statement(cursor)
                rows = cursor.fetchall() if cursor.description else ()
                return _Ran(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
            finally:
                cursor.close()

        self._ran, self._next = self._connection.call(run), 0


class OneCallConnection(AsyncAdapt_aiosqlite_connection):
    """A connection whose transactions begin with their first statement."""

    __slots__ = ("_begin", "_uncertain")

    _cursor_cls = OneCallCursor  # type: ignore[assignment] # it has what SQLAlchemy calls

    def __init__(self, dbapi: Any, connection: aiosqlite.Connection) -> None:
        super().__init__(dbapi, connection)  # type: ignore[arg-type] # as SQLAlchemy passes it
        self._begin: str | None = None
        self._uncertain = False

    def begin(self, mode: str) -> None:
        """Begin a transaction (DEFERRED, IMMEDIATE) when its first statement runs."""
        self._begin = f"BEGIN {mode}"

    def begin_first(self, connection: sqlite3.Connection) -> None:
        """Begin the transaction in the connection's thread; if locked, the next call retries."""
        if self._begin is not None:
            connection.execute(self._begin)
            self._begin = None

    def call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work in the connection's thread, and wait for it without blocking the event loop."""
        inner: Any = self._connection
        self._uncertain = True
        try:
            done: T = await_(inner._execute(work, inner._conn))  # noqa: SLF001 - as SQLAlchemy does
        except ValueError as error:
            self._handle_exception(error)
        self._uncertain = False
        return done

    def commit(self) -> None:
        """Commit, if anything has begun."""
        if self._has_begun():
            super().commit()

    def rollback(self) -> None:
        """Roll back, if anything has begun."""
        if self._has_begun():
            super().rollback()

    def _has_begun(self) -> bool:
        """Return whether a transaction may be open; a cancelled call leaves that unknown."""
        self._begin = None
        inner: Any = self._connection
        uncertain, self._uncertain = self._uncertain, False
        return uncertain or inner._connection is None or inner.in_transaction  # noqa: SLF001


class OneCallModule(AsyncAdapt_aiosqlite_dbapi):
    """Stands for the driver's module towards SQLAlchemy."""

    def __init__(self, place: Place) -> None:
        super().__init__(aiosqlite, sqlite3)
        self._place = place

    def connect(self, *_path: Any, **kwargs: Any) -> OneCallConnection:
        """Open a connection, with a thread of its own, to the file in its place."""
        self._place.check()
        plain = super().connect(self._place.address, **{**kwargs, "uri": True})
        return OneCallConnection(self, plain.driver_connection)
