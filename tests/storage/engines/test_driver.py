"""The driver: one call per statement, transactions that begin late and never stay open."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from aiosqlite import Connection
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import greenlet_spawn

from billing.ports.conversations import Talk
from storage.database import Database
from storage.engines.sqlite import BUSY_TIMEOUT_MS, WAL_ATTEMPTS, _switch_to_wal
from storage.errors import DatabaseError
from tests.database import Store
from tests.make import NOW


@pytest.fixture
def store() -> Store:
    return Store.SQLITE


def calls_of(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everything that threads of connections are asked to do from now on."""
    asked: list[object] = []
    execute: Any = Connection._execute

    async def noting(self: Connection, work: object, *arguments: object) -> object:
        asked.append(work)
        return await execute(self, work, *arguments)

    monkeypatch.setattr(Connection, "_execute", noting)
    return asked


async def test_a_read_asks_no_thread(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.work.reading() as uow:
        await uow.users.visitor(7)
    asked = calls_of(database, monkeypatch)
    async with database.work.reading() as uow:
        await uow.users.visitor(7)
        await uow.users.linked_clients(7)
    assert asked == []


async def test_a_write_is_one_call_per_statement_and_one_for_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.work.writing() as uow:
        await uow.users.visitor(7)
    asked = calls_of(database, monkeypatch)
    async with database.work.writing() as uow:
        await uow.users.visitor(7)
        await uow.users.linked_clients(7)
        await uow.commit()
    assert len(asked) == 3


async def test_a_single_statement_is_written_by_one_call(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(7, 7)
    await database.conversations.note_keyboard(talk, 1, consumed=0, at=NOW)
    asked = calls_of(database, monkeypatch)
    await database.conversations.note_keyboard(talk, 2, consumed=0, at=NOW)
    assert len(asked) == 1
    monkeypatch.undo()
    assert (await database.conversations.load(talk)).keyboard_id == 2


async def test_a_writer_who_holds_the_lock_keeps_no_reader_waiting(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.settings_store.set("key", "value")
    assert await database.settings_store.get("key") == "value"
    asked = calls_of(database, monkeypatch)
    other = sqlite3.connect(tmp_path / "panelik.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE kept_settings SET value = 'other'")
    assert await database.settings_store.get("key") == "value"
    other.execute("COMMIT")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert await database.settings_store.get("key") == "other"
    other.close()
    assert asked == []


async def test_a_reader_that_meets_a_lock_waits_for_it_in_its_thread(database: Database) -> None:
    places: list[tuple[int, int]] = []

    def work(connection: sqlite3.Connection) -> str:
        (timeout,) = connection.execute("PRAGMA busy_timeout").fetchone()
        places.append((threading.get_ident(), timeout))
        if len(places) == 1:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY_RECOVERY
            raise error
        return "read"

    async with database.engines.readers.connect() as connection:
        driver: Any = await connection.run_sync(lambda sync: sync.connection.dbapi_connection)
        assert await greenlet_spawn(driver.call, work) == "read"
        assert await greenlet_spawn(driver.call, work) == "read"
    here = threading.get_ident()
    (first, nothing), (second, patient), (third, again) = places
    assert (first, second == here, third) == (here, False, here)
    assert (nothing, patient, again) == (0, BUSY_TIMEOUT_MS, 0)


async def test_while_the_file_is_locked_for_readers_the_loop_goes_on(
    database: Database, tmp_path: Path
) -> None:
    await database.settings_store.set("key", "value")
    await database.engines.dispose()
    other = sqlite3.connect(tmp_path / "panelik.db", isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("UPDATE kept_settings SET value = 'other'")
    reading = asyncio.create_task(database.settings_store.get("key"))
    for _ in range(50):
        await asyncio.sleep(0.001)
    assert not reading.done()
    other.close()
    assert await reading == "other"


async def test_a_slow_query_goes_to_the_thread_and_still_reads_the_same_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                    "WHERE i < 300000) SELECT count(*), (SELECT count(*) FROM kept_settings) "
                    "FROM n")  # fmt: skip
    values = text("SELECT count(*) FROM kept_settings")
    await database.settings_store.set("first", "value")
    async with database.engines.readers.connect() as connection:
        assert (await connection.execute(values)).scalar() == 1
        asked = calls_of(database, monkeypatch)
        await database.settings_store.set("key", "value")
        before = len(asked)
        assert (await connection.execute(counting)).one() == (300_000, 1)
        assert len(asked) == before + 1
        assert (await connection.execute(values)).scalar() == 1
    assert await database.settings_store.get("key") == "value"


async def test_a_reader_who_is_cancelled_in_its_thread_leaves_a_connection_that_reads(
    database: Database,
) -> None:
    forever = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                   "WHERE i < 3000000) SELECT count(*) FROM n")  # fmt: skip

    async def read() -> None:
        async with database.engines.readers.connect() as connection:
            await connection.execute(forever)

    task = asyncio.create_task(read())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.gather(*(database.settings_store.get("key") for _ in range(20)))


async def test_a_transaction_without_statements_asks_nothing_of_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.work.writing() as uow:
        await uow.users.visitor(7)
    asked = calls_of(database, monkeypatch)
    async with database.work.writing() as uow:
        await uow.commit()
    assert asked == []


@pytest.mark.slow
async def test_rows_are_read_one_by_one_several_at_a_time_and_all_that_are_left(
    database: Database,
) -> None:
    numbers = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 7) "
                   "SELECT i FROM n")  # fmt: skip
    async with database.engines.readers.connect() as connection:
        rows = await connection.execute(numbers)
        assert rows.scalars().fetchmany(2) == [1, 2]
        rows = await connection.execute(numbers)
        assert rows.fetchone() == (1,)
        assert rows.fetchmany(2) == [(2,), (3,)]
        assert rows.fetchall() == [(4,), (5,), (6,), (7,)]
        assert rows.fetchone() is None


async def test_a_writer_who_is_cancelled_while_the_database_works_leaves_nothing(
    database: Database,
) -> None:
    loop, at_work, release = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def work() -> str:
        loop.call_soon_threadsafe(at_work.set)
        release.wait()
        return "value"

    async def write() -> None:
        async with database.engines.writer.begin() as connection:
            driver: Any = await connection.run_sync(lambda sync: sync.connection.driver_connection)
            await driver.create_function("work", 0, work)
            await connection.execute(text("INSERT INTO kept_settings VALUES ('key', work())"))

    task = asyncio.create_task(write())
    await at_work.wait()
    task.cancel()
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.settings_store.set("other", "value")
    assert await database.settings_store.get("key") is None


async def test_after_a_statement_that_failed_the_transaction_can_still_be_undone(
    database: Database,
) -> None:
    async def write_twice() -> None:
        async with database.engines.writer.begin() as connection:
            for _ in range(2):
                await connection.execute(text("INSERT INTO kept_settings VALUES ('key', 'value')"))

    with pytest.raises(IntegrityError):
        await write_twice()
    assert await database.settings_store.get("key") is None


async def test_a_transaction_that_found_the_database_locked_begins_at_the_next_statement(
    database: Database, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "panelik.db", isolation_level=None)
    async with database.engines.writer.connect() as connection:
        await connection.execute(text("PRAGMA busy_timeout=10"))
        await connection.rollback()
        other.execute("BEGIN IMMEDIATE")
        await connection.begin()
        with pytest.raises(DatabaseError, match="writing for too long"):
            await connection.execute(text("DELETE FROM kept_settings"))
        other.execute("COMMIT")
        other.close()
        await connection.execute(text("INSERT INTO kept_settings VALUES ('key', 'value')"))
    assert await database.settings_store.get("key") is None


class Refusing:
    """A cursor whose database another process is switching to WAL just now."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    def execute(self, statement: str) -> None:
        if statement.endswith("=WAL"):
            self.refusals -= 1
            raise sqlite3.OperationalError("database is locked")

    def fetchone(self) -> tuple[str]:
        return ("wal" if self.refusals <= 0 else "delete",)


@pytest.mark.slow
def test_switching_to_wal_waits_for_another_process_that_does_the_same() -> None:
    _switch_to_wal(Refusing(3))
    with pytest.raises(sqlite3.OperationalError):
        _switch_to_wal(Refusing(WAL_ATTEMPTS + 1))
