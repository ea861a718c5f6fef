import asyncio
from datetime import timedelta

import pytest

from billing.ports.outbox import Notification, Outgoing
from billing.rules.reach import Unreachable
from billing.views.notices.money import Receipt
from billing.views.notices.operator import WrongCodes
from storage.database import Database
from tests.make import NOW
from tests.storage.company import add_client

LATER = NOW + timedelta(minutes=1)
RECEIPT = Receipt(7, "PRO-202603-00001-7391")


def receipt(
    client_id: int, key: str = "receipt:1", *, not_user: int | None = None
) -> Notification:
    return Notification(key, RECEIPT, client_id=client_id, not_user=not_user)


def alarm(key: str = "codes:1") -> Notification:
    return Notification(key, WrongCodes(30, 10))


async def add(database: Database, *notes: Notification) -> None:
    async with database.work.writing() as uow:
        await uow.outbox.add(notes, at=NOW)
        await uow.commit()


async def claim(database: Database, minutes: int = 0, limit: int = 9) -> tuple[Outgoing, ...]:
    now = NOW + timedelta(minutes=minutes)
    async with database.work.writing() as uow:
        claimed = await uow.outbox.claim(now, lease_until=now + timedelta(minutes=1), limit=limit)
        await uow.commit()
    return claimed


async def test_a_message_goes_once_to_every_user_who_can_get_it(database: Database) -> None:
    anna = await add_client(database, telegram_ids=(7, 8, 9, 10))
    async with database.work.writing() as uow:
        await uow.users.set_unreachable(8, Unreachable.BLOCKED)
        await uow.users.set_language(9, "en")
        await uow.users.set_timezone(9, "Europe/London")
        await uow.commit()
    await add(database, receipt(anna, not_user=10), receipt(anna, not_user=10))
    await add(database, receipt(anna, not_user=10))
    seven, nine = await claim(database)
    assert (seven.user_id, seven.languages, seven.timezone) == (7, ("pl",), "Europe/Warsaw")
    assert (nine.user_id, nine.languages, nine.timezone) == (9, ("en", "pl"), "Europe/London")
    assert (nine.notice, nine.client_id) == (RECEIPT, anna)
    assert nine.attempts == 1


async def test_the_operator_gets_a_message_once(database: Database) -> None:
    await add(database, alarm(), alarm())
    await add(database, alarm(), alarm("other"))
    first, second = await claim(database)
    assert (first.user_id, first.client_id, first.languages, first.timezone) == (
        None,
        None,
        (),
        "",
    )
    assert second.id != first.id


def test_a_notice_for_a_client_is_not_sent_to_the_operator_nor_the_other_way_round() -> None:
    with pytest.raises(ValueError, match="a Receipt is for somebody else"):
        Notification("key", RECEIPT)
    for to in ({"client_id": 1}, {"user_id": 7}):
        with pytest.raises(ValueError, match="a WrongCodes is for somebody else"):
            Notification("key", WrongCodes(30, 10), **to)


async def test_a_client_without_users_gets_nothing(database: Database) -> None:
    anna = await add_client(database)
    await add(database, receipt(anna))
    await add(database)
    assert await claim(database) == ()


async def test_a_claimed_message_comes_back_when_the_lease_ends(database: Database) -> None:
    await add(database, alarm())
    (first,) = await claim(database)
    assert await claim(database) == ()
    (again,) = await claim(database, minutes=1)
    assert (again.id, again.attempts) == (first.id, 2)


async def test_a_finished_message_never_comes_back(database: Database) -> None:
    await add(database, alarm("a"), alarm("b"), alarm("c"))
    sent, failed, deferred = await claim(database)
    async with database.work.writing() as uow:
        await uow.outbox.finish(sent.id, status="sent", at=LATER)
        await uow.outbox.finish(failed.id, status="undeliverable", at=LATER)
        await uow.outbox.defer(deferred.id, until=NOW + timedelta(minutes=9))
        await uow.outbox.defer(sent.id, until=NOW)
        await uow.commit()
    await add(database, alarm("a"))
    assert await claim(database, minutes=8) == ()
    (again,) = await claim(database, minutes=9)
    assert again.id == deferred.id


async def test_many_who_claim_at_once_share_the_messages(database: Database) -> None:
    await add(database, *(alarm(str(number)) for number in range(50)))
    other = await Database.open(str(database.engines.url), migrate=False)
    claimed = await asyncio.gather(
        *(claim(mine, limit=10) for mine in (database, other) for _ in range(3))
    )
    await other.close()
    ids = [outgoing.id for batch in claimed for outgoing in batch]
    assert sorted(ids) == list(range(1, 51))
