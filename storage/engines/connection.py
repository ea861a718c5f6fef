"""Connections that execute prepared statements themselves, and all others by SQLAlchemy.

Transactions, errors and the listeners of SQLAlchemy are the same either way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util import greenlet_spawn

from storage.engines.driver import OneCallConnection
from storage.engines.prepared import Prepared, PreparedStatements

Result: TypeAlias = CursorResult[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is called whenever a connection is taken from the pool.

    `check` is called before and may raise; `prepare` is given the driver's connection.
    """

    check: Callable[[], None]
    prepare: Callable[[Any], None]


class QuickConnection(AsyncConnection):
    """A connection of SQLAlchemy whose `execute` takes the short way where there is one."""

    __slots__ = ()

    engine: "QuickEngine"

    async def start(self, is_ctxmanager: bool = False) -> "QuickConnection":
        """Take a connection from the pool."""
        hooks = self.engine.hooks
        if hooks is not None:
            hooks.check()
        await super().start(is_ctxmanager)
        if hooks is not None:
            hooks.prepare(self._proxied.connection.dbapi_connection)
        return self

    async def execute(
        self, statement: Executable, parameters: Any = None, *, execution_options: Any = None
    ) -> Result:
        """Execute a statement and return its rows, all of which have been read."""
        for note in self.engine.notes:
            note()
        if execution_options is None and not isinstance(parameters, list):
            given = parameters or {}
            prepared = self.engine.statements.find(statement, given)
            if prepared is not None:
                rows: Result = await greenlet_spawn(self._run, prepared, given)
                return rows
        return await super().execute(statement, parameters, execution_options=execution_options)

    async def __aenter__(self) -> "QuickConnection":
        return await self.start(is_ctxmanager=True)

    @property
    def has_begun(self) -> bool:
        """Whether a transaction is open, be it the driver's alone."""
        return self.in_transaction() or not _ends_at_once(
            self._proxied.connection.dbapi_connection
        )

    async def __aexit__(self, type_: Any, value: Any, traceback: Any) -> None:
        """Roll back what is open and return the connection, also if the task is cancelled."""
        connection = self._proxied
        is_open = type_ is None and not connection.closed and not connection.invalidated
        if is_open and _ends_at_once(connection.connection.dbapi_connection):
            connection.close()
        else:
            await super().__aexit__(type_, value, traceback)

    def _run(self, prepared: Prepared, given: Any) -> Any:
        connection = self._proxied
        dbapi: Any = connection.connection.dbapi_connection
        values = prepared.values(given)
        cursor = dbapi.cursor()
        try:
            if connection.engine._has_events:  # noqa: SLF001 - as SQLAlchemy's connections do
                for listener in connection.engine.dispatch.before_cursor_execute:
                    listener(connection, cursor, prepared.sql, values, None, False)
            cursor.execute(prepared.sql, values)
            return prepared.result(cursor.fetchall(), cursor.rowcount)
        except Exception as error:  # noqa: BLE001 - SQLAlchemy wraps or raises it
            connection._handle_dbapi_exception(  # noqa: SLF001 - as SQLAlchemy's connections do
                error, prepared.sql, values, cursor, None
            )
        finally:
            cursor.close()


def _ends_at_once(dbapi: Any) -> bool:
    """Whether nothing has to be waited for when the connection is returned."""
    if isinstance(dbapi, OneCallConnection):
        return dbapi.ends_at_once
    return not dbapi.driver_connection.is_in_transaction()


class QuickEngine(AsyncEngine):
    """An engine with such connections.

    Its variants share `statements`, and `notes`: what is called before every statement.
    """

    __slots__ = ("hooks", "notes", "statements")

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        hooks: Hooks | None = None,
        sibling: "QuickEngine | None" = None,
    ) -> None:
        super().__init__(engine.sync_engine)
        self.hooks = hooks
        self.statements: PreparedStatements = (
            sibling.statements if sibling else PreparedStatements(engine.dialect)
        )
        self.notes: list[Callable[[], None]] = sibling.notes if sibling else []

    def connect(self) -> QuickConnection:
        """A connection that is taken from the pool when it is started or entered."""
        return QuickConnection(self)

    def variant(self, *, hooks: Hooks | None = None, **options: Any) -> "QuickEngine":
        """The same pool with other options for its connections."""
        return QuickEngine(self.execution_options(**options), hooks=hooks, sibling=self)
