"""The next reminder that is promised is the next that comes, in any zone and at any hour."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.ports.outside import Delivery
from billing.rules.reach import Unreachable
from billing.rules.reminders.hours import first_moment
from billing.rules.reminders.preferences import Pause, QuietHours, ReminderPreferences
from billing.rules.reminders.stages import ReminderPolicy
from billing.rules.shop.catalog import Policy
from billing.views.account import ClientInfo
from tests.billing.actions.reminders.reminding import MIDNIGHT, WARSAW, Days, at, open_days
from tests.database import Store, database_at, waiting_digests
from tests.make import TODAY, catalog

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
LOS_ANGELES = "America/Los_Angeles"
ZONES = ("Europe/Warsaw", LOS_ANGELES, "Pacific/Kiritimati", "Pacific/Pago_Pago",
         "Asia/Kathmandu", "Australia/Lord_Howe")  # fmt: skip
LOOKED_AHEAD = 30 * DAY


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def choose(days: Days, client: ClientInfo, user: int = 7, **chosen: object) -> None:
    def change(wishes: ReminderPreferences) -> ReminderPreferences:
        return replace(wishes, **chosen)  # type: ignore[arg-type] # the test's own

    await days.actions.change_reminder_settings(await days.visitor(user), client, change)


async def promised(days: Days, client: ClientInfo, user: int = 7) -> datetime | None:
    visitor = await days.visitor(user)
    return (await days.actions.show_reminder_settings(visitor, client)).next_at


async def next_event(days: Days) -> datetime:
    """When a tick has something to do next: a day to plan, or a message that is due."""
    now = days.clock.now()
    tomorrow = first_moment(now.astimezone(WARSAW).date() + DAY, WARSAW)
    async with days.database.work.reading() as uow:
        waiting = await waiting_digests(uow)
    return min([tomorrow, *(due_at for _, due_at in waiting if due_at > now)])


async def comes(days: Days, user: int = 7) -> datetime | None:
    """Live until this user gets a reminder; when that is, None if none comes for weeks."""
    until = days.clock.now() + LOOKED_AHEAD
    seen = len(days.post.digests)
    while days.clock.now() <= until:
        await days.tick()
        for sent, digest in days.post.digests[seen:]:
            if digest.user_id == user:
                return sent
        days.clock.advance(await next_event(days) - days.clock.now())
    return None


async def keeps_its_promise(days: Days, client: ClientInfo) -> datetime | None:
    foretold = await promised(days, client)
    assert await comes(days) == foretold
    return foretold


# -- known cases --------------------------------------------------------------------------------


async def late_in_los_angeles(days: Days, due: int = 1) -> ClientInfo:
    """Somebody who reads at 19:00 there: four in the morning of the company's next day."""
    anna = await days.client("anna", 7, timezone=LOS_ANGELES)
    await days.owns(anna, due)
    await choose(days, anna, hour=19)
    return anna


@pytest.mark.parametrize("local", [time(0, 1), time(12), time(23, 30)])
async def test_los_angeles_at_19_on_the_day_of_the_plan(days: Days, local: time) -> None:
    anna = await late_in_los_angeles(days)
    await days.goes_to(local)
    assert await promised(days, anna) == await comes(days)
    assert days.local_times(ZoneInfo(LOS_ANGELES))[0].hour == 19


async def test_los_angeles_at_19_in_the_hours_before_it_goes_out(days: Days) -> None:
    # No stage falls on the next day: only the message that waits can be promised then.
    anna = await late_in_los_angeles(days, due=7)
    await days.tick()
    await days.goes_to(time(2), TODAY + DAY)
    assert days.post.digests == []
    foretold = await keeps_its_promise(days, anna)
    assert foretold is not None
    assert foretold - days.clock.now() < timedelta(hours=3)


async def test_what_is_meant_for_the_companys_next_day_is_not_too_late_then(days: Days) -> None:
    policy = ReminderPolicy(stages=(3,), catch_up_days=0)
    await days.publish(catalog(policy=Policy(reminders=policy)))
    anna = await late_in_los_angeles(days, due=3)
    await days.tick()
    assert await keeps_its_promise(days, anna) is not None


async def test_the_day_after_an_outage(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 3)
    days.clock.advance(DAY + timedelta(hours=5))
    foretold = await promised(days, anna)
    await days.tick()
    assert await promised(days, anna) == foretold
    assert await keeps_its_promise(days, anna) == foretold
    assert foretold is not None
    assert foretold.astimezone(WARSAW).date() == TODAY + DAY


async def test_before_the_day_is_planned_its_own_reminder_is_promised(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    foretold = await keeps_its_promise(days, anna)
    assert foretold is not None
    assert foretold.astimezone(WARSAW).date() == TODAY


@pytest.mark.parametrize("days_ago", [0, ReminderPolicy().catch_up_days])
async def test_before_the_day_is_planned_what_was_asked_for_by_then_is_promised(
    days: Days, days_ago: int
) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 20)
    async with days.database.work.writing() as uow:
        until = TODAY - days_ago * DAY
        pause = Pause(7, hosting.id, hosting.next_due_date, until, remind=True)
        await uow.preferences.pause(anna.id, [pause])
        await uow.commit()
    foretold = await keeps_its_promise(days, anna)
    assert foretold is not None
    assert foretold.astimezone(WARSAW).date() == TODAY


async def test_a_message_with_nothing_left_to_say_gives_its_time_to_the_next_day(
    days: Days,
) -> None:
    anna = await days.client("anna", 7, timezone=LOS_ANGELES)
    gone = await days.owns(anna, 7)
    await days.owns(anna, 8)
    await choose(days, anna, hour=19)
    await days.tick()
    await days.save(replace(gone, next_due_date=TODAY + 38 * DAY))
    foretold = await keeps_its_promise(days, anna)
    assert foretold is not None
    assert foretold.astimezone(WARSAW).date() == TODAY + DAY


async def test_what_turns_up_after_the_message_of_the_day_is_promised_for_the_next(
    days: Days,
) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    await days.goes_to(time(11))
    await days.owns(anna, 3)
    async with days.database.work.writing() as uow:
        await uow.reminders.forget_plan()
        await uow.commit()
    assert (await promised(days, anna)) == await comes(days)
    assert days.stages() == [["7"], ["3"]]


async def test_what_was_missed_is_promised_to_who_is_back(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 3)
    days.post.answers = [Delivery(unreachable=Unreachable.BLOCKED)]
    await days.goes_to(time(11))
    await days.actions.note_blocked(7, blocked=False)
    assert await keeps_its_promise(days, anna) == days.clock.now()


async def test_a_message_that_is_tried_again_is_promised_for_then(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 3)
    days.post.answers = [Delivery(retry_after=1800)]
    await days.goes_to(time(11))
    assert await keeps_its_promise(days, anna) == at(time(11, 30))


async def test_the_promise_to_all_is_the_first_of_those_to_each(days: Days) -> None:
    anna = await late_in_los_angeles(days, due=4)
    ben = await days.client("ben", 8, timezone="Asia/Kathmandu")
    await days.owns(ben, 8)
    await days.tick()
    each = [await promised(days, anna), await promised(days, ben, 8)]
    assert await days.actions.next_reminder() == min(one for one in each if one)


# -- any case -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """A reader, what they owe, the company's policy, and the moment at which they ask."""

    zone: str
    hour: int
    quiet: QuietHours
    stages: tuple[int, ...]
    catch_up_days: int
    dues: tuple[int, ...]
    snoozed: int | None
    away: timedelta
    asks_after: timedelta


hours = st.integers(0, 23)
cases = st.builds(
    Case,
    zone=st.sampled_from(ZONES),
    hour=hours,
    quiet=st.builds(QuietHours, hours, hours),
    stages=st.sets(st.sampled_from([7, 3, 1, 0, -1, -3]), min_size=1).map(
        lambda stages: tuple(sorted(stages, reverse=True))
    ),
    catch_up_days=st.integers(0, 3),
    dues=st.lists(st.integers(-3, 9), min_size=1, max_size=3).map(tuple),
    snoozed=st.none() | st.integers(1, 6),
    away=st.sampled_from([timedelta(), timedelta(), DAY, 2 * DAY, 4 * DAY]),
    asks_after=st.integers(0, 48 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)


async def lives(days: Days, time_: timedelta) -> None:
    """Let time pass with every tick that has something to do."""
    until = days.clock.now() + time_
    while days.clock.now() < until:
        await days.tick()
        days.clock.advance(min(await next_event(days), until) - days.clock.now())


async def plays(days: Days, case: Case) -> None:
    policy = ReminderPolicy(stages=case.stages, catch_up_days=case.catch_up_days)
    await days.publish(catalog(policy=Policy(reminders=policy)))
    anna = await days.client("anna", 7, timezone=case.zone)
    owned = [await days.owns(anna, due) for due in case.dues]
    await choose(days, anna, hour=case.hour, quiet=case.quiet)
    if case.snoozed is not None:
        first, until = owned[0], TODAY + case.snoozed * DAY
        async with days.database.work.writing() as uow:
            pause = Pause(7, first.id, first.next_due_date, until, remind=True)
            await uow.preferences.pause(anna.id, [pause])
            await uow.commit()
    await lives(days, case.asks_after)
    # The process is away: nothing is planned or sent meanwhile.
    days.clock.advance(case.away)
    for _ in range(3):
        if await keeps_its_promise(days, anna) is None:
            return


@settings(max_examples=40)
@given(cases)
def test_whatever_is_promised_comes_and_nothing_before_it(case: Case) -> None:
    async def play(url: str) -> None:
        async with open_days(url, MIDNIGHT) as days:
            await plays(days, case)

    with TemporaryDirectory() as folder, database_at(Store.SQLITE, Path(folder)) as url:
        asyncio.run(play(url))
