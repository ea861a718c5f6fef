import asyncio
from datetime import timedelta

from billing.views.account import LinkPreview
from storage.database import Database
from tests.make import NOW
from tests.storage.company import add_client

CODE = "a" * 64
DAY = timedelta(days=1)


async def test_a_code_shows_its_account_until_it_is_used_or_expires(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        await uow.link_codes.add(CODE, anna, expires_at=NOW + DAY)
        assert await uow.link_codes.find(CODE, now=NOW) == LinkPreview(anna, "anna", "Anna Nowak")
        assert await uow.link_codes.find("b" * 64, now=NOW) is None
        assert await uow.link_codes.find(CODE, now=NOW + DAY) is None
        assert await uow.link_codes.use(CODE, 7, now=NOW + DAY) is None
        assert await uow.link_codes.use(CODE, 7, now=NOW) == anna
        assert await uow.link_codes.find(CODE, now=NOW) is None
        assert await uow.link_codes.used_by(CODE, 7) == anna
        assert await uow.link_codes.used_by(CODE, 8) is None


async def test_of_many_who_use_a_code_at_once_one_does(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        await uow.link_codes.add(CODE, anna, expires_at=NOW + DAY)
        await uow.commit()

    async def use(user_id: int) -> int | None:
        async with database.work.writing() as uow:
            used = await uow.link_codes.use(CODE, user_id, now=NOW)
            await uow.commit()
            return used

    results = await asyncio.gather(*(use(user_id) for user_id in range(1, 6)))
    assert sorted(results, key=str) == [anna, None, None, None, None]


async def test_old_guesses_are_forgotten(database: Database) -> None:
    async with database.work.writing() as uow:
        await uow.link_codes.record_failure(7, at=NOW - timedelta(days=2))
        await uow.link_codes.record_failure(8, at=NOW - timedelta(days=2))
        await uow.link_codes.record_failure(7, at=NOW)
        assert await uow.link_codes.failures(7, since=NOW - timedelta(days=3)) == 1
        assert await uow.link_codes.failures(8, since=NOW - timedelta(days=3)) == 1


async def test_wrong_guesses_are_counted_per_user_and_hour(database: Database) -> None:
    async with database.work.writing() as uow:
        for minutes in (90, 50, 10):
            await uow.link_codes.record_failure(7, at=NOW - timedelta(minutes=minutes))
        assert await uow.link_codes.failures(7, since=NOW - timedelta(hours=1)) == 2
        assert await uow.link_codes.failures(8, since=NOW - timedelta(hours=1)) == 0
