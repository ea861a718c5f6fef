"""The company with its data here, and beside a FOSSBilling with all its traps."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contract.companies import (
    Beside,
    Company,
    load_clients,
    load_services,
    open_beside,
    open_embedded,
)
from tests.database import Store, database_at


@pytest.fixture
def empty(store: Store, tmp_path: Path) -> Iterator[str]:
    """A database with the company's clients, who have nothing yet."""
    with database_at(store, tmp_path, load_clients) as url:
        yield url


@pytest.fixture
async def beside(empty: str) -> AsyncIterator[Beside]:
    async with open_beside(empty) as company:
        yield company


@pytest.fixture(params=["embedded", "fossbilling"])
def filled(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[str]:
    """A database for one of the two, after its name."""
    fill = load_services if request.param == "embedded" else load_clients
    with database_at(store, tmp_path, fill) as url:
        yield f"{request.param} {url}"


@pytest.fixture
async def company(filled: str) -> AsyncIterator[Company]:
    kind, url = filled.split(" ", 1)
    if kind == "embedded":
        async with open_embedded(url) as embedded:
            yield embedded
    else:
        async with open_beside(url) as beside:
            yield beside
