"""A company at work for every test, on a real SQLite file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from billing.views.account import ClientInfo
from tests.billing.actions.company import CompanyAtWork, make_company, prepare
from tests.database import open_database


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    return prepare(tmp_path / "company.db")


@pytest.fixture
async def company(prepared: Path) -> AsyncIterator[CompanyAtWork]:
    database = await open_database(prepared)
    yield make_company(database)
    await database.close()


@pytest.fixture
async def twin(prepared: Path, company: CompanyAtWork) -> AsyncIterator[CompanyAtWork]:
    """The same company in another process: the same file through connections of its own."""
    database = await open_database(prepared)
    yield make_company(database, company.clock)
    await database.close()


@pytest.fixture
async def anna(company: CompanyAtWork) -> ClientInfo:
    """The client "anna" as she was loaded."""
    return await company.client("anna")


@pytest.fixture
async def john(company: CompanyAtWork) -> ClientInfo:
    """The client "john" as he was loaded."""
    return await company.client("john")
