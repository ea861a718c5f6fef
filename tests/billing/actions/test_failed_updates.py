"""Updates whose handling failed: kept, told of, handled again or dropped."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from billing.actions.inbox.failed import LEASE, SOURCE
from billing.actions.messages.forget import NOTICES
from billing.ports.inbox import EventState
from billing.rules.audit import Audited
from billing.rules.errors import BillingError, NotFoundError
from billing.views.notices.operator import UpdateFailed
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import STAFF

BODY = '{"update_id":7}'


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def fails(days: Days, number: int = 7, error: str = "OSError") -> int:
    """Let the handling of an update fail."""
    return await days.actions.keep_failed_update(
        f"1:{number}", BODY, error=error, incident="A1B2C3"
    )


async def told(days: Days) -> list[object]:
    """What the operator hears now."""
    before = len(days.post.notices)
    await days.actions.send_outbox()
    return [note.notice for note in days.post.notices[before:]]


async def test_the_operator_is_told_and_sees_it(days: Days) -> None:
    number = await fails(days)
    assert await told(days) == [UpdateFailed(number, "A1B2C3 OSError")]
    (stuck,) = await days.actions.list_stuck()
    assert (stuck.id, stuck.event_id, stuck.body) == (number, "1:7", BODY)
    assert (stuck.attempts, stuck.error) == (1, "A1B2C3 OSError")


async def test_one_bug_does_not_flood_the_operator(days: Days) -> None:
    for number in range(5):
        await fails(days, number)
    assert len(await told(days)) == 1
    await fails(days, 6, error="KeyError")
    assert len(await told(days)) == 1
    days.clock.advance(timedelta(hours=1))
    await fails(days, 8)
    assert len(await told(days)) == 1
    assert len(await days.actions.list_stuck()) == 7


async def test_an_update_that_fails_twice_is_one_entry(days: Days) -> None:
    assert await fails(days) == await fails(days)
    (stuck,) = await days.actions.list_stuck()
    assert stuck.attempts == 2


async def test_it_is_handled_again_when_the_operator_says_so(days: Days) -> None:
    number = await fails(days)
    assert await days.actions.take_update_again() is None
    await days.actions.retry_stuck(number, by=STAFF)
    event = await days.actions.take_update_again()
    assert event is not None
    assert (event.id, event.source, event.body) == (number, SOURCE, BODY)
    assert await days.actions.take_update_again() is None
    assert await days.actions.end_update_again(number)
    assert list(await days.actions.list_stuck()) == []
    assert next(iter(await days.actions.list_audit())).action is Audited.RETRY_UPDATE


async def test_one_that_fails_again_stays_in_the_list(days: Days) -> None:
    number = await fails(days)
    await days.actions.retry_stuck(number, by=STAFF)
    await days.actions.take_update_again()
    await fails(days)
    assert not await days.actions.end_update_again(number)
    (stuck,) = await days.actions.list_stuck()
    assert stuck.attempts == 2


async def test_one_in_the_hands_of_a_process_that_died_is_taken_again(days: Days) -> None:
    number = await fails(days)
    await days.actions.retry_stuck(number, by=STAFF)
    assert await days.actions.take_update_again() is not None
    days.clock.advance(LEASE + timedelta(seconds=1))
    assert await days.actions.take_update_again() is not None


async def test_one_that_is_dropped_is_forgotten(days: Days) -> None:
    number = await fails(days)
    dropped = await days.actions.drop_stuck(number, by=STAFF)
    assert dropped.id == number
    assert list(await days.actions.list_stuck()) == []
    for decide in (days.actions.drop_stuck, days.actions.retry_stuck):
        with pytest.raises(NotFoundError, match="no_such_update"):
            await decide(number, by=STAFF)
    assert next(iter(await days.actions.list_audit())).action is Audited.DROP_UPDATE


async def test_what_somebody_wrote_is_kept_for_a_month_at_most(days: Days) -> None:
    await fails(days)
    days.clock.advance(NOTICES - timedelta(minutes=1))
    await days.actions.forget_old()
    assert len(await days.actions.list_stuck()) == 1
    days.clock.advance(timedelta(minutes=2))
    await days.actions.forget_old()
    assert list(await days.actions.list_stuck()) == []


async def test_money_that_was_not_booked_is_in_the_list_and_never_dropped(days: Days) -> None:
    await days.actions.keep_event("telegram", "paid:1", "{}")
    async with days.database.work.writing() as uow:
        event = await uow.inbox.take(days.clock.now())
        assert event is not None
        await uow.inbox.finish(event.id, EventState.NOT_BOOKED, at=days.clock.now())
        await uow.commit()
    (stuck,) = await days.actions.list_stuck()
    with pytest.raises(BillingError, match="update_is_money"):
        await days.actions.drop_stuck(stuck.id, by=STAFF)
    await days.actions.retry_stuck(stuck.id, by=STAFF)
    async with days.database.work.reading() as uow:
        assert await uow.inbox.has_due(days.clock.now())
