"""A real database for a test: migrated and filled once per run, copied for everybody who asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.engines.engine import open_engines, parse_url
from storage.migrate import migrate
from storage.tables.messages import digests
from storage.tables.states import SendState
from tests import postgresql


class Store(StrEnum):
    """Where the data is."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


BOTH_STORES = [Store.SQLITE, pytest.param(Store.POSTGRESQL, marks=pytest.mark.slow)]
"""A thousand tests run on both. The second time counts as slow: `make test` takes SQLite."""

on_both_stores = pytest.mark.parametrize("store", BOTH_STORES)
"""For a test or a module whose database comes from the fixture `store`."""

only_on_sqlite = pytest.mark.parametrize("store", [Store.SQLITE])
only_on_postgresql = pytest.mark.parametrize("store", [Store.POSTGRESQL])

Fill = Callable[[str], Coroutine[Any, Any, object]]
"""Fills the migrated database at a URL; the same function is asked once per process."""


async def nothing(_url: str) -> None:
    """Leave the database empty."""


@contextmanager
def database_at(store: Store, folder: Path, fill: Fill = nothing) -> Iterator[str]:
    """The URL of a database of one's own; call it outside of an event loop."""
    if store is Store.POSTGRESQL:
        with postgresql.copy(_filled_database(fill)) as url:
            yield url
    else:
        yield file_at(folder / "panelik.db", fill)


@asynccontextmanager
async def database_while(store: Store, folder: Path, fill: Fill = nothing) -> AsyncIterator[str]:
    """The same from inside of an event loop."""
    database = database_at(store, folder, fill)
    url = await asyncio.to_thread(database.__enter__)
    try:
        yield url
    finally:
        await asyncio.to_thread(database.__exit__, None, None, None)


def file_at(path: Path, fill: Fill = nothing) -> str:
    """The URL of such a database as a file of SQLite."""
    path.write_bytes(_filled_file(fill))
    return f"sqlite:///{path}"


@cache
def _filled_file(fill: Fill) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "filled.db"
        if fill is not nothing:
            path.write_bytes(_filled_file(nothing))
        asyncio.run(_fill(f"sqlite:///{path}", fill))
        return path.read_bytes()


@cache
def _filled_database(fill: Fill) -> str:
    name = postgresql.make("template0" if fill is nothing else _filled_database(nothing))
    asyncio.run(_fill(postgresql.address(name), fill))
    return name


async def _fill(url: str, fill: Fill) -> None:
    await migrate(url)
    await fill(url)


async def connect(url: str) -> Database:
    """Connect to a database that is migrated; the caller closes it.

    Whether it is migrated is not asked: for a thousand tests the answer is known.
    """
    return Database(open_engines(parse_url(url)))


def make_database(path: Path) -> str:
    """Write an empty, migrated database and return its URL."""
    return file_at(path)


async def open_database(path: Path) -> Database:
    """Open the file at a path, an empty one unless it exists; the caller closes it."""
    # The first one is migrated in an event loop of its own.
    return await connect(await asyncio.to_thread(_url, path))


def _url(path: Path) -> str:
    return f"sqlite:///{path}" if path.exists() else file_at(path)


async def waiting_digests(uow: Any) -> list[tuple[int, datetime]]:
    """The users with a digest that waits, and when it is due; the next one comes first."""
    d = digests.c
    waiting = select(d.user_id, d.due_at).where(d.state == SendState.WAITING).order_by(d.due_at)
    return [(row.user_id, row.due_at) for row in await uow.digests.connection.execute(waiting)]
