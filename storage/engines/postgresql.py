"""PostgreSQL: how its connections are opened and how its transactions begin.

There is one pool. Writers use READ COMMITTED, and lock what must not change meanwhile
(`storage.engines.locks`). Readers of several things use REPEATABLE READ, READ ONLY, so that a
screen shows one moment. A single statement is a transaction by itself.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError

from storage.documents import compact_json
from storage.engines.connection import Engine
from storage.errors import DatabaseError, WaitingPool, meaning_of_state, translate_errors

CONNECTIONS = 10
"""Connections of one process; PostgreSQL's default allows 100 to all processes together."""

WAIT_FOR_CONNECTION_S = 30
"""Seconds that a task waits for a connection of this process."""

CONNECT_TIMEOUT_S = 10

RECYCLE_S = 1800
"""An older connection is replaced, because routers forget idle ones."""

FORSAKEN_S = 60
"""One side gives up after so many seconds of silence: a machine without power or network sends
nothing, and neither does a stopped process."""

SETTINGS = {
    "application_name": "panelik",
    # Compiling a plan pays off only for queries that run for seconds; there are none here.
    "jit": "off",
    # Others wait for the locks of a process that was stopped inside a transaction. No transaction
    # here waits for anything but the database.
    "idle_in_transaction_session_timeout": f"{FORSAKEN_S}s",
    # By default the server notices only after two hours that a machine is gone.
    "tcp_keepalives_idle": str(FORSAKEN_S // 2),
    "tcp_keepalives_interval": str(FORSAKEN_S // 6),
    "tcp_keepalives_count": "3",
}

_KEEPALIVE = {
    "TCP_KEEPIDLE": FORSAKEN_S // 2,
    "TCP_KEEPINTVL": FORSAKEN_S // 6,
    "TCP_KEEPCNT": 3,
    # The same for data that was sent and not received; in milliseconds.
    "TCP_USER_TIMEOUT": FORSAKEN_S * 1000,
}


def with_scheme(text: str) -> str:
    """Replace the short scheme that hosting providers use by SQLAlchemy's."""
    scheme, separator, rest = text.partition("://")
    return f"postgresql{separator}{rest}" if scheme == "postgres" else text


def checked(url: URL) -> URL:
    """The address with its driver; DatabaseError if it names no database.

    `sslmode` is the usual name of the driver's `ssl`; both take the same values.
    """
    if not url.database:
        raise DatabaseError("the address must end with the name of the database")
    if url.drivername not in ("postgresql", "postgresql+asyncpg"):
        raise DatabaseError("the only driver for PostgreSQL is asyncpg: postgresql+asyncpg://")
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)


def name_of(url: URL) -> str:
    """The address without its password."""
    shown_url = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return shown_url.render_as_string()


def make_engines(url: URL) -> tuple[Engine, Engine, Engine, Engine]:
    """The engines of `Engines`: for writing, for reading, and both for single statements."""
    sync_engine = create_engine(
        url,
        poolclass=WaitingPool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        pool_recycle=RECYCLE_S,
        # Errors end up in the log, and parameters contain names and what people write.
        hide_parameters=True,
        json_serializer=compact_json,
        connect_args={"timeout": CONNECT_TIMEOUT_S, "server_settings": SETTINGS},
    )

    def connect(dialect: Any, _record: object, arguments: Any, named: Any) -> Any:
        with _connecting(name_of(url)):
            connection = dialect.connect(*arguments, **named)
        _watch(connection.driver_connection)
        return connection

    event.listen(sync_engine, "do_connect", connect)
    event.listen(sync_engine, "checkout", _refuse_closed)
    event.listen(sync_engine, "handle_error", _hide_detail)
    translate_errors(sync_engine, name_of(url))
    writer = Engine(sync_engine)
    readers = writer.variant(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    single = writer.variant(isolation_level="AUTOCOMMIT")
    return writer, readers, single, single


def _watch(driver: Any) -> None:
    """Let the system end the connection if the server is gone without a word.

    Otherwise the driver would wait for ever, and the tick that uses it would not end.
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

    The errors here come from the network or the driver, without SQLAlchemy's translation.
    """
    try:
        yield
    except TimeoutError as error:
        raise DatabaseError(f"{name}: the server does not answer") from error
    except OSError as error:
        raise DatabaseError(f"{name}: the server cannot be reached ({error})") from error
    except Exception as error:
        state = getattr(error, "sqlstate", None) or ""
        raise DatabaseError(f"{name}: {meaning_of_state(state) or error}") from error


def _hide_detail(context: ExceptionContext) -> None:
    """Remove PostgreSQL's quotation of the row from an error, because errors end up in the log."""
    cause: Any = context.original_exception.__cause__
    if getattr(cause, "detail", None):
        cause.detail = None


def _refuse_closed(dbapi: Any, _record: object, _proxy: object) -> None:
    """Let the pool replace a connection that the server has ended.

    The driver knows about it without a query; a ping would be three more round trips before every
    transaction.
    """
    if dbapi.driver_connection.is_closed():
        raise DisconnectionError
