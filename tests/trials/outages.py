"""What happens to databases: each outage breaks one for some seconds, and mends it."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from tests.database import Store
from tests.trials.members import PRAGMAS
from tests.trials.stores import Broken

Break = Callable[[Broken], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Outage:
    """Something that breaks a database; it lasts so many `seconds`, once or again and again.

    `is_seen` if a process cannot but notice it, so that it is not ready meanwhile; `is_wired` if
    it needs a wire to the server.
    """

    name: str
    store: Store
    breaks: Break
    seconds: float = 4.0
    is_seen: bool = True
    is_wired: bool = False

    def __str__(self) -> str:
        return self.name


@asynccontextmanager
async def _stopped(broken: Broken, *, how: str) -> AsyncIterator[None]:
    server = broken.server
    assert server is not None
    await asyncio.to_thread(server.stop, how)
    yield
    await asyncio.to_thread(server.start)


@asynccontextmanager
async def _slow(broken: Broken) -> AsyncIterator[None]:
    assert broken.wire is not None
    broken.wire.delay = 0.03
    yield
    broken.wire.delay = 0.0


@asynccontextmanager
async def _stalled(broken: Broken) -> AsyncIterator[None]:
    assert broken.wire is not None
    broken.wire.flows.clear()
    yield
    broken.wire.flows.set()


@asynccontextmanager
async def _standby(broken: Broken) -> AsyncIterator[None]:
    """As after a failover that has led to a standby."""
    setting = "ALTER SYSTEM SET default_transaction_read_only = {}"
    await broken.run(setting.format("on"), "SELECT pg_reload_conf()")
    yield
    await broken.run(setting.format("off"), "SELECT pg_reload_conf()")


@asynccontextmanager
async def _crowded(broken: Broken) -> AsyncIterator[None]:
    """Others take every connection, after those of the processes have ended."""
    taken: list[Any] = []
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'panelik'"
    )
    try:
        await _take_all(broken, taken)
        await taken[0].execute(end)
        await _take_all(broken, taken)
        yield
    finally:
        for connection in taken:
            await connection.close()


async def _take_all(broken: Broken, taken: list[Any]) -> None:
    with suppress(asyncpg.TooManyConnectionsError):
        while True:
            taken.append(await asyncpg.connect(broken.plain_url))


@asynccontextmanager
async def _full_server(broken: Broken) -> AsyncIterator[None]:
    if broken.small is not None:
        async with _filled(broken.small):
            yield
        return
    # The server itself says so, at the same place, with the same state.
    await broken.run(_REFUSE, _REFUSE_EVERYWHERE)
    yield
    await broken.run("DROP FUNCTION disk_full() CASCADE")


_REFUSE = """
CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$
"""

_REFUSE_EVERYWHERE = """
DO $$ DECLARE t regclass; BEGIN
FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
LOOP EXECUTE format('CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON %s'
' FOR EACH ROW EXECUTE FUNCTION disk_full()', t); END LOOP; END $$
"""


@asynccontextmanager
async def _filled(place: Path) -> AsyncIterator[None]:
    """Fill a file system to the last byte."""
    filler = place / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)) == 4096:
            pass
    try:
        yield
    finally:
        filler.unlink()


@asynccontextmanager
async def _locked(broken: Broken) -> AsyncIterator[None]:
    other = _other(broken)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    yield
    other.close()


@asynccontextmanager
async def _busy(broken: Broken) -> AsyncIterator[None]:
    """Another process writes most of the time."""
    async with _again(partial(_write_long, broken)):
        yield


@asynccontextmanager
async def _checkpointed(broken: Broken) -> AsyncIterator[None]:
    """Another process empties the write-ahead log again and again, as a backup does."""
    async with _again(partial(_checkpoint, broken)):
        yield


@asynccontextmanager
async def _again(act: Callable[[], None]) -> AsyncIterator[None]:
    is_over = asyncio.Event()

    async def repeat() -> None:
        while not is_over.is_set():
            await asyncio.to_thread(act)

    task = asyncio.create_task(repeat())
    yield
    is_over.set()
    await task


def _other(broken: Broken) -> sqlite3.Connection:
    """The connection of another process, in whichever thread."""
    assert broken.file is not None
    return sqlite3.connect(broken.file, isolation_level=None, timeout=30, check_same_thread=False)


def _write_long(broken: Broken) -> None:
    other = _other(broken)
    other.execute("BEGIN IMMEDIATE")
    other.execute("SELECT count(*) FROM services").fetchone()
    time.sleep(0.3)
    other.execute("COMMIT")
    other.close()
    time.sleep(0.05)


def _checkpoint(broken: Broken) -> None:
    other = _other(broken)
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    other.close()


@asynccontextmanager
async def _pragma(broken: Broken, *, on: str, off: str) -> AsyncIterator[None]:
    pragmas = broken.home / PRAGMAS
    pragmas.write_text(f"PRAGMA {on}")
    yield
    pragmas.write_text(f"PRAGMA {off}")


_read_only = partial(_pragma, on="query_only=ON", off="query_only=OFF")


@asynccontextmanager
async def _full_file(broken: Broken) -> AsyncIterator[None]:
    if broken.small is not None:
        # There is room in a log that has grown before.
        await asyncio.to_thread(_checkpoint, broken)
        async with _filled(broken.small):
            yield
        return
    # It cannot be less than it is: the file does not grow.
    async with _pragma(broken, on="max_page_count=1", off="max_page_count=4294967294"):
        yield


OUTAGES = (
    Outage("restarts", Store.POSTGRESQL, partial(_stopped, how="fast"), 2.0),
    Outage("crashes", Store.POSTGRESQL, partial(_stopped, how="immediate"), 2.0),
    Outage("a slow server", Store.POSTGRESQL, _slow, is_seen=False, is_wired=True),
    Outage("a stalled server", Store.POSTGRESQL, _stalled, 12.0, is_wired=True),
    Outage("a standby", Store.POSTGRESQL, _standby),
    Outage("no connections left", Store.POSTGRESQL, _crowded),
    Outage("a full disk", Store.POSTGRESQL, _full_server),
    Outage("a lock", Store.SQLITE, _locked, 20.0),
    Outage("a busy writer", Store.SQLITE, _busy, is_seen=False),
    Outage("checkpoints", Store.SQLITE, _checkpointed, is_seen=False),
    Outage("a read-only file", Store.SQLITE, _read_only),
    Outage("a full disk", Store.SQLITE, _full_file),
)
