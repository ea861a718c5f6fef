"""Several processes call one FOSSBilling, which counts their calls together."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from billing.ports.panel_hours import CallsGiven
from billing.ports.work import UnavailableError
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.errors import NotSentError
from bot.panels.fossbilling.http import Access, PanelHttp
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.server import create_app, serve
from storage.database import Database
from tests.bot.panels.fossbilling.serving import QUICK
from tests.database import Store, connect, database_at, on_both_stores
from tests.fakes import StillClock

READ = "admin/order/get"
PER_HOUR = 120


@pytest.fixture
def url(store: Store, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path) as found:
        yield found


def budget_of(database: Database, clock: StillClock) -> Budget:
    """That of one process; on PostgreSQL the hour is the database's, and does not pass here."""
    give = database.panel_hours.give
    budget = Budget(PER_HOUR, clock.seconds)
    budget.give = partial(give, now=clock.now())
    return budget


@asynccontextmanager
async def processes(
    url: str, address: str, clock: StillClock, n: int
) -> AsyncIterator[list[PanelHttp]]:
    """So many with a database and a connection to the panel each."""
    async with AsyncExitStack() as closing:
        made = []
        for _ in range(n):
            database = await connect(url)
            closing.push_async_callback(database.close)
            made.append(PanelHttp(Access(address, ADMIN_TOKEN), budget_of(database, clock), QUICK))
            closing.push_async_callback(made[-1].close)
        yield made


async def reads(http: PanelHttp, times: int, *, in_bulk: bool = False) -> tuple[int, str]:
    """How many calls are answered until one is not, and why that one was not."""
    for number in range(times):
        try:
            await http.read(READ, id=1, in_bulk=in_bulk)
        except NotSentError as error:
            return number, error.reason
    return times, ""


@on_both_stores
async def test_together_they_stay_below_the_limit(url: str, clock: StillClock) -> None:
    api = PanelApi(clock)
    api.limit.calls = PER_HOUR
    async with (
        serve(create_app(api)) as address,
        processes(url, address, clock, 3) as (first, second, third),
    ):
        # One needs few; what it does not ask for is there for the others.
        assert await reads(third, 5) == (5, "")
        done = await asyncio.gather(*(reads(one, PER_HOUR) for one in (first, second)))
        assert {reason for _, reason in done} == {"budget_spent"}
        # The third keeps the rest of its two: a sixtieth of the hour's calls at a time.
        assert sum(number for number, _ in done) + 5 == PER_HOUR - 1
        assert await reads(third, 5) == (1, "budget_spent")
    assert len(api.calls) == PER_HOUR


@on_both_stores
async def test_a_restart_begins_no_new_hour(url: str, clock: StillClock) -> None:
    api = PanelApi(clock)
    async with serve(create_app(api)) as address:
        async with processes(url, address, clock, 1) as (one,):
            assert await reads(one, 99) == (99, "")
        async with processes(url, address, clock, 1) as (again,):
            # The one that it had been given and not made is lost.
            assert await reads(again, PER_HOUR) == (20, "budget_spent")


@on_both_stores
async def test_what_reads_in_bulk_leaves_a_third_of_them_all(url: str, clock: StillClock) -> None:
    async with (
        serve(create_app(PanelApi(clock))) as address,
        processes(url, address, clock, 2) as (reader, other),
    ):
        assert await reads(other, 10) == (10, "")
        assert await reads(reader, PER_HOUR, in_bulk=True) == (70, "budget_spent")
        assert await reads(other, PER_HOUR) == (40, "budget_spent")


@on_both_stores
async def test_a_used_up_hour_is_not_asked_for_again(url: str, clock: StillClock) -> None:
    database = await connect(url)
    budget = budget_of(database, clock)
    asked: list[int] = []
    database.engines.on_statement(lambda: asked.append(1))
    assert [await budget.take() for _ in range(PER_HOUR)] == [True] * PER_HOUR
    assert not await budget.take()
    # Two statements for each lot, which has two calls here, and one to learn that none are left.
    assert len(asked) == PER_HOUR + 1
    assert not await budget.take()
    assert budget.left == 0
    assert len(asked) == PER_HOUR + 1
    await database.close()


async def test_what_was_given_is_void_when_the_hour_ends(clock: StillClock) -> None:
    budget = Budget(900, clock.seconds)
    assert await budget.take()
    clock.advance(timedelta(hours=1))
    assert budget.left == 900
    # Fifteen at a time, of which one was made: the next is the first of a new lot.
    assert await budget.take()
    assert budget.left == 899


async def test_nothing_is_called_while_the_database_is_away(clock: StillClock) -> None:
    async def away(calls: int, *, most: int) -> CallsGiven:
        raise UnavailableError

    api = PanelApi(clock)
    async with serve(create_app(api)) as address:
        budget = Budget(900, clock.seconds, give=away)
        http = PanelHttp(Access(address, ADMIN_TOKEN), budget, QUICK)
        with pytest.raises(NotSentError) as caught:
            await http.write("admin/order/suspend", id=1)
        await http.close()
    assert caught.value.reason == "budget_spent"
    assert api.calls == []
