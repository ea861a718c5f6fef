import asyncio
from datetime import timedelta

from billing.ports.access import EmailCodeCounts, EmailCodeResult
from storage.database import Database
from tests.make import NOW
from tests.storage.company import add_client

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANNA = "anna@anna.example"


async def add(database: Database, user_id: int, email: str = ANNA, *, minutes: int = 0) -> None:
    at = NOW + minutes * MINUTE
    async with database.work.writing() as uow:
        await uow.email_codes.add(user_id, email, "pl", at=at, expires_at=at + 10 * MINUTE)
        await uow.commit()


async def test_one_of_many_processes_claims_a_code_for_a_lease(database: Database) -> None:
    await add(database, 7)

    async def claim() -> bool:
        async with database.work.writing() as uow:
            row = await uow.email_codes.claim(NOW, lease_until=NOW + MINUTE)
            await uow.commit()
        return row is not None

    assert sorted(await asyncio.gather(*(claim() for _ in range(5)))) == [False] * 4 + [True]
    async with database.work.writing() as uow:
        assert not await uow.email_codes.has_due(NOW)
        assert await uow.email_codes.has_due(NOW + MINUTE)
        row = await uow.email_codes.claim(NOW + MINUTE, lease_until=NOW + HOUR)
        assert row is not None
        assert (row.user_id, row.email, row.attempts, row.code_hash) == (7, ANNA, 2, None)


async def test_what_is_counted_is_what_was_not_given_up(database: Database) -> None:
    for user, email, minutes in ((7, ANNA, -90), (7, ANNA, 0), (7, "b@b.pl", 1), (8, ANNA, 2)):
        await add(database, user, email, minutes=minutes)
    async with database.work.writing() as uow:
        count = uow.email_codes.count
        assert await count(7, ANNA, since=NOW - HOUR) == EmailCodeCounts(2, 2, 3)
        newest = await uow.email_codes.newest(7, now=NOW + 2 * MINUTE)
        assert newest is not None
        assert newest.email == "b@b.pl"
        await uow.email_codes.finish(newest.id, EmailCodeResult.GIVEN_UP)
        assert await count(7, ANNA, since=NOW - HOUR) == EmailCodeCounts(1, 2, 2)
        assert await uow.email_codes.newest(7, now=NOW + 2 * MINUTE) is None


async def test_the_newest_has_an_end(database: Database) -> None:
    await add(database, 7)
    async with database.work.writing() as uow:
        row = await uow.email_codes.newest(7, now=NOW)
        assert row is not None
        assert await uow.email_codes.newest(7, now=NOW + 10 * MINUTE) is None
        assert await uow.email_codes.newest(8, now=NOW) is None
        await uow.email_codes.set_code(row.id, "a" * 64, expires_at=NOW + 20 * MINUTE)
        later = await uow.email_codes.newest(7, now=NOW + 10 * MINUTE)
        assert later is not None
        assert later.code_hash == "a" * 64


async def test_old_rows_are_deleted_a_few_at_a_time(database: Database) -> None:
    for minutes in (0, 1, 2, 3):
        await add(database, 7, minutes=minutes)
    pruned = []
    for _ in range(3):
        async with database.work.writing() as uow:
            pruned.append(await uow.email_codes.prune(before=NOW + 3 * MINUTE, limit=2))
            await uow.commit()
    assert pruned == [2, 1, 0]


async def test_clients_are_found_by_their_address(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.reading() as uow:
        (account,) = await uow.access.with_email(ANNA)
        assert (account.preview.client_id, account.email) == (anna, ANNA)
        assert await uow.access.with_email("") == ()
        assert await uow.access.with_email("b@b.pl") == ()
