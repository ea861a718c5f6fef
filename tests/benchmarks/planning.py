"""Planning a day: what it costs on a table of ten thousand services and on one of a million.

As many are due in both, so a cost that grows with what exists shows. Each planning is a process of
its own: memory of the one does not hide in the other.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from bot.app import open_core
from storage.database import Database
from tests.benchmarks.steps import steps
from tests.benchmarks.stores import company_on
from tests.crowd import Crowd
from tests.database import Store
from tests.fakes import StillClock
from tests.statements import counting
from tests.world import START, make_settings

SMALL, LARGE = Crowd(10_000), Crowd(100_000, each=10, one_in=100)
MIDNIGHT = START - timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning a day has cost, and how the services were found for it."""

    digests: int
    seconds: float
    cpu_seconds: float
    longest_ms: float
    began_mb: float
    ended_mb: float
    found_by: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """A part of a row."""
        return (
            str(self.digests),
            f"{self.seconds:.2f}",
            f"{self.cpu_seconds:.2f}",
            f"{self.longest_ms:.0f}",
            f"{self.began_mb:.0f}",
            f"{self.ended_mb - self.began_mb:.0f}",
        )


class Longest:
    """The longest time for which a connection that may write was in anybody's hands.

    Its lock is held for a little less: from the first statement to the end of the commit.
    """

    def __init__(self, database: Database) -> None:
        self.seconds = 0.0
        self._since: dict[Any, float] = {}
        pool = database.engines.writer.sync_engine.pool
        event.listen(pool, "checkout", self._taken)
        event.listen(pool, "checkin", self._given_back)

    def _taken(self, dbapi: Any, _record: Any, _proxy: Any) -> None:
        self._since[dbapi] = time.perf_counter()

    def _given_back(self, dbapi: Any, _record: Any) -> None:
        self.seconds = max(self.seconds, time.perf_counter() - self._since.pop(dbapi))


def plan(url: str) -> Planned:
    """Plan the crowd's day."""
    return asyncio.run(_plan(url))


async def _plan(url: str) -> Planned:
    process = psutil.Process()
    async with open_core(make_settings(url), clock=StillClock(MIDNIGHT)) as core:
        await core.actions.show_catalog()
        longest = Longest(core.database)
        began, cpu, start = process.memory_info().rss, time.process_time(), time.perf_counter()
        with counting(core.database) as statements:
            digests = await core.actions.plan_reminders()
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        ended, locked_ms = process.memory_info().rss, longest.seconds * 1000
        found_by = await steps(core.database, statements.run, of="services")
    return Planned(
        digests, seconds, cpu_seconds, locked_ms, began / 2**20, ended / 2**20, tuple(found_by)
    )


def run() -> None:
    """Measure both sizes on both stores and print one table."""
    console = Console(width=110)
    table = Table(
        "store", "services", "digests", "seconds", "CPU s", "longest lock ms", "RSS MB",
        "grown MB", title="planning one day",
    )  # fmt: skip
    found = {}
    for store in Store:
        for crowd in (SMALL, LARGE):
            services = f"{crowd.clients * crowd.each:,}".replace(",", " ")
            console.print(f"Loading {services} services into {store} ...")
            with company_on(store, crowd) as url, get_context("spawn").Pool(1) as pool:
                planned = pool.apply(plan, (url,))
            table.add_row(store, services, *planned.cells())
            found[store] = planned.found_by
    console.print(table)
    for store, steps_of in found.items():
        console.print(f"{store} finds them by", *steps_of, sep="\n  ", highlight=False)
