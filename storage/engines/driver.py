"""SQLite behind SQLAlchemy with one change of threads per statement, or none.

aiosqlite runs every call in the connection's own thread, and SQLAlchemy makes four calls for one
statement: open a cursor, execute, fetch, close. Each change of threads costs more than a typical
query does. Here one call does all four, and a transaction begins together with its first
statement; that halves the processor time of a small read.

A connection that only reads needs no thread at all: in WAL mode nobody blocks it, and the queries
of a screen take less time than two changes of threads. So it is called in the event loop
(`read_in_loop`). It never waits there: a statement that meets a lock, or takes longer than
`LOOP_SECONDS`, is run again in the thread, in the same transaction.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

from storage.engines.place import Place

T = TypeVar("T")

LOOP_SECONDS = 0.005
"""How long a statement may keep the event loop; a screen's take a tenth of it."""

_STEPS_BETWEEN_LOOKS = 50_000
"""Steps of SQLite's virtual machine, half a millisecond, between looks at the clock."""

BeginMode = Literal["DEFERRED", "IMMEDIATE"] | None
_BEGIN = {mode: f"BEGIN {mode}" for mode in ("DEFERRED", "IMMEDIATE")}

_PRIMARY_CODE = 0xFF
_GO_TO_THREAD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_INTERRUPT)


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
    """A connection whose transactions begin with their first statement, in `begin_mode`.

    Without a mode, every statement is a transaction of its own.
    """

    __slots__ = ("_in_loop", "_locked_ms", "_uncertain", "_until", "begin_mode")

    _cursor_cls = OneCallCursor  # type: ignore[assignment] # it has what SQLAlchemy calls

    def __init__(self, dbapi: Any, connection: aiosqlite.Connection) -> None:
        super().__init__(dbapi, connection)  # type: ignore[arg-type] # as SQLAlchemy passes it
        self.begin_mode: BeginMode = None
        self._uncertain = False
        self._in_loop = False
        self._locked_ms = 0
        self._until = 0.0

    def read_in_loop(self, *, locked_ms: int) -> None:
        """Run statements in the event loop from now on; only for connections that only read.

        In the thread, a statement waits `locked_ms` for a lock.
        """
        inner: Any = self._connection
        inner._conn.execute("PRAGMA busy_timeout=0")  # noqa: SLF001 - as SQLAlchemy does
        inner._conn.set_progress_handler(self._is_late, _STEPS_BETWEEN_LOOKS)  # noqa: SLF001
        self._in_loop, self._locked_ms, self._until = True, locked_ms, 0.0

    def _is_late(self) -> bool:
        """Whether SQLite has to interrupt the statement, because the event loop waits for it."""
        return 0.0 < self._until < time.monotonic()

    def begin_first(self, connection: sqlite3.Connection) -> None:
        """Begin the transaction if none has; the next call retries what meets a lock."""
        if self.begin_mode is not None and not connection.in_transaction:
            connection.execute(_BEGIN[self.begin_mode])

    def call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work without blocking the event loop: at once if it is quick, or in the thread."""
        inner: Any = self._connection
        if self._in_loop and not self._uncertain:
            try:
                return self._quickly(work, inner._conn)  # noqa: SLF001 - as SQLAlchemy does
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY_CODE not in _GO_TO_THREAD:
                    raise
                return self._in_thread(lambda connection: self._patiently(work, connection))
            except ValueError as error:
                self._handle_exception(error)
        return self._in_thread(work)

    def _quickly(
        self, work: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection
    ) -> T:
        # SQLAlchemy takes a statement that awaits nothing for one of a driver that blocks.
        await_(_nothing())
        self._until = time.monotonic() + LOOP_SECONDS
        try:
            return work(connection)
        finally:
            self._until = 0.0

    def _patiently(
        self, work: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection
    ) -> T:
        """Run work that may meet a lock; called in the thread."""
        connection.execute(f"PRAGMA busy_timeout={self._locked_ms}")
        try:
            return work(connection)
        finally:
            connection.execute("PRAGMA busy_timeout=0")

    def _in_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
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
        is_certain = not self._uncertain
        if self._has_begun():
            if self._in_loop and is_certain:
                # It was only a snapshot: letting go of it waits for nobody.
                inner: Any = self._connection
                inner._conn.rollback()  # noqa: SLF001 - as SQLAlchemy does
            else:
                super().rollback()

    @property
    def ends_at_once(self) -> bool:
        """Whether a rollback waits for nobody: nothing is open, or only a snapshot."""
        inner: Any = self._connection
        if self._uncertain or inner._connection is None:  # noqa: SLF001 - as SQLAlchemy does
            return False
        return self._in_loop or not inner.in_transaction

    def _has_begun(self) -> bool:
        """Return whether a transaction may be open; a cancelled call leaves that unknown."""
        inner: Any = self._connection
        uncertain, self._uncertain = self._uncertain, False
        return uncertain or inner._connection is None or inner.in_transaction  # noqa: SLF001


async def _nothing() -> None:
    """End at once."""


class OneCallModule(AsyncAdapt_aiosqlite_dbapi):
    """Stands for the driver's module towards SQLAlchemy."""

    def __init__(self, place: Place) -> None:
        super().__init__(aiosqlite, sqlite3)
        self._place = place

    def connect(self, *_path: Any, **kwargs: Any) -> OneCallConnection:
        """Open a connection, with a thread of its own, to the file in its place."""
        self._place.check()
        # One thread at a time, but not always the same one.
        wanted = {**kwargs, "uri": True, "check_same_thread": False}
        plain = super().connect(self._place.address, **wanted)
        return OneCallConnection(self, plain.driver_connection)
