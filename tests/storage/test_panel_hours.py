"""The calls of an hour that processes share, by the time that is given or the database's own."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from billing.ports.panel_hours import CallsGiven
from storage.database import Database
from storage.tables.running import panel_hours as table
from tests.database import Store
from tests.make import NOW

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


async def give(database: Database, calls: int, *, most: int = 100) -> CallsGiven:
    return await database.panel_hours.give(calls, most=most, now=NOW)


async def counts(database: Database, calls: int, *, most: int = 100) -> tuple[int, int]:
    lot = await give(database, calls, most=most)
    return lot.calls, lot.before


async def began(database: Database, store: Store, ago: timedelta) -> None:
    """Let the hour have begun so long ago, or later than now."""
    now = NOW if store is Store.SQLITE else datetime.now(UTC)
    async with database.engines.writer.begin() as connection:
        await connection.execute(update(table).values(began_at=now - ago))


async def test_all_get_no_more_than_there_are(database: Database, twin: Database) -> None:
    assert await counts(database, 60) == (60, 0)
    assert await counts(twin, 60) == (40, 60)
    assert await counts(database, 60) == (0, 100)
    assert await counts(database, 60, most=110) == (10, 100)
    # Fewer than were given already are none, not less than none.
    assert await counts(twin, 60, most=50) == (0, 110)


async def test_at_once_none_is_given_twice(database: Database, twin: Database) -> None:
    both = [database, twin]
    lots = await asyncio.gather(*(give(both[number % 2], 7) for number in range(20)))
    assert sum(lot.calls for lot in lots) == 100
    assert len({lot.before for lot in lots if lot.calls}) == 15


async def test_it_ends_an_hour_after_its_first_call(database: Database, store: Store) -> None:
    assert 3599 <= (await give(database, 100)).seconds <= 3600
    await began(database, store, HOUR - 10 * SECOND)
    lot = await give(database, 1)
    assert (lot.calls, lot.before) == (0, 100)
    assert 9 <= lot.seconds <= 10
    await began(database, store, HOUR)
    lot = await give(database, 1)
    assert (lot.calls, lot.before) == (1, 0)
    assert 3599 <= lot.seconds <= 3600


async def test_one_that_a_fast_clock_began_ends_within_an_hour(
    database: Database, store: Store
) -> None:
    await give(database, 100)
    await began(database, store, -24 * HOUR)
    lot = await give(database, 1)
    assert (lot.calls, lot.before) == (0, 100)
    assert 3599 <= lot.seconds <= 3600
