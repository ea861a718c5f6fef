import asyncio
from datetime import timedelta

from storage.database import Database
from storage.leases import Lease
from tests.make import NOW

SOON = NOW + timedelta(seconds=30)


async def test_a_second_owner_waits_until_the_lease_is_given_back(database: Database) -> None:
    leases = database.leases
    assert await leases.holder("poller") is None
    assert await leases.acquire("poller", "a", now=NOW, until=SOON)
    assert not await leases.acquire("poller", "b", now=NOW, until=SOON)
    assert await leases.acquire("sender", "b", now=NOW, until=SOON)
    assert await leases.holder("poller") == Lease("poller", "a", NOW, SOON)
    await leases.release("poller", "b")
    assert not await leases.acquire("poller", "b", now=NOW, until=SOON)
    await leases.release("poller", "a")
    assert await leases.acquire("poller", "b", now=NOW, until=SOON)


async def test_an_expired_lease_is_free(database: Database) -> None:
    leases = database.leases
    later = SOON + timedelta(seconds=30)
    await leases.acquire("poller", "a", now=NOW, until=SOON)
    assert not await leases.acquire("poller", "b", now=SOON - timedelta(seconds=1), until=later)
    assert await leases.acquire("poller", "b", now=SOON, until=later)
    assert not await leases.acquire("poller", "a", now=SOON, until=later)


async def test_a_renewed_lease_is_kept(database: Database) -> None:
    leases = database.leases
    later = SOON + timedelta(seconds=30)
    await leases.acquire("poller", "a", now=NOW, until=SOON)
    assert await leases.acquire("poller", "a", now=SOON, until=later)
    assert await leases.holder("poller") == Lease("poller", "a", NOW, later)
    assert not await leases.acquire("poller", "b", now=SOON, until=later)


async def test_of_many_who_want_a_lease_at_once_one_gets_it(database: Database) -> None:
    other = await Database.open(str(database.engines.url), migrate=False)
    wanted = [(mine, owner) for mine in (database, other) for owner in ("a", "b", "c")]
    taken = await asyncio.gather(
        *(
            mine.leases.acquire("poller", f"{owner}{number}", now=NOW, until=SOON)
            for number, (mine, owner) in enumerate(wanted)
        )
    )
    await other.close()
    assert sum(taken) == 1
