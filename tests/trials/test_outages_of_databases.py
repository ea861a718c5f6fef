"""A database that breaks under a load of people, in each way that databases break.

Nothing is lost, nothing happens twice, and every process goes on by itself. The small size runs
always, the full one in `make soak`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bot.modes import Mode
from bot.sandbox.clock import SandboxClock
from tests.database import Store
from tests.trials.checks import check, everything_is_handled
from tests.trials.fleet import Fleet, WatchedApi, fleet, meanwhile
from tests.trials.load import Load, everybody_acts
from tests.trials.outages import OUTAGES, Outage
from tests.trials.stores import PASSWORD, Broken, broken_store
from tests.trials.test_faults import MORNING, all_is_done, without_reminders

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

SMALL = Load(buyers=4, searchers=6, each=12, seconds=200)
LARGE = Load(buyers=20, searchers=40, each=30, seconds=1500)

MOST_STRIKES = {SMALL: 2, LARGE: 15}

FEW, MANY = ("run", "work"), ("run", "run", "work")

READY_SECONDS = 30.0


@pytest.fixture(params=[SMALL, pytest.param(LARGE, marks=pytest.mark.soak)], ids=["small", "full"])
def load(request: pytest.FixtureRequest) -> Load:
    found: Load = request.param
    return found


@pytest.fixture
def broken(outage: Outage, load: Load, tmp_path: Path) -> Iterator[Broken]:
    fill = partial(without_reminders, load.crowd)
    with broken_store(outage.store, tmp_path, fill, wired=outage.is_wired) as opened:
        yield opened


@dataclass(slots=True)
class Watch:
    """Asks the processes whether they are ready, all the time."""

    ships: Fleet
    refusals: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        async def look() -> None:
            while True:
                self.refusals += await self.not_ready()
                await asyncio.sleep(0.2)

        task = asyncio.create_task(look())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def not_ready(self) -> list[str]:
        """The reasons of those who are not."""
        reasons = []
        async with aiohttp.ClientSession() as session:
            for bot in self.ships.members:
                address = f"http://127.0.0.1:{bot.settings['METRICS_PORT']}/health/ready"
                try:
                    async with session.get(address) as answer:
                        if answer.status != 200:
                            reasons.append(f"{answer.status} {await answer.text()}")
                except aiohttp.ClientError as error:
                    reasons.append(f"no answer: {error}")
        return reasons

    async def ready(self) -> None:
        """Wait until all are."""
        async with asyncio.timeout(READY_SECONDS):
            while await self.not_ready():  # noqa: ASYNC110 - they are asked over HTTP
                await asyncio.sleep(0.1)


def lines_of_outages(log: str) -> tuple[list[str], list[str]]:
    """The lines that tell of the database, and all others."""
    about: list[str] = []
    others: list[str] = []
    for line in log.splitlines():
        (about if "bot.outage" in line else others).append(line)
    return about, others


@pytest.mark.parametrize("mode", list(Mode), ids=str)
@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: f"{outage} of {outage.store}")
async def test_nothing_is_lost_and_all_goes_on_by_itself(
    tmp_path: Path, broken: Broken, outage: Outage, mode: Mode, load: Load
) -> None:
    api = WatchedApi(load.crowd.users, clock=SandboxClock(MORNING))
    is_many = mode is Mode.WEBHOOK and outage.store is Store.POSTGRESQL
    tasks = MANY if is_many else FEW
    wire = broken.wire.open() if broken.wire else nullcontext()
    refusals: list[str] = []
    async with wire, fleet(tmp_path, broken.url, tasks, api, MORNING, mode=mode) as ships:
        ships.settings["METRICS_PORT"] = "0"
        watch = Watch(ships)

        async def strike() -> None:
            async with outage.breaks(broken), watch.watching():
                await asyncio.sleep(outage.seconds)
            await watch.ready()
            refusals.extend(watch.refusals)

        async def pause() -> None:
            """Give people the time to do something; after some outages, all of it."""
            is_enough = len(strikes) >= MOST_STRIKES[load]
            await asyncio.sleep(load.seconds if is_enough else 0.3 + len(strikes))

        async with ships.sailing():
            await watch.ready()
            async with meanwhile(strike, after=pause) as strikes:
                record = await everybody_acts(api, load)
            await everything_is_handled(api, load.seconds)
            assert ships.is_complete()
            assert ships.deaths == 0
        await all_is_done(ships, broken.plain_url, load.seconds)
    print(f"{mode}, {outage.store}, {len(strikes)} of {outage}: {record}")  # noqa: T201 - figures
    assert strikes
    await check(api, broken.plain_url, load, record)
    assert not record.unanswered
    _log_is_short(ships.log, len(strikes), len(tasks), load)
    if outage.is_seen:
        assert refusals
        assert {reason[:3] for reason in refusals} == {"503"}


def _log_is_short(log: str, strikes: int, processes: int, load: Load) -> None:
    """An outage is a line in each process when it begins and one when it ends."""
    about, others = lines_of_outages(log)
    assert len(about) <= 2 * strikes * processes, about
    assert len(others) <= 5 * load.buyers * strikes, others
    assert "Traceback" not in log
    assert PASSWORD not in log
