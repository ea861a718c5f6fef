"""The operator is told of each day once, in its evening or on the next morning."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from billing.ports.outside import Delivery
from billing.rules.reach import Unreachable
from storage.tables.messages import outbox
from tests.billing.actions.reminders.reminding import Days, at, open_days
from tests.make import TODAY, money

DAY = timedelta(days=1)
EIGHT, EVENING = time(8), time(20)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def told(days: Days) -> list[Mapping[str, str | int]]:
    """What the operator was told or will be, oldest first."""
    asked = select(outbox.c.facts).order_by(outbox.c.id)
    async with days.database.engines.readers.connect() as connection:
        return list((await connection.execute(asked)).scalars())


async def comes(days: Days, local: time, day: date = TODAY) -> bool:
    """Go to a time of a day; whether there was something to tell by then."""
    await days.goes_to(local, day)
    return await days.actions.tell_summary()


async def test_an_evening_tells_what_became_of_the_day(days: Days) -> None:
    for number in range(3):
        await days.owns(await days.client(f"c{number}", 100 + number), 7)
    days.post.answers += [Delivery(retry_after=1800), Delivery(unreachable=Unreachable.BLOCKED)]
    await days.goes_to(time(12))
    assert not await comes(days, time(19, 59))
    assert await comes(days, EVENING)
    (facts,) = await told(days)
    assert facts == {
        "event": "summary", "day": TODAY.isoformat(), "sent": 2, "undeliverable": 1, "deferred": 1,
        "clients": 1, "services": 1, "at_risk": "35.67 PLN",
        "lost_blocked": 1,
    }  # fmt: skip


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
    (facts,) = await told(days)
    assert (facts["clients"], facts["services"]) == (2, 4)
    assert facts["at_risk"] == "14.00 EUR, 71.34 PLN"


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
        assert len(await told(one)) == 1


async def test_a_missed_evening_is_told_of_in_the_morning(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.goes_to(time(11))
    assert not await comes(days, time(7, 59), TODAY + DAY)
    assert await comes(days, EIGHT, TODAY + DAY)
    (facts,) = await told(days)
    assert (facts["day"], facts["sent"]) == (TODAY.isoformat(), 1)
    assert "clients" not in facts


async def test_after_an_outage_only_the_last_day_is_told_of(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    await days.owns(anna, 19)
    await days.goes_to(time(11))
    assert not await comes(days, EIGHT, TODAY + 10 * DAY)
    assert await comes(days, EVENING, TODAY + 12 * DAY)
    assert [facts["day"] for facts in await told(days)] == [(TODAY + 12 * DAY).isoformat()]


async def test_a_day_without_reminders_has_no_summary(days: Days) -> None:
    await days.owns(await days.client(), 25)
    assert not await comes(days, EVENING)
    assert not await comes(days, EIGHT, TODAY + DAY)
    assert await told(days) == []


async def test_what_still_waits_is_counted(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.goes_to(time(9, 30))
    days.clock.advance(at(time(19, 50)) - days.clock.now())
    days.post.answers.append(Delivery(retry_after=3600))
    await days.tick()
    assert await comes(days, EVENING)
    (facts,) = await told(days)
    assert {name: facts[name] for name in ("waiting", "deferred")} == {"waiting": 1, "deferred": 1}


async def test_what_goes_out_after_the_evening_belongs_to_the_next(days: Days) -> None:
    await days.owns(await days.client(timezone="America/New_York"), 7)
    await days.goes_to(time(9))
    days.post.answers.append(Delivery(retry_after=3600))
    await days.goes_to(time(19, 50))
    assert await comes(days, EVENING)
    await days.goes_to(time(23, 30))
    assert len(days.post.digests) == 1
    assert await comes(days, EVENING, TODAY + DAY)
    first, second = await told(days)
    assert (first["waiting"], second["sent"]) == (1, 1)
    assert ("sent" in first, "waiting" in second) == (False, False)
