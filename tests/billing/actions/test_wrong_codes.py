"""Many wrong link codes at once: the operator hears of it, and nobody is locked out for it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from billing.actions.wrong_codes import MANY_USERS
from billing.rules.access.link_codes import hash_code
from billing.rules.errors import LinkCodeError
from billing.views.notices.operator import WrongCodes
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import STAFF

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        await opened.client()
        yield opened


async def guesses(days: Days, user: int, times: int = 1) -> None:
    for number in range(times):
        with pytest.raises(LinkCodeError):
            await days.actions.preview_link(user, hash_code(f"WRONG{user}{number}"))


async def told(days: Days) -> list[object]:
    """What the operator hears at this tick."""
    before = len(days.post.notices)
    await days.actions.tell_wrong_codes()
    await days.actions.send_outbox()
    return [note.notice for note in days.post.notices[before:]]


async def test_typing_errors_are_no_storm(days: Days) -> None:
    for user in range(1, MANY_USERS):
        await guesses(days, user, 2)
    assert await told(days) == []


async def test_many_who_guess_are_told_of(days: Days) -> None:
    for user in range(1, MANY_USERS + 1):
        await guesses(days, user)
    assert await told(days) == [WrongCodes(10, 10)]
    assert await told(days) == []


@pytest.mark.slow
async def test_many_guesses_are_told_of(days: Days) -> None:
    for user in range(1, 7):
        await guesses(days, user, 5)
    assert await told(days) == [WrongCodes(30, 6)]


@pytest.mark.slow
async def test_guesses_spread_over_the_day_raise_no_alarm(days: Days) -> None:
    for user in range(1, 2 * MANY_USERS):
        await guesses(days, user, 2)
        days.clock.advance(7 * MINUTE)
        assert await told(days) == []


@pytest.mark.slow
async def test_a_storm_that_goes_on_is_told_of_every_second_hour(days: Days) -> None:
    heard = 0
    for step in range(6 * 6):
        for user in range(MANY_USERS):
            await guesses(days, 100 * step + user + 1)
        heard += len(await told(days))
        days.clock.advance(10 * MINUTE)
    assert heard == 3


@pytest.mark.slow
async def test_nobody_else_is_locked_out(days: Days) -> None:
    for user in range(1, 20):
        await guesses(days, user, 5)
    assert len(await told(days)) == 1
    code, _ = await days.actions.issue_link_code("anna", by=STAFF)
    await days.actions.preview_link(99, hash_code(code))
    with pytest.raises(LinkCodeError) as refused:
        await days.actions.preview_link(1, hash_code(code))
    assert refused.value.code == "too_many_guesses"


async def test_guesses_that_a_wrong_clock_has_noted_lock_nobody_out(days: Days) -> None:
    days.clock.set(timedelta(days=3))
    await guesses(days, 1, 5)
    days.clock.set(timedelta(days=-3))
    code, _ = await days.actions.issue_link_code("anna", by=STAFF)
    await days.actions.forget_old()
    await days.actions.preview_link(1, hash_code(code))


async def test_two_processes_tell_it_once(days: Days, empty: str) -> None:
    for user in range(1, MANY_USERS + 1):
        await guesses(days, user)
    async with open_days(empty, days.clock.now()) as other:
        assert await days.actions.tell_wrong_codes()
        assert not await other.actions.tell_wrong_codes()
