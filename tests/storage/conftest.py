"""A fresh database for every test, once on SQLite and once on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.database import Store, connect, database_at


@pytest.fixture(params=Store)
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.param
    return found


@pytest.fixture
def url(store: Store, tmp_path: Path) -> Iterator[str]:
    """A migrated database without any data."""
    with database_at(store, tmp_path) as found:
        yield found


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await connect(url)
    yield opened
    await opened.close()


@pytest.fixture
async def twin(url: str) -> AsyncIterator[Database]:
    """The same database as another process opens it."""
    opened = await connect(url)
    yield opened
    await opened.close()
