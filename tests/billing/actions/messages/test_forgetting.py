"""What nobody asks about any more is forgotten, a little at a time; what matters stays."""

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest
from sqlalchemy import Table, func, select

from billing.actions.messages import forget
from billing.ports.conversations import Position, Talk
from billing.ports.outbox import Notification
from billing.rules.access.link_codes import hash_code
from billing.rules.errors import LinkCodeError
from billing.rules.reminders.preferences import Pause
from billing.views.notices.operator import WrongCodes
from storage.tables.accounts import link_codes, link_failures, users, votes
from storage.tables.messages import (
    digest_items,
    digests,
    outbox,
    reminder_items,
    reminder_pauses,
)
from storage.tables.running import conversations
from storage.tables.sales import catalogs
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import STAFF, TODAY, catalog, price, product

DAY = timedelta(days=1)
TABLES = (digests, digest_items, reminder_items, outbox, reminder_pauses)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def rows(days: Days, *tables: Table) -> list[int]:
    """How many rows there are."""
    async with days.database.engines.readers.connect() as connection:
        counts = [select(func.count()).select_from(table) for table in tables or TABLES]
        return [(await connection.execute(count)).scalar_one() for count in counts]


async def a_past(days: Days) -> None:
    """Two reminders that were sent, two messages to the operator, one of them sent, a pause."""
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    await days.goes_to(time(11))
    await days.goes_to(time(11), TODAY + 2 * DAY)
    async with days.database.work.writing() as uow:
        note = Notification("sent", WrongCodes(30, 10))
        await uow.outbox.add([note], at=days.clock.now())
        await uow.preferences.pause(
            anna.id, [Pause(7, hosting.id, hosting.next_due_date, TODAY + 2 * DAY)]
        )
        await uow.commit()
    await days.actions.send_outbox()
    async with days.database.work.writing() as uow:
        note = Notification("waits", WrongCodes(30, 10))
        await uow.outbox.add([note], at=days.clock.now())
        await uow.commit()


async def forgets(days: Days, after: timedelta) -> list[int]:
    days.clock.advance(after)
    while await days.actions.forget_old():
        pass
    return await rows(days)


@pytest.mark.slow
async def test_each_kind_is_kept_as_long_as_it_may_be_asked_about(days: Days) -> None:
    await a_past(days)
    whole = await rows(days)
    assert whole == [2, 2, whole[2], 2, 1]
    assert await forgets(days, 59 * DAY) == whole
    assert await forgets(days, 2 * DAY) == [*whole[:4], 0]
    assert await forgets(days, 30 * DAY) == [*whole[:3], 1, 0]
    assert await forgets(days, 307 * DAY) == [*whole[:3], 1, 0]
    assert await forgets(days, 6 * DAY) == [0, 0, 0, 1, 0]


@pytest.mark.slow
async def test_a_little_at_a_time(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_past(days)
    monkeypatch.setattr(forget, "BATCH", 1)
    days.clock.advance(500 * DAY)
    before = sum(await rows(days, digests, reminder_items, outbox, reminder_pauses))
    gone = await days.actions.forget_old()
    after = sum(await rows(days, digests, reminder_items, outbox, reminder_pauses))
    assert 1 <= gone == before - after <= 4


async def test_a_reminder_that_still_waits_is_not_forgotten(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.tick()
    before = await rows(days)
    assert before[0] == 1
    assert await forgets(days, 900 * DAY) == before


async def test_pauses_for_good_stay(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    async with days.database.work.writing() as uow:
        await uow.preferences.pause(anna.id, [Pause(7, hosting.id, None, None)])
        await uow.commit()
    assert (await forgets(days, 900 * DAY))[-1] == 1


@pytest.mark.slow
async def test_strangers_codes_and_catalogues_have_an_end_too(days: Days) -> None:
    await days.client()
    await days.actions.issue_link_code("anna", by=STAFF)
    kept, now = days.database.conversations, days.clock.now()
    for user in (7, 8):
        await kept.move(Talk(user, user), Position(None, {}, 0, {}, now + DAY))
        await days.actions.choose_language(await days.visitor(user), "en")
        async with days.database.work.writing() as uow:
            await uow.votes.vote(user, "dns", useful=True)
            await uow.commit()
        with pytest.raises(LinkCodeError):
            await days.actions.preview_link(user, hash_code("wrong"))
    for crowns in range(1, 14):
        await days.publish(catalog(product(prices=(price(f"{crowns}.00"),))))
    growing = (conversations, users, votes, link_codes, link_failures, catalogs)

    async def left(after: timedelta) -> list[int]:
        await forgets(days, after)
        return await rows(days, *growing)

    assert await left(timedelta(hours=23)) == [2, 2, 2, 1, 2, 14]
    assert await left(timedelta(hours=2)) == [2, 2, 2, 1, 0, 14]
    assert await left(37 * DAY) == [2, 2, 2, 0, 0, 14]
    assert await left(53 * DAY) == [2, 2, 2, 0, 0, 10]
    assert await left(92 * DAY) == [0, 1, 1, 0, 0, 10]
    assert await left(900 * DAY) == [0, 1, 1, 0, 0, 10]
