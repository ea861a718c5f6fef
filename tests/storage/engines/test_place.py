"""The file of a SQLite database is in its place, or nothing is written and nothing is made."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from storage.database import Database
from storage.engines.place import Place
from storage.errors import DatabaseError, NoDatabaseError
from tests.database import connect, file_at, make_database
from tests.make import NOW

Change = Callable[[Path], object]


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced(path: Path) -> None:
    file_at(path.with_name("other.db"))
    path.with_name("other.db").replace(path)


async def write(database: Database) -> None:
    async with database.work.writing() as uow:
        await uow.link_codes.record_failure(7, at=NOW)
        await uow.commit()


async def read(database: Database) -> None:
    async with database.work.reading() as uow:
        await uow.users.visitor(7)


async def keep(database: Database) -> None:
    await database.settings_store.set("key", "value")


@pytest.mark.parametrize("change", [moved, replaced, Path.unlink])
@pytest.mark.parametrize("use", [write, read, keep])
async def test_a_file_that_is_gone_is_neither_written_nor_read(
    tmp_path: Path, change: Change, use: Callable[[Database], Awaitable[None]]
) -> None:
    path = tmp_path / "panelik.db"
    url = await asyncio.to_thread(make_database, path)
    database = await connect(url)
    try:
        await use(database)
        await asyncio.to_thread(change, path)
        size = path.stat().st_size if path.exists() else None
        with pytest.raises(DatabaseError, match="moved, replaced or deleted"):
            await use(database)
        with pytest.raises(DatabaseError, match="moved, replaced or deleted"):
            database.check_place()
    finally:
        with suppress(DatabaseError):
            await database.close()
    assert (path.stat().st_size if path.exists() else None) == size


async def test_a_connection_that_is_opened_late_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "panelik.db"
    database = await connect(await asyncio.to_thread(make_database, path))
    await write(database)
    path.unlink()
    with pytest.raises(DatabaseError, match="moved, replaced or deleted"):
        await read(database)
    await database.close()
    assert not path.exists()


async def test_a_file_that_comes_back_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "panelik.db"
    database = await connect(await asyncio.to_thread(make_database, path))
    await write(database)
    away = path.rename(tmp_path / "elsewhere.db")
    with pytest.raises(DatabaseError):
        await write(database)
    away.rename(path)
    await write(database)
    await database.close()


@pytest.mark.slow
async def test_a_database_is_made_only_where_one_may(tmp_path: Path) -> None:
    path = tmp_path / "panelik.db"
    url = f"sqlite:///{path}"
    with pytest.raises(NoDatabaseError, match=r"panelik\.db does not exist"):
        await Database.open(url, make=False)
    assert not path.exists()
    made = await Database.open(url)
    assert made.is_new
    await made.close()
    again = await Database.open(url, make=False)
    assert not again.is_new
    await again.close()


def test_a_name_with_any_characters_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a b?c#d%20é.db"
    assert Place(path).make()
    assert path.exists()
    assert " " not in Place(path).address
    assert "?mode=rw" in Place(path).address


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "panelik.db").mkdir()
    with pytest.raises(DatabaseError):
        Place(tmp_path / "panelik.db" / "x" / "y").make()
