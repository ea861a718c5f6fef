"""PostgreSQL: how its connections are opened and how its transactions begin.

One pool serves all. Who writes works in READ COMMITTED: what must not change meanwhile is held by
locks (`storage.locks`). Who reads several things does so in REPEATABLE READ, READ ONLY: what a
screen shows is of one moment. A single statement is a transaction by itself.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.documents import compact_json
from storage.errors import POSTGRESQL_MEANINGS, DatabaseError

CONNECTIONS = 10
"""Of one process. PostgreSQL allows 100 in all as it comes, to several processes together."""

WAIT_FOR_CONNECTION_S = 30
"""How long a task waits for its turn within this process."""

CONNECT_TIMEOUT_S = 10

RECYCLE_S = 1800
"""A connection older than that is replaced: routers forget those that were silent for long."""

FORSAKEN_S = 60
"""After so long without a sign of life one side gives the other up: a machine that lost its power
or its network says nothing, and neither does a process that is stopped."""

SETTINGS = {
    "application_name": "panelik",
    # Compiling a plan pays for reports that run for seconds; nothing here does.
    "jit": "off",
    # What a process holds that was stopped within a transaction, others wait for. No transaction
    # here waits for anything but the database.
    "idle_in_transaction_session_timeout": f"{FORSAKEN_S}s",
    # The server would notice after two hours that a machine is gone.
    "tcp_keepalives_idle": str(FORSAKEN_S // 2),
    "tcp_keepalives_interval": str(FORSAKEN_S // 6),
    "tcp_keepalives_count": "3",
}

_KEEPALIVE = {
    "TCP_KEEPIDLE": FORSAKEN_S // 2,
    "TCP_KEEPINTVL": FORSAKEN_S // 6,
    "TCP_KEEPCNT": 3,
    # The same for what was sent and not received; in milliseconds.
    "TCP_USER_TIMEOUT": FORSAKEN_S * 1000,
}


def with_scheme(text: str) -> str:
    """The short scheme that hosting providers write, as SQLAlchemy knows it."""
    scheme, separator, rest = text.partition("://")
    return f"postgresql{separator}{rest}" if scheme == "postgres" else text


def checked(url: URL) -> URL:
    """The address with its driver; DatabaseError if it names no database.

    `sslmode` is what everybody else calls the driver's `ssl`; both know the same words.
    """
    if not url.database:
        raise DatabaseError("the address must end with the name of the database")
    if url.drivername not in ("postgresql", "postgresql+asyncpg"):
        raise DatabaseError("the only driver for PostgreSQL is asyncpg: postgresql+asyncpg://")
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)


def name_of(url: URL) -> str:
    """The address as people may see it."""
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return shown.render_as_string()


def make_engines(url: URL) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
    """The engine that writes, the one that reads, and the one that reads by single statements."""
    writer = create_async_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        pool_recycle=RECYCLE_S,
        # Errors end up in the log, and parameters are names and what people write.
        hide_parameters=True,
        json_serializer=compact_json,
        connect_args={"timeout": CONNECT_TIMEOUT_S, "server_settings": SETTINGS},
    )

    def connect(dialect: Any, _record: object, arguments: Any, named: Any) -> Any:
        with _connecting(name_of(url)):
            connection = dialect.connect(*arguments, **named)
        _watch(connection.driver_connection)
        return connection

    event.listen(writer.sync_engine, "do_connect", connect)
    event.listen(writer.sync_engine, "checkout", _refuse_closed)
    event.listen(writer.sync_engine, "handle_error", _hide_detail)
    readers = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return writer, readers, writer.execution_options(isolation_level="AUTOCOMMIT")


def _watch(driver: Any) -> None:
    """Have the system end the connection when the server is gone without a word.

    The driver would wait for the answer for ever, and what ticks would not tick again.
    """
    own: socket.socket = driver._transport.get_extra_info("socket")  # noqa: SLF001 - not public
    if own.family not in (socket.AF_INET, socket.AF_INET6):
        return
    own.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        # Not every system has all of them.
        if hasattr(socket, name):
            own.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


@contextmanager
def _connecting(name: str) -> Iterator[None]:
    """Say in plain words why no connection could be opened.

    What is raised here has not been through SQLAlchemy: it is the network's or the driver's own.
    """
    try:
        yield
    except TimeoutError as error:
        raise DatabaseError(f"{name}: the server does not answer") from error
    except OSError as error:
        raise DatabaseError(f"{name}: the server cannot be reached ({error})") from error
    except Exception as error:
        state = getattr(error, "sqlstate", None) or ""
        raise DatabaseError(f"{name}: {POSTGRESQL_MEANINGS.get(state, error)}") from error


def _hide_detail(context: ExceptionContext) -> None:
    """Leave out of an error what PostgreSQL quotes of the row: errors end up in the log."""
    told: Any = context.original_exception.__cause__
    if getattr(told, "detail", None):
        told.detail = None


def _refuse_closed(dbapi: Any, _record: object, _proxy: object) -> None:
    """Have the pool open another connection in the place of one that the server has ended.

    The driver knows of that without asking: a ping would be three more ways to the server and
    back before every transaction.
    """
    if dbapi.driver_connection.is_closed():
        raise DisconnectionError
