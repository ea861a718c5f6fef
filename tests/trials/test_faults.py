"""A load of people, and something that goes wrong meanwhile: nothing is lost or happens twice.

Every fault is tried in the small size at every run of the tests, all of them in all set-ups and in
the full size by `make soak`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random, SystemRandom

import pytest
from sqlalchemy import text

from billing.rules.lease import LEASE
from bot.modes import Mode
from storage.database import Database
from tests.crowd import Crowd
from tests.database import Store, database_at
from tests.trials.checks import check, everything_is_booked_and_told, everything_is_handled
from tests.trials.fleet import Fleet, WatchedApi, fleet
from tests.trials.floods import is_sentence, said_to
from tests.trials.load import Load, everybody_acts
from tests.trials.troubles import TROUBLES, Trouble
from tests.world import START

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

SMALL = Load(buyers=2, searchers=4, each=6, seconds=180)
LARGE = Load(buyers=40, searchers=60, each=30, seconds=1500)

FLOOD = Load(buyers=2, searchers=10, each=3, seconds=180, has_flood=True)
LARGE_FLOOD = Load(buyers=20, searchers=100, each=3, seconds=600, has_flood=True)
"""Nobody else sends more than three messages at once, for which their own pace has room."""

PROMISE = 2.0
"""Seconds in which nineteen of twenty others have their answer."""

STRIKES = 2
"""So often at least something goes wrong while people act."""

FAR_FROM_OVER = 20
"""So many of the flood's messages wait when all others have what they want."""

MORNING = START.replace(hour=8)


@dataclass(frozen=True, slots=True)
class Company:
    """How somebody runs Panelik."""

    mode: Mode
    store: Store
    tasks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.mode} on {self.store}"


COMPANIES = (
    Company(Mode.POLLING, Store.SQLITE, ("run", "work")),
    Company(Mode.WEBHOOK, Store.SQLITE, ("run", "work")),
    Company(Mode.POLLING, Store.POSTGRESQL, ("run", "work", "work")),
    Company(Mode.WEBHOOK, Store.POSTGRESQL, ("run", "run", "run", "work")),
)


POLLING, WEBHOOK, POLLING_MANY, WEBHOOK_MANY = COMPANIES
ALWAYS = {
    POLLING: ("kills", "lost answers", "broken connections"),
    WEBHOOK: ("kills", "errors"),
    POLLING_MANY: ("floods",),
    WEBHOOK_MANY: ("restarts", "repeats"),
}
"""What is tried at every run of the tests; all of it takes too long for that."""

MATRIX = [
    pytest.param(
        company,
        trouble,
        id=f"{company}-{trouble}",
        marks=() if trouble.name in ALWAYS[company] else pytest.mark.soak,
    )
    for company in COMPANIES
    for trouble in TROUBLES
]

SIZES = [pytest.param(SMALL, id="small"), pytest.param(LARGE, id="full", marks=pytest.mark.soak)]
FLOODS = [
    pytest.param(FLOOD, id="small"),
    pytest.param(LARGE_FLOOD, id="full", marks=pytest.mark.soak),
]


@pytest.fixture
def database_url(company: Company, load: Load, tmp_path: Path) -> Iterator[str]:
    with database_at(company.store, tmp_path, partial(without_reminders, load.crowd)) as url:
        yield url


async def without_reminders(crowd: Crowd, url: str) -> None:
    """Fill a database with a crowd that gets no reminders, which would come in between."""
    await crowd(url)
    database = await Database.open(url, migrate=False)
    try:
        async with database.engines.writer.begin() as connection:
            await connection.execute(text("UPDATE links SET reminders_on = false"))
    finally:
        await database.close()


@pytest.fixture
def chance() -> Random:
    """A generator whose seed is printed, and can be given as TRIAL_SEED."""
    seed = int(os.environ.get("TRIAL_SEED") or SystemRandom().randrange(1_000_000))
    print(f"TRIAL_SEED={seed}")  # noqa: T201 - to repeat it
    return Random(seed)


async def all_is_done(ships: Fleet, database_url: str, seconds: float) -> None:
    """Wait for what comes by itself; what the dead had in hand comes when their leases end."""
    ships.clock.advance(LEASE)
    async with ships.sailing():
        await everything_is_booked_and_told(database_url, seconds)


@pytest.mark.parametrize(("company", "trouble"), MATRIX)
@pytest.mark.parametrize("load", SIZES)
async def test_nothing_is_lost_and_nothing_happens_twice(
    tmp_path: Path,
    database_url: str,
    company: Company,
    trouble: Trouble,
    load: Load,
    chance: Random,
) -> None:
    api = WatchedApi(load.crowd.users)
    async with fleet(
        tmp_path, database_url, company.tasks, api, MORNING, mode=company.mode
    ) as ships:
        async with ships.sailing():
            async with trouble.around(ships, chance) as strikes:
                record = await everybody_acts(api, load, is_enough=lambda: len(strikes) >= STRIKES)
            await everything_is_handled(api, load.seconds)
        await all_is_done(ships, database_url, load.seconds)
        print(f"{company}, {len(strikes)} {trouble}: {record}")  # noqa: T201 - the figures
        assert len(strikes) >= STRIKES
        await check(api, database_url, load, record)
        if not trouble.loses_answers:
            assert not record.unanswered
            assert trouble.reorders or not record.repeats, "\n".join(record.repeats)
            assert "Traceback" not in ships.log


@pytest.mark.parametrize("company", COMPANIES, ids=str)
@pytest.mark.parametrize("load", FLOODS)
async def test_others_are_answered_while_one_person_has_sent_far_too_much(
    tmp_path: Path, database_url: str, company: Company, load: Load
) -> None:
    api = WatchedApi(load.crowd.users)
    async with fleet(
        tmp_path, database_url, company.tasks, api, MORNING, mode=company.mode, pace=None
    ) as ships:
        async with ships.sailing():
            record = await everybody_acts(api, load)
            print(f"{company}, a flood: {record}")  # noqa: T201 - the figures
            if company.mode is Mode.WEBHOOK:
                # Telegram posts one after the other, at the pace at which they are answered.
                await everything_is_handled(api, load.seconds, but_of=load.flooding)
                assert len(api.updates) > FAR_FROM_OVER
                api.updates.clear()
            await everything_is_handled(api, load.seconds)
        await all_is_done(ships, database_url, load.seconds)
    if company.mode is Mode.POLLING:
        assert sum(map(is_sentence, said_to(api, load.flooding))) == 1
    await check(api, database_url, load, record)
    assert not record.unanswered
    assert not record.repeats, "\n".join(record.repeats)
    if load is LARGE_FLOOD:
        assert record.p95 <= PROMISE
