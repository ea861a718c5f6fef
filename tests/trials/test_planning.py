"""Planning a day costs what is due, whatever else exists: SQLite counts its own steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.app import open_core
from tests.benchmarks.reminding import Size, measure
from tests.crowd import Crowd
from tests.database import Store, database_at, on_both_stores
from tests.fakes import StillClock
from tests.world import START, make_settings

STEPS = 100
"""How many instructions of SQLite's machine are counted as one."""

DUE = 500


@dataclass(slots=True)
class Meter:
    """Counts what the connections of an engine do from now on."""

    steps: int = 0

    def attach(self, dbapi: Any, _record: object) -> None:
        dbapi.call(lambda connection: connection.set_progress_handler(self._step, STEPS))

    def _step(self) -> int:
        self.steps += 1
        return 0


async def steps_of_planning(url: str) -> int:
    async with open_core(make_settings(url), clock=StillClock(START)) as core:
        meter, engines = Meter(), core.database.engines
        for engine in (engines.writer, engines.readers):
            await engine.dispose()
            event.listen(engine.sync_engine, "connect", meter.attach)
        assert await core.actions.plan_reminders() == DUE
    return meter.steps


@pytest.fixture
def urls(tmp_path: Path) -> Iterator[tuple[str, str]]:
    few, many = tmp_path / "few", tmp_path / "many"
    few.mkdir()
    many.mkdir()
    with (
        database_at(Store.SQLITE, few, Crowd(DUE)) as one,
        database_at(Store.SQLITE, many, Crowd(DUE, each=100, one_in=100)) as other,
    ):
        yield one, other


@pytest.mark.slow
async def test_among_a_hundred_times_as_many_services_planning_takes_as_many_steps(
    urls: tuple[str, str],
) -> None:
    among_few, among_many = [await steps_of_planning(url) for url in urls]
    assert among_few > DUE // STEPS
    assert among_many < 1.2 * among_few


SIZE = Size(due=12, messages=12, people=2, rest=0.05, delay_ms=0, idle_s=0.5)


@pytest.fixture
def company(store: Store, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path, SIZE.crowd) as url:
        yield url


@pytest.mark.slow
@on_both_stores
async def test_people_are_answered_while_a_day_is_planned_and_sent(company: str) -> None:
    phases = await measure(company, SIZE)
    assert phases.messages == SIZE.due
    assert {"idle", "planning", "the run"} <= {name for name, *_ in phases.rows()}
    assert phases.run.p95 < 2
