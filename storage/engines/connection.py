"""Engines and connections for asyncio, over SQLAlchemy's Core.

SQLAlchemy's own (`sqlalchemy.ext.asyncio`) import its ORM, which is not used here, and execute
every statement from the beginning. These execute prepared statements on the driver's connection
(`storage.engines.prepared`). Pools, transactions, errors and all other statements are
SQLAlchemy's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeAlias, TypeVar

import sqlalchemy
from sqlalchemy import URL, CursorResult, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.util import greenlet_spawn

from storage.engines.driver import OneCallConnection
from storage.engines.prepared import Prepared, prepared_statements

T = TypeVar("T")
Result: TypeAlias = CursorResult[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is called whenever a connection is taken from the pool.

    `check` is called before and may raise; `prepare` is given the driver's connection.
    """

    check: Callable[[], None]
    prepare: Callable[[Any], None]


class Connection:
    """A connection that is taken from the pool when it is entered, and rolled back at the end."""

    __slots__ = ("_engine", "_sync")

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._sync: sqlalchemy.Connection

    async def __aenter__(self) -> Self:
        hooks = self._engine.hooks
        if hooks is not None:
            hooks.check()
        self._sync = await greenlet_spawn(self._engine.sync_engine.connect)
        if hooks is not None:
            hooks.prepare(self._sync.connection.dbapi_connection)
        return self

    async def __aexit__(self, type_: Any, *_: object) -> None:
        sync = self._sync
        is_open = type_ is None and not sync.closed and not sync.invalidated
        if is_open and _ends_at_once(sync.connection.dbapi_connection):
            sync.close()
        else:
            # Also if this task is cancelled, the connection goes back to the pool.
            await asyncio.shield(asyncio.create_task(self.run_sync(lambda one: one.close())))

    @property
    def dialect(self) -> Dialect:
        """The kind of the database."""
        return self._sync.dialect

    @property
    def has_begun(self) -> bool:
        """Whether a transaction is open, be it the driver's alone."""
        sync = self._sync
        return sync.in_transaction() or not _ends_at_once(sync.connection.dbapi_connection)

    async def begin(self) -> None:
        """Begin a transaction, which ends with `commit` or with the connection."""
        await greenlet_spawn(self._sync.begin)

    async def commit(self) -> None:
        """Commit what has been written."""
        await greenlet_spawn(self._sync.commit)

    async def rollback(self) -> None:
        """Take back what has been written."""
        await greenlet_spawn(self._sync.rollback)

    async def run_sync(self, work: Callable[[sqlalchemy.Connection], T]) -> T:
        """Run a function on SQLAlchemy's connection."""
        return await greenlet_spawn(work, self._sync)

    async def execute(self, statement: Executable, parameters: Any = None) -> Result:
        """Execute a statement and return its rows, all of which have been read."""
        for note in self._engine.notes:
            note()
        if not isinstance(parameters, list):
            given = parameters or {}
            prepared = self._engine.statements.find(statement, given)
            if prepared is not None:
                rows: Result = await greenlet_spawn(self._run, prepared, given)
                return rows
        return await greenlet_spawn(self._sync.execute, statement, parameters)

    def _run(self, prepared: Prepared, given: Any) -> Any:
        sync = self._sync
        dbapi: Any = sync.connection.dbapi_connection
        values = prepared.values(given)
        cursor = dbapi.cursor()
        if sync.engine._has_events:  # noqa: SLF001 - as SQLAlchemy's connections do
            for listener in sync.engine.dispatch.before_cursor_execute:
                listener(sync, cursor, prepared.sql, values, None, False)
        try:
            cursor.execute(prepared.sql, values)
            return prepared.result(cursor.fetchall(), cursor.rowcount)
        except Exception as error:  # noqa: BLE001 - SQLAlchemy wraps or raises it
            sync._handle_dbapi_exception(  # noqa: SLF001 - as SQLAlchemy's connections do
                error, prepared.sql, values, cursor, None
            )
        finally:
            cursor.close()


def _ends_at_once(dbapi: Any) -> bool:
    """Whether nothing has to be waited for when the connection is returned."""
    if isinstance(dbapi, OneCallConnection):
        return dbapi.ends_at_once
    return not dbapi.driver_connection.is_in_transaction()


class Engine:
    """Makes connections to one database; `sync_engine` is SQLAlchemy's, with an async driver.

    Variants share `notes`: what is called before every statement.
    """

    __slots__ = ("hooks", "notes", "statements", "sync_engine")

    def __init__(
        self,
        sync_engine: sqlalchemy.Engine,
        *,
        hooks: Hooks | None = None,
        sibling: "Engine | None" = None,
    ) -> None:
        self.sync_engine = sync_engine
        self.hooks = hooks
        self.statements = prepared_statements(sync_engine.dialect)
        self.notes: list[Callable[[], None]] = sibling.notes if sibling else []

    @property
    def url(self) -> URL:
        """The address of the database."""
        return self.sync_engine.url

    @property
    def dialect(self) -> Dialect:
        """The kind of the database."""
        return self.sync_engine.dialect

    def variant(self, *, hooks: Hooks | None = None, **options: Any) -> "Engine":
        """The same pool with other options for its connections."""
        return Engine(self.sync_engine.execution_options(**options), hooks=hooks, sibling=self)

    def connect(self) -> Connection:
        """A connection, to be entered."""
        return Connection(self)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """A connection with a transaction that is committed unless an error leaves the block."""
        async with self.connect() as connection:
            await connection.begin()
            yield connection
            await connection.commit()

    async def dispose(self) -> None:
        """Close every connection."""
        await greenlet_spawn(self.sync_engine.dispose)
