"""Reminders while the panel is away: they wait, then name dates only, and nothing overdue."""

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from billing.views.account import ClientInfo
from bot.panels.deferred import deferred
from tests.billing.actions.reminders.reminding import Days, at, open_days
from tests.connected.fake import FakePanel
from tests.make import NOW, TODAY

HOUR = timedelta(hours=1)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    panel = deferred(FakePanel(TODAY, NOW))
    async with open_days(empty, panel=panel) as opened:
        yield opened


async def was_read(days: Days, client: ClientInfo) -> None:
    """The panel was read just now."""
    async with days.database.work.writing(client.id) as uow:
        now = days.clock.now()
        await uow.panel_state.see(client.id, at=now, is_closed=False, balance=None, now=now)
        await uow.commit()


async def test_one_waits_for_the_panel_and_then_goes_as_ever(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna)
    await was_read(days, anna)
    await days.goes_to(time(11))
    assert days.post.digests == []
    await was_read(days, anna)
    await days.goes_to(time(11, 15))
    assert days.last.as_of is None
    assert days.last.payable


async def test_one_that_has_waited_for_hours_says_as_of_when_and_asks_for_nothing(
    days: Days,
) -> None:
    anna = await days.client()
    await days.owns(anna)
    await was_read(days, anna)
    for hour in range(10, 14):
        await days.goes_to(time(hour, 59))
        assert days.post.digests == []
    await days.goes_to(time(15, 10))
    assert days.last.as_of == at(time(0, 1))
    assert (days.last.payable, days.last.can_pay) == ((), False)
    assert len(days.last.items) == 1


async def test_what_is_overdue_by_then_is_left_out(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, days=-1)
    await was_read(days, anna)
    await days.goes_to(time(11))
    await days.goes_to(time(15, 10))
    assert days.post.digests == []
    assert await days.states() == ["void"]


async def test_a_feed_that_was_read_makes_an_old_reading_good(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna)
    await was_read(days, anna)
    async with days.database.work.writing() as uow:
        await uow.panel_state.changes_read("1", at=at(time(10)))
        await uow.commit()
    await days.goes_to(time(11))
    assert days.last.as_of is None
