"""Which errors tell that the database cannot be used, and which are faults of our statements."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import probe
from storage.database import Database
from storage.engines import postgresql, sqlite
from storage.errors import DatabaseError, meaning_of_state
from tests.database import on_both_stores, only_on_postgresql, only_on_sqlite


def tell(database: Database, pragma: str) -> None:
    """Let connections that begin to write have a pragma from now on."""

    def obey(dbapi: Any, *_: Any) -> None:
        dbapi.call(lambda connection: connection.execute(f"PRAGMA {pragma}"))

    event.listen(database.engines.writer.sync_engine, "checkout", obey)


async def write(database: Database) -> None:
    await database.settings_store.set("key", "value" * 100_000)


@only_on_sqlite
async def test_a_file_that_is_read_only_is_told_and_used_again_when_it_can_be_written_to(
    database: Database,
) -> None:
    tell(database, "query_only=ON")
    with pytest.raises(DatabaseError, match="may not be written to"):
        await database.probe.write()
    await database.probe.read()
    tell(database, "query_only=OFF")
    await database.probe.write()


@only_on_sqlite
async def test_a_disk_that_is_full_is_told(database: Database) -> None:
    tell(database, "max_page_count=1")
    with pytest.raises(DatabaseError, match="the disk is full"):
        await write(database)
    tell(database, "max_page_count=1000000")
    await write(database)


@pytest.mark.slow
@only_on_sqlite
async def test_a_lock_that_is_kept_is_told_and_the_probe_does_not_wait_for_its_end(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(tmp_path / "panelik.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(probe, "PATIENCE", 0.05)
    with pytest.raises(DatabaseError, match="it has not answered for"):
        await database.probe.write()
    await database.probe.read()
    other.close()
    monkeypatch.setattr(probe, "PATIENCE", 5.0)
    await database.probe.write()


@only_on_postgresql
async def test_a_server_that_only_lets_read_is_told(database: Database) -> None:
    name = str(database.engines.url.database)
    async with database.engines.single_writer.connect() as connection:
        change = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
        await connection.execute(text(change))
    await database.engines.dispose()
    with pytest.raises(DatabaseError, match="only lets read"):
        await database.probe.write()
    await database.probe.read()


@on_both_stores
async def test_a_reader_that_tries_to_write_is_our_fault(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        async with database.engines.readers.connect() as connection:
            await connection.execute(text("DELETE FROM kept_settings"))


@on_both_stores
async def test_a_statement_that_is_wrong_is_our_fault(database: Database) -> None:
    for wrong in ("SELECT nothing FROM kept_settings", "SELECT * FROM no_table", "SELEC 1"):
        with pytest.raises(DBAPIError):
            async with database.engines.single.connect() as connection:
                await connection.execute(text(wrong))
    twice = text("INSERT INTO kept_settings (key, value) VALUES ('a', 'b'), ('a', 'c')")
    with pytest.raises(IntegrityError):
        async with database.engines.writer.begin() as connection:
            await connection.execute(twice)


@on_both_stores
async def test_a_pool_without_a_free_connection_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for store in (sqlite, postgresql):
        monkeypatch.setattr(store, "WAIT_FOR_CONNECTION_S", 0.05)
    monkeypatch.setattr(postgresql, "CONNECTIONS", 1)
    url = database.engines.url.render_as_string(hide_password=False)
    other = await Database.open(url, migrate=False)
    async with other.engines.writer.begin() as connection:
        await connection.execute(text("SELECT 1"))
        with pytest.raises(DatabaseError, match="no connection to the database was free in time"):
            await other.settings_store.set("key", "value")
    await other.settings_store.set("key", "value")
    await other.close()


@on_both_stores
async def test_who_is_cancelled_is_cancelled(database: Database) -> None:
    writing = asyncio.create_task(write(database))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await write(database)


@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        ("53100", "the disk of the server is full"),
        ("53200", "the server has no memory, disk or connections left"),
        ("53300", "the server has too many connections already"),
        ("25006", "the server only lets read"),
        ("57P01", "the server was stopped"),
        ("57P03", "the server is starting or stopping"),
        ("08006", "the connection to the server was lost"),
        ("58030", "the disk of the server does not answer"),
    ],
)
def test_states_of_a_server_that_cannot_be_used(state: str, meaning: str) -> None:
    assert (meaning_of_state(state) or "").startswith(meaning)


@pytest.mark.parametrize(
    "state", ["23505", "42P01", "42703", "40P01", "40001", "22001", "XX000", ""]
)
def test_states_that_waiting_does_not_change(state: str) -> None:
    assert meaning_of_state(state) is None
