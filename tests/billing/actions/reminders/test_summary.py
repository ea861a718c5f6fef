"""The operator is told of each day once, in its evening or on the next morning."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from billing.ports.outside import Delivery
from billing.rules.reach import Unreachable
from billing.rules.reminders.stages import ReminderReason
from billing.views.desk import CompanyStanding, Tally, ToDo
from billing.views.notices.operator import (
    ReminderSummary,
    UnreachableClients,
)
from billing.views.reminders.reports import DigestCounts
from storage.notices import from_columns
from storage.tables.messages import outbox
from tests.billing.actions.reminders.reminding import Days, at, open_days
from tests.make import TODAY, money

DAY = timedelta(days=1)
EIGHT, EVENING = time(8), time(20)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def summaries(days: Days) -> list[ReminderSummary]:
    """What the operator was told or will be, oldest first."""
    rows = select(outbox.c.topic, outbox.c.facts).order_by(outbox.c.id)
    async with days.database.engines.readers.connect() as connection:
        written = (await connection.execute(rows)).all()
    notices = [from_columns(topic, facts) for topic, facts in written]
    summaries = [notice for notice in notices if isinstance(notice, ReminderSummary)]
    assert len(summaries) == len(notices)
    return summaries


async def comes(days: Days, local: time, day: date = TODAY) -> bool:
    """Go to a time of a day; whether there was something to tell by then."""
    await days.goes_to(local, day)
    return await days.actions.tell_summary()


@pytest.mark.slow
async def test_an_evening_tells_what_became_of_the_day(days: Days) -> None:
    for number in range(3):
        await days.owns(await days.client(f"c{number}", 100 + number), 7)
    days.post.answers += [Delivery(retry_after=1800), Delivery(unreachable=Unreachable.BLOCKED)]
    await days.goes_to(time(12))
    assert not await comes(days, time(19, 59))
    assert await comes(days, EVENING)
    blocked = {ReminderReason.BLOCKED: 1}
    assert await summaries(days) == [
        ReminderSummary(
            TODAY,
            DigestCounts(sent=2, undeliverable=1, deferred=1),
            UnreachableClients(1, 1, (money("35.67"),), blocked),
            standing=CompanyStanding(todo=ToDo(unreachable=1)),
        )
    ]


async def test_what_is_at_risk_is_told_in_each_currency(days: Days) -> None:
    anna = await days.client("anna", 7)
    john = await days.client("john", 8, currency="EUR", tax_rate=0, credit=money("0", "EUR"))
    euros = money("7.00", "EUR")
    for due in (3, 7):
        await days.owns(anna, due)
        await days.owns(john, due, amount=euros, first_amount=euros)
    for user in (7, 8):
        await days.actions.note_blocked(user, blocked=True)
    assert await comes(days, EVENING)
    (summary,) = await summaries(days)
    assert summary.unreachable is not None
    assert (summary.unreachable.count, summary.unreachable.services) == (2, 4)
    assert summary.unreachable.at_risk == (money("14.00", "EUR"), money("71.34"))


@pytest.mark.slow
async def test_a_day_is_told_of_once_however_many_ask(empty: str) -> None:
    async with open_days(empty) as one, open_days(empty) as two:
        await one.owns(await one.client(), 7)
        await one.goes_to(time(11))
        for process in (one, two):
            await process.goes_to(EVENING)
        await asyncio.gather(*(p.actions.tell_summary() for p in (one, two, one, two)))
        for local in (time(21), time(23, 59)):
            assert not await comes(one, local)
        for local in (time(0, 5), EIGHT, time(19)):
            assert not await comes(one, local, TODAY + DAY)
        assert len(await summaries(one)) == 1


@pytest.mark.slow
async def test_a_missed_evening_is_told_of_in_the_morning(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.goes_to(time(11))
    assert not await comes(days, time(7, 59), TODAY + DAY)
    assert await comes(days, EIGHT, TODAY + DAY)
    (summary,) = await summaries(days)
    assert (summary.day, summary.digests.sent) == (TODAY, 1)
    assert summary.unreachable is None


@pytest.mark.slow
async def test_after_an_outage_only_the_last_day_is_told_of(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    await days.owns(anna, 19)
    await days.goes_to(time(11))
    assert not await comes(days, EIGHT, TODAY + 10 * DAY)
    assert await comes(days, EVENING, TODAY + 12 * DAY)
    assert [summary.day for summary in await summaries(days)] == [TODAY + 12 * DAY]


async def test_what_is_overdue_is_told_with_tax_by_currency_and_unknown_prices_apart(
    days: Days,
) -> None:
    anna = await days.client("anna", 7)
    john = await days.client("john", 8, currency="EUR", tax_rate=0, credit=money("0", "EUR"))
    euros = money("7.00", "EUR")
    await days.owns(anna, -1)
    await days.owns(anna, -8)
    await days.owns(anna, -20, amount=None)
    await days.owns(anna, 0)
    await days.owns(john, -2, amount=euros, first_amount=euros)
    assert await comes(days, EVENING)
    (summary,) = await summaries(days)
    assert summary.standing is not None
    assert summary.standing.overdue == Tally(4, (euros, money("71.34")), unpriced=1)
    assert summary.standing.long_overdue == Tally(2, (money("35.67"),), unpriced=1)


async def test_a_day_without_reminders_has_no_summary(days: Days) -> None:
    await days.owns(await days.client(), 25)
    assert not await comes(days, EVENING)
    assert not await comes(days, EIGHT, TODAY + DAY)
    assert await summaries(days) == []


@pytest.mark.slow
async def test_what_still_waits_is_counted(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.goes_to(time(9, 30))
    days.clock.advance(at(time(19, 50)) - days.clock.now())
    days.post.answers.append(Delivery(retry_after=3600))
    await days.tick()
    assert await comes(days, EVENING)
    (summary,) = await summaries(days)
    assert (summary.digests.waiting, summary.digests.deferred) == (1, 1)


@pytest.mark.slow
async def test_what_goes_out_after_the_evening_belongs_to_the_next(days: Days) -> None:
    await days.owns(await days.client(timezone="America/New_York"), 7)
    await days.goes_to(time(9))
    days.post.answers.append(Delivery(retry_after=3600))
    await days.goes_to(time(19, 50))
    assert await comes(days, EVENING)
    await days.goes_to(time(23, 30))
    assert len(days.post.digests) == 1
    assert await comes(days, EVENING, TODAY + DAY)
    first, second = (summary.digests for summary in await summaries(days))
    assert (first.waiting, second.sent) == (1, 1)
    assert (first.sent, second.waiting) == (0, 0)
