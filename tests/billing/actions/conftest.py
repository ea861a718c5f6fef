"""A company at work for every test, once on SQLite and once on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from billing.views.account import ClientInfo
from tests.billing.actions.company import CompanyAtWork, load_company, make_company
from tests.database import BOTH_STORES, Store, connect, database_at


@pytest.fixture(params=BOTH_STORES)
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.param
    return found


@pytest.fixture
def prepared(store: Store, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the company's data."""
    with database_at(store, tmp_path, load_company) as url:
        yield url


@pytest.fixture
def empty(store: Store, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any data."""
    with database_at(store, tmp_path) as url:
        yield url


@pytest.fixture
async def company(prepared: str) -> AsyncIterator[CompanyAtWork]:
    database = await connect(prepared)
    yield make_company(database)
    await database.close()


@pytest.fixture
async def twin(prepared: str, company: CompanyAtWork) -> AsyncIterator[CompanyAtWork]:
    """The same company in another process: the same data through connections of its own."""
    database = await connect(prepared)
    yield make_company(database, company.clock)
    await database.close()


@pytest.fixture
async def anna(company: CompanyAtWork) -> ClientInfo:
    """The client "anna" as she was loaded."""
    return await company.client("anna")


@pytest.fixture
async def john(company: CompanyAtWork) -> ClientInfo:
    """The client "john" as loaded."""
    return await company.client("john")
