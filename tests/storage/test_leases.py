"""Leases on both stores: on SQLite by the time that is given, on PostgreSQL by the database's."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from storage.database import Database
from storage.leases import Lease
from storage.tables.running import leases as table
from tests.database import Store
from tests.make import NOW

LENGTH = timedelta(seconds=30)
OVER = timedelta()


async def take(
    database: Database, owner: str, *, now: datetime = NOW, length: timedelta = LENGTH
) -> bool:
    return await database.leases.acquire("poller", owner, now=now, length=length)


async def holder(database: Database) -> Lease | None:
    return await database.leases.holder("poller", now=NOW)


async def owner(database: Database) -> str:
    lease = await holder(database)
    return lease.owner if lease else ""


async def written_ahead(database: Database, store: Store, by: timedelta) -> None:
    """A lease of `a` that was taken while the clock was ahead."""
    if store is Store.SQLITE:
        assert await take(database, "a", now=NOW + by)
        return
    assert await take(database, "a")
    async with database.engines.writer.begin() as connection:
        await connection.execute(update(table).values(expires_at=datetime.now(UTC) + by))


async def test_a_second_owner_waits_until_the_lease_is_given_back(database: Database) -> None:
    assert await holder(database) is None
    assert await take(database, "a")
    assert not await take(database, "b")
    assert await database.leases.acquire("sender", "b", now=NOW, length=LENGTH)
    assert await owner(database) == "a"
    await database.leases.release("poller", "b")
    assert not await take(database, "b")
    await database.leases.release("poller", "a")
    assert await take(database, "b")


async def test_a_lease_that_has_ended_is_free(database: Database) -> None:
    await take(database, "a", length=OVER)
    lease = await holder(database)
    assert lease is not None
    assert (lease.owner, lease.left) == ("a", OVER)
    assert await take(database, "b")
    assert not await take(database, "a")


async def test_a_lease_ends_after_its_length_and_not_before(
    database: Database, store: Store
) -> None:
    await take(database, "a")
    lease = await holder(database)
    assert lease is not None
    assert timedelta() < lease.left <= LENGTH
    if store is Store.SQLITE:
        assert lease == Lease("poller", "a", NOW, LENGTH)
        assert not await take(database, "b", now=NOW + LENGTH - timedelta(seconds=1))
        assert await take(database, "b", now=NOW + LENGTH)


async def test_a_renewed_lease_is_kept(database: Database) -> None:
    await take(database, "a", length=OVER)
    before = await holder(database)
    assert await take(database, "a")
    after = await holder(database)
    assert before is not None
    assert after is not None
    assert after.taken_at == before.taken_at
    assert after.left > OVER
    assert not await take(database, "b")


async def test_one_of_many_simultaneous_processes_gets_the_lease(database: Database) -> None:
    other = await Database.open(str(database.engines.url), migrate=False)
    wanted = [(mine, owner) for mine in (database, other) for owner in ("a", "b", "c")]
    taken = await asyncio.gather(
        *(take(mine, f"{owner}{number}") for number, (mine, owner) in enumerate(wanted))
    )
    await other.close()
    assert sum(taken) == 1


async def test_one_that_was_written_by_a_wrong_clock_ends_after_its_length_too(
    database: Database, store: Store
) -> None:
    await written_ahead(database, store, timedelta(days=3))
    assert not await take(database, "b")
    assert await database.leases.shorten("poller", now=NOW, length=LENGTH)
    lease = await holder(database)
    assert lease is not None
    assert lease.owner == "a", "its owner may still be at work"
    assert lease.left <= LENGTH
    assert not await database.leases.shorten("poller", now=NOW, length=LENGTH)
    assert await database.leases.shorten("poller", now=NOW, length=OVER)
    assert await take(database, "b")


async def test_the_time_of_the_machines_does_not_matter_on_postgresql(
    database: Database, store: Store
) -> None:
    await take(database, "a", now=NOW + timedelta(days=3))
    later = NOW + timedelta(days=4)
    free = await take(database, "b", now=later)
    assert free == (store is Store.SQLITE)
