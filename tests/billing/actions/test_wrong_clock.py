"""The clock was days ahead and is set right: what was claimed or put off meanwhile comes back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from billing.ports.outbox import Notification
from billing.ports.outside import Delivery
from billing.rules.lease import LEASE
from billing.views.notices.operator import WrongCodes
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import TODAY

AHEAD = timedelta(days=3)
LATER = Delivery(retry_after=60)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def add_note(days: Days) -> None:
    async with days.database.work.writing() as uow:
        note = Notification("n", WrongCodes(30, 10))
        await uow.outbox.add([note], at=days.clock.now())
        await uow.commit()


async def claim(days: Days) -> int:
    """Take everything that is due, as a process does that is killed then; how many."""
    now = days.clock.now()
    async with days.database.work.writing() as uow:
        notes = await uow.outbox.claim(now, lease_until=now + LEASE, limit=9)
        digests = await uow.digests.claim(now, lease_until=now + LEASE, limit=9)
        await uow.commit()
    return len(notes) + len(digests)


async def sends(days: Days) -> int:
    """How many messages go out at a tick."""
    before = len(days.post.notices) + len(days.post.digests)
    await days.actions.give_back_claims()
    await days.actions.send_outbox()
    await days.tick()
    return len(days.post.notices) + len(days.post.digests) - before


async def wait_for_a_reminder(days: Days) -> None:
    """One is planned for ten o'clock, and it is eleven."""
    await days.owns(await days.client(), 7)
    await days.actions.plan_reminders()
    days.clock.advance(timedelta(hours=11))


async def test_a_message_that_was_added_comes_at_once(days: Days) -> None:
    days.clock.set(AHEAD)
    await add_note(days)
    days.clock.set(-AHEAD)
    assert await sends(days) == 1


async def test_a_message_that_was_claimed_comes_after_one_lease(days: Days) -> None:
    await add_note(days)
    days.clock.set(AHEAD)
    assert await claim(days) == 1
    days.clock.set(-AHEAD)
    assert await sends(days) == 0, "somebody may have it in hand"
    days.clock.advance(LEASE - timedelta(seconds=1))
    assert await sends(days) == 0
    days.clock.advance(timedelta(seconds=1))
    assert await sends(days) == 1


@pytest.mark.slow
async def test_a_message_that_waits_for_another_try_comes_after_one_lease(days: Days) -> None:
    await add_note(days)
    days.clock.set(AHEAD)
    days.post.answers = [LATER]
    assert await sends(days) == 0
    days.clock.set(-AHEAD)
    assert await sends(days) == 0
    days.clock.advance(LEASE)
    assert await sends(days) == 1


async def test_time_that_passes_during_a_wait_for_the_database_is_no_wrong_clock(
    days: Days,
) -> None:
    async with days.database.work.writing() as uow:
        waiting = asyncio.create_task(days.actions.give_back_claims())
        await asyncio.sleep(0.1)
        days.clock.advance(timedelta(hours=6))
        await uow.outbox.add([Notification("n", WrongCodes(30, 10))], at=days.clock.now())
        await uow.commit()
    assert await waiting == 0


@pytest.mark.slow
@pytest.mark.parametrize("ahead", [timedelta(hours=2), AHEAD, timedelta(days=4000)])
async def test_a_reminder_that_was_claimed_comes_on_its_day(days: Days, ahead: timedelta) -> None:
    await wait_for_a_reminder(days)
    days.clock.set(ahead)
    assert await claim(days) == 1
    days.clock.set(-ahead)
    assert await sends(days) == 0
    days.clock.advance(LEASE)
    assert await sends(days) == 1
    assert days.local_times()[0].date() == TODAY


@pytest.mark.slow
async def test_a_reminder_that_waits_for_another_try_comes_on_its_day(days: Days) -> None:
    await wait_for_a_reminder(days)
    days.clock.set(timedelta(hours=2))
    days.post.answers = [LATER]
    await days.tick()
    days.clock.set(timedelta(hours=-2))
    assert await sends(days) == 0
    days.clock.advance(LEASE)
    assert await sends(days) == 1


@pytest.mark.slow
async def test_a_reminder_that_met_the_quiet_hours_of_a_wrong_clock_comes_at_once(
    days: Days,
) -> None:
    await wait_for_a_reminder(days)
    days.clock.set(timedelta(hours=10))
    await days.tick()
    days.clock.set(timedelta(hours=-10))
    assert await sends(days) == 1


async def test_what_is_in_hand_while_the_clock_is_set_goes_out_once(days: Days) -> None:
    days.clock.set(AHEAD)
    await add_note(days)
    (taken,) = await _claimed(days)
    days.clock.set(-AHEAD)
    assert await sends(days) == 0
    async with days.database.work.writing() as uow:
        await uow.outbox.finish(taken, status="sent", at=days.clock.now())
        await uow.commit()
    days.clock.advance(2 * LEASE)
    assert await sends(days) == 0


async def _claimed(days: Days) -> list[int]:
    now = days.clock.now()
    async with days.database.work.writing() as uow:
        notes = await uow.outbox.claim(now, lease_until=now + LEASE, limit=9)
        await uow.commit()
    return [note.id for note in notes]


@pytest.mark.slow
async def test_what_is_planned_for_later_stays_planned(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.actions.plan_reminders()
    for shift in (AHEAD, -AHEAD):
        days.clock.set(shift)
        assert await days.actions.give_back_claims() == 0
    await days.goes_to(time(9))
    assert await sends(days) == 0
    await days.goes_to(time(12))
    assert len(days.post.digests) == 1


async def test_clocks_that_differ_a_little_change_nothing(days: Days) -> None:
    await add_note(days)
    assert await claim(days) == 1
    days.clock.set(timedelta(seconds=-45))
    assert await days.actions.give_back_claims() == 0


@pytest.mark.slow
@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=10), timedelta(days=400)])
async def test_days_planned_by_a_wrong_clock_are_planned_again(
    days: Days, ahead: timedelta
) -> None:
    """Neither what it would have said nor what it left out as too late stands for today."""
    await days.owns(await days.client(), 7)
    days.clock.set(ahead)
    await days.actions.plan_reminders()
    days.clock.set(-ahead)
    await days.lives(9)
    assert days.stages() == [["7"], ["3"], ["1"], ["0"], ["-1"]]


@pytest.mark.slow
async def test_a_reminder_that_a_wrong_clock_has_moved_to_its_own_day_comes_today(
    days: Days,
) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    await days.actions.plan_reminders()
    await days.owns(anna, 10)
    days.clock.set(AHEAD)
    await days.actions.plan_reminders()
    days.clock.set(-AHEAD)
    await days.goes_to(time(12))
    assert days.stages() == [["7"]]
    assert days.last.items[0].service.id == hosting.id


@pytest.mark.slow
async def test_what_a_wrong_clock_has_sent_is_not_sent_again(days: Days) -> None:
    await days.owns(await days.client(), 10)
    days.clock.set(AHEAD)
    await days.goes_to(time(12), TODAY + AHEAD)
    assert days.stages() == [["7"]]
    days.clock.set(-AHEAD)
    await days.lives(6)
    assert days.stages() == [["7"]]
