"""Processes that receive updates are restarted or killed: nothing is lost, nothing happens twice.

The small size runs always, the full one in `make soak`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from bot.modes import Mode
from bot.sandbox.talk import http_driver
from tests.crowd import Crowd
from tests.database import Store, connect, database_at
from tests.trials.receivers import (
    Receivers,
    everything_is_handled,
    is_answered,
    meanwhile,
    pays,
    receivers,
    searches,
    without_reminders,
)
from tests.walker.books import check_books

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Load:
    """So many people pay, the others search for `each` things; `gap` answers between deaths."""

    people: int
    payers: int
    each: int
    gap: int
    seconds: float

    @property
    def crowd(self) -> Crowd:
        return Crowd(self.people)

    @property
    def paying(self) -> range:
        return self.crowd.users[: self.payers]

    @property
    def searching(self) -> range:
        return self.crowd.users[self.payers :]


SMALL = Load(people=12, payers=4, each=12, gap=15, seconds=100)
LARGE = Load(people=200, payers=60, each=60, gap=60, seconds=1500)

WEBHOOKS = pytest.param(Store.POSTGRESQL, Mode.WEBHOOK, 3, id="3 webhooks on PostgreSQL")
ALONE = [
    pytest.param(Store.SQLITE, Mode.WEBHOOK, 1, id="a webhook on SQLite"),
    pytest.param(Store.SQLITE, Mode.POLLING, 1, id="polling on SQLite"),
]


@pytest.fixture(params=[SMALL, pytest.param(LARGE, marks=pytest.mark.soak)], ids=["small", "full"])
def load(request: pytest.FixtureRequest) -> Load:
    found: Load = request.param
    return found


@pytest.fixture
def database_url(store: Store, load: Load, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path, partial(without_reminders, load.crowd)) as url:
        yield url


@pytest.fixture
async def trial(
    tmp_path: Path,
    database_url: str,
    mode: Mode,
    count: int,
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Receivers]:
    monkeypatch.setattr(http_driver, "PATIENCE_SECONDS", load.seconds)
    async with receivers(tmp_path, database_url, mode, count, load.crowd) as opened:
        yield opened


async def everybody_acts(trial: Receivers, load: Load) -> None:
    """Some pay; the others search, a few things at a time, until all of it is answered."""

    is_polling = trial.processes[0].settings["MODE"] == Mode.POLLING

    async def search(user: int) -> None:
        for number in range(load.each):
            trial.api.visitor(user).send(f"nr {number}")
            await asyncio.sleep(0.2)
            # Polling leaves out texts of somebody who sends many while the bot is away.
            if is_polling:
                await is_answered(trial.api, user, number)

    everybody = [pays(trial.url, user) for user in load.paying]
    async with asyncio.timeout(load.seconds):
        await asyncio.gather(*everybody, *(search(user) for user in load.searching))
    await everything_is_handled(trial.api, load.seconds)


async def everybody_has_paid_once(database_url: str, load: Load) -> None:
    database = await connect(database_url)
    try:
        await _all_is_booked(database_url, load)
        await check_books(database)
        async with database.engines.readers.connect() as db:
            paid = (
                await db.execute(text("SELECT status, count(*) FROM invoices GROUP BY 1"))
            ).all()
            payments = (await db.execute(text("SELECT count(*) FROM payments"))).scalar_one()
            money = (await db.execute(text("SELECT sum(paid), sum(gross) FROM invoices"))).one()
            loose = (await db.execute(text("SELECT count(*) FROM unplaced_money"))).scalar_one()
        assert [tuple(row) for row in paid] == [("paid", load.payers)]
        assert (payments, loose) == (load.payers, 0)
        assert money[0] == money[1]
    finally:
        await database.close()


async def _all_is_booked(database_url: str, load: Load) -> None:
    database = await connect(database_url)
    waits = text("SELECT count(*) FROM inbox WHERE state NOT IN ('booked', 'handled')")
    try:
        async with asyncio.timeout(load.seconds):
            while True:
                async with database.engines.readers.connect() as db:
                    if not (await db.execute(waits)).scalar_one():
                        return
                await asyncio.sleep(0.1)
    finally:
        await database.close()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("store", "mode", "count"), [WEBHOOKS, *ALONE])
async def test_a_rolling_restart_under_load_loses_and_doubles_nothing(
    trial: Receivers, database_url: str, load: Load
) -> None:
    turn = cycle(trial.processes)

    async def restart() -> None:
        await trial.api.shows(load.gap)
        await trial.restart(next(turn))

    async with meanwhile(restart) as restarts:
        await everybody_acts(trial, load)
    assert len(restarts) >= 2
    for user in load.searching:
        assert searches(trial.api, user) == list(range(load.each)), user
    await everybody_has_paid_once(database_url, load)
    assert "Traceback" not in trial.log
    assert "not finished in time" not in trial.log


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("store", "mode", "count"), [WEBHOOKS, *ALONE])
async def test_processes_that_are_killed_under_load_lose_nothing_and_keep_the_order(
    trial: Receivers, database_url: str, load: Load
) -> None:
    chance = Random(11)

    async def kill() -> None:
        await trial.api.shows(load.gap)
        await trial.kill(chance)

    async with meanwhile(kill) as deaths:
        await everybody_acts(trial, load)
    assert len(deaths) >= 2
    for user in load.searching:
        answered = searches(trial.api, user)
        assert sorted(answered) == answered, user
        assert set(answered) == set(range(load.each)), user
    await everybody_has_paid_once(database_url, load)
    assert "Traceback" not in trial.log
