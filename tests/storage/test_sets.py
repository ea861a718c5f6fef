"""Many values as one parameter arrive in either store as they were given."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import BigInteger, Date, String, select

from storage.database import Database
from storage.sets import among, row_set
from storage.tables.accounts import clients
from storage.types import UTCDateTime
from tests.storage.company import add_client

ROWS = [
    (2**53 + 1, date(2027, 2, 28), datetime(2027, 3, 28, 0, 59, 59, 999_999, UTC), "zażółć \"'\\"),
    (-1, date(1999, 1, 1), datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=5.75))), ""),
    (0, None, None, None),
]


async def read(database: Database, rows: list[Any]) -> list[tuple[Any, ...]]:
    async with database.engines.readers.connect() as connection:
        given = row_set(
            connection.dialect.name,
            number=BigInteger(),
            day=Date(),
            at=UTCDateTime(),
            text=String(),
        )
        found = await connection.execute(
            select(given.table), given.parameters(rows, connection.dialect)
        )
        return [tuple(row) for row in found]


async def test_rows_arrive_in_their_order(database: Database) -> None:
    assert await read(database, ROWS) == ROWS


async def test_no_rows_are_none(database: Database) -> None:
    assert await read(database, []) == []


@pytest.mark.parametrize("wanted", [(), (0,), (0, 2), (2, 2, 0)])
async def test_ids_choose_among_rows(database: Database, wanted: tuple[int, ...]) -> None:
    ids = [await add_client(database, f"c{number}") for number in range(3)]
    chosen = [ids[place] for place in wanted]
    async with database.engines.readers.connect() as connection:
        found = (
            await connection.execute(select(clients.c.id).where(among(clients.c.id, chosen)))
        ).scalars()
        others = await connection.execute(select(clients.c.id).where(~among(clients.c.id, chosen)))
        assert set(found) == set(chosen)
        assert set(others.scalars()) == set(ids) - set(chosen)
