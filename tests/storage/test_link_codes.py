import asyncio
from datetime import timedelta

from billing.ports.access import NewCode, UsedCode
from billing.rules.access.rights import Rights
from billing.views.account import LinkPreview
from storage.database import Database
from tests.make import NOW
from tests.storage.company import add_client

CODE = "a" * 64
DAY = timedelta(days=1)


async def test_a_code_shows_its_account_until_it_is_used_or_expires(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        await uow.link_codes.add([NewCode(CODE, anna, NOW + DAY)])
        assert await uow.link_codes.find(CODE, now=NOW) == LinkPreview(anna, "anna", "Anna Nowak")
        assert await uow.link_codes.find("b" * 64, now=NOW) is None
        assert await uow.link_codes.find(CODE, now=NOW + DAY) is None
        assert await uow.link_codes.use(CODE, 7, now=NOW + DAY) is None
        assert await uow.link_codes.use(CODE, 7, now=NOW) == UsedCode(anna, Rights.EVERYTHING)
        assert await uow.link_codes.find(CODE, now=NOW) is None
        assert await uow.link_codes.used_by(CODE, 7) == anna
        assert await uow.link_codes.used_by(CODE, 8) is None


async def test_one_of_many_simultaneous_uses_of_a_code_succeeds(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        await uow.link_codes.add([NewCode(CODE, anna, NOW + DAY)])
        await uow.commit()

    async def use(user_id: int) -> int | None:
        async with database.work.writing() as uow:
            used = await uow.link_codes.use(CODE, user_id, now=NOW)
            await uow.commit()
            return used.client_id if used else None

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


async def test_codes_and_guesses_have_an_end(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        for number, days in enumerate((-31, -29, 1)):
            await uow.link_codes.add([NewCode(str(number), anna, NOW + days * DAY)])
        await uow.link_codes.use("2", 7, now=NOW)
        for user, days in ((7, -2), (8, -2), (9, 0), (10, 3)):
            await uow.link_codes.record_failure(user, at=NOW + days * DAY)
        await uow.commit()
    pruned = []
    for _ in range(4):
        async with database.work.writing() as uow:
            before = NOW - 30 * DAY
            pruned.append(await uow.link_codes.prune(expired_before=before, now=NOW, limit=1))
            await uow.commit()
    assert pruned == [3, 1, 0, 0]
    async with database.work.reading() as uow:
        assert await uow.link_codes.used_by("2", 7) == anna
        assert await uow.link_codes.wrong_guesses(since=NOW - 9 * DAY, until=NOW + 9 * DAY) == (
            1,
            1,
        )


async def test_wrong_guesses_are_counted_for_everybody_together(database: Database) -> None:
    async with database.work.writing() as uow:
        for user, minutes in ((7, 90), (7, 60), (7, 10), (8, 10), (9, -10)):
            await uow.link_codes.record_failure(user, at=NOW - timedelta(minutes=minutes))
        hour = NOW - timedelta(hours=1)
        assert await uow.link_codes.wrong_guesses(since=hour, until=NOW) == (3, 2)
        assert await uow.link_codes.wrong_guesses(since=NOW, until=NOW) == (0, 0)
