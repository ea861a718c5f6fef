"""The calls of an hour: ours are counted, and the panel's own refusal is heeded."""

from datetime import timedelta

import pytest

from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.errors import NotSentError
from bot.sandbox.panels.fossbilling.api import PanelApi
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.fakes import StillClock

READ = "admin/order/get"


async def _refused(there: Outside) -> str:
    with pytest.raises(NotSentError) as caught:
        await there.http.read(READ, id=1)
    return caught.value.reason


async def test_an_hour_has_so_many_calls_and_then_none(clock: StillClock) -> None:
    async with outside(PanelApi(clock), budget=Budget(5, clock.seconds)) as there:
        for _ in range(5):
            clock.advance(timedelta(minutes=11))
            await there.http.read(READ, id=1)
        assert (await _refused(there), there.http.budget.left) == ("budget_spent", 0)
        # Guests have a bucket of their own.
        assert await there.http.read("guest/system/periods")
        # The hour counts from the first call, and all of it comes back at once.
        clock.advance(timedelta(minutes=15))
        assert await _refused(there) == "budget_spent"
        clock.advance(timedelta(minutes=1))
        assert there.http.budget.left == 5
        await there.http.read(READ, id=1)
        assert there.http.budget.left == 4


async def test_what_reads_in_bulk_leaves_a_third(clock: StillClock) -> None:
    budget = Budget(9, clock.seconds)
    assert [await budget.take(bulk=True) for _ in range(7)] == [True] * 6 + [False]
    assert [await budget.take() for _ in range(4)] == [True] * 3 + [False]


async def test_a_panel_that_has_had_enough_is_left_alone_for_the_hour(clock: StillClock) -> None:
    api = PanelApi(clock)
    api.limit.calls = 3
    async with outside(api, budget=Budget(900, clock.seconds)) as there:
        for _ in range(3):
            await there.http.read(READ, id=1)
        clock.advance(timedelta(minutes=20))
        assert await _refused(there) == "rate_limited"
        # It says an hour, and its bucket fills an hour after its first use.
        clock.advance(timedelta(minutes=39))
        assert await _refused(there) == "budget_spent"
        clock.advance(timedelta(minutes=1))
        await there.http.read(READ, id=1)


async def test_others_of_the_same_address_use_its_calls(clock: StillClock) -> None:
    """Where the hour is not over as we had counted, one call tries every few minutes."""
    budget = Budget(900, clock.seconds)
    budget.close(3600)
    assert not await budget.take()
    clock.advance(timedelta(minutes=5))
    assert await budget.take()


async def test_a_short_wait_is_believed() -> None:
    clock = StillClock()
    budget = Budget(900, clock.seconds)
    budget.close(7)
    clock.advance(timedelta(seconds=6))
    assert not await budget.take()
    clock.advance(timedelta(seconds=1))
    assert await budget.take()
