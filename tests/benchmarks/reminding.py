"""How quickly taps are answered while a day's reminders are planned and sent, beside idle.

One process does everything, as with one that is installed and left alone. People tap through the
list of their services: first while there is nothing to do, then while the day is planned, then
while its reminders go out at Telegram's pace. Who taps is sent no reminder.

    python -m tests.benchmarks reminding                        # 10 000 due, a minute of sending
    python -m tests.benchmarks reminding --messages 10000       # until all are sent
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console
from rich.table import Table

from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import TOKEN
from bot.sandbox.server import create_app, serve
from bot.telegram.pacing import Pace
from storage.database import Database
from tests.benchmarks.stores import company_on
from tests.benchmarks.tapping import Figures, Runner
from tests.crowd import DAY, NOON, Crowd
from tests.database import Store
from tests.process import MortalBot
from tests.trials.fleet import WatchedApi, member

PACE = Pace(per_chat=10_000, chat_burst=10_000)
"""Telegram's for what is sent unasked; the benchmark's people tap faster than any person does."""

STEP_S = 0.5
WARM_S = 2.0


@dataclass(frozen=True, slots=True)
class Size:
    """How many are sent a reminder, how many of them are waited for, and who taps."""

    due: int = 10_000
    messages: int = 1_500
    people: int = 20
    rest: float = 0.5
    delay_ms: int = 50
    idle_s: float = 20.0

    @property
    def crowd(self) -> Crowd:
        """Every other client has a service that is due, and all have several pages of them."""
        return Crowd(2 * self.due, each=20, one_in=40)

    @property
    def tapping(self) -> Sequence[int]:
        """People of clients with nothing due."""
        return self.crowd.users[: 2 * self.people : 2]


@dataclass(slots=True)
class Phases:
    """What people saw before, while the day was planned, and while it was sent."""

    idle: Figures = field(default_factory=Figures)
    planning: Figures = field(default_factory=Figures)
    sending: Figures = field(default_factory=Figures)
    messages: int = 0
    planning_s: float = 0.0

    @property
    def run(self) -> Figures:
        """Planning and sending together."""
        return Figures(self.planning.latencies + self.sending.latencies)

    def rows(self) -> list[tuple[str, ...]]:
        """The phases and the whole run, each beside idle."""
        named = {"idle": self.idle, "planning": self.planning, "sending": self.sending}
        return [
            (
                name,
                str(len(figures.latencies)),
                f"{median(figures.latencies) * 1000:.0f}",
                f"{figures.p95 * 1000:.0f}",
                f"{max(figures.latencies) * 1000:.0f}",
                f"{figures.p95 / self.idle.p95:.2f}",
            )
            for name, figures in {**named, "the run": self.run}.items()
            if len(figures.latencies) > 1
        ]


async def measure(url: str, size: Size) -> Phases:
    """Let people tap before and during the run of a day, on a database with the size's crowd."""
    api = WatchedApi(size.crowd.users)
    # The list is long and each of them taps for minutes.
    api.world.callback_seconds = 600.0
    await _set_planned(url, planned=True)
    async with _bot(url, api) as bot:
        assert bot.process is not None
        runner = Runner("", api, psutil.Process(bot.process.pid), "/services", rest=size.rest)
        for user in size.tapping:
            await runner.greet(user)
        if size.delay_ms:
            api.faults.add(Fault("*", "delay", count=None, delay_ms=size.delay_ms))
        await runner.measure(Figures(), size.tapping, WARM_S)
        phases = Phases()
        await runner.measure(phases.idle, size.tapping, size.idle_s)
        await _run(url, runner, api, size, phases)
        assert bot.is_alive, bot.log
    return phases


async def _run(url: str, runner: Runner, api: WatchedApi, size: Size, phases: Phases) -> None:
    """Let the day be planned and sent; which phase a step belongs to, messages say."""
    before = _reminders(api, size)
    await _set_planned(url, planned=False)
    begun = time.perf_counter()
    while phases.messages < size.messages:
        seen = phases.sending if phases.messages else phases.planning
        await runner.measure(seen, size.tapping, STEP_S)
        phases.messages = _reminders(api, size) - before
        if not phases.messages:
            phases.planning_s = time.perf_counter() - begun


def _reminders(api: WatchedApi, size: Size) -> int:
    return sum(api.got[user] for user in size.crowd.users[1::2])


async def _set_planned(url: str, *, planned: bool) -> None:
    """Let the day count as planned, or be planned at the next tick."""
    database = await Database.open(url, migrate=False)
    try:
        async with database.work.writing() as uow:
            await (uow.reminders.mark_planned(DAY) if planned else uow.reminders.forget_plan())
            await uow.commit()
    finally:
        await database.close()


@asynccontextmanager
async def _bot(url: str, api: WatchedApi) -> AsyncIterator[MortalBot]:
    """A process that does everything, at noon of the crowd's day."""
    with TemporaryDirectory(prefix="panelik-bench-") as home:
        async with serve(create_app(api)) as address:
            settings = {
                "BOT_TOKEN": TOKEN, "API_URL": address, "DATABASE_URL": url,
                "OUTBOX_SECONDS": "1", "TICK_SECONDS": "1",
            }  # fmt: skip
            moved = NOON - datetime.now(UTC)
            bot = MortalBot(Path(home), settings, partial(member, "run", moved, PACE))
            bot.start()
            try:
                yield bot
            finally:
                await bot.stop()


def options(arguments: Sequence[str]) -> tuple[Size, list[Store]]:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks reminding")
    usual = Size()
    parser.add_argument("--due", type=int, default=usual.due)
    parser.add_argument("--messages", type=int, default=usual.messages, help="until so many came")
    parser.add_argument("--people", type=int, default=usual.people)
    parser.add_argument("--rest", type=float, default=usual.rest, help="s between taps")
    parser.add_argument("--delay", type=int, default=usual.delay_ms, help="ms per call")
    parser.add_argument("--idle", type=float, default=usual.idle_s, help="s before the run")
    parser.add_argument("--stores", default=",".join(Store))
    asked = parser.parse_args(arguments)
    size = Size(
        asked.due, asked.messages, asked.people, asked.rest, asked.delay, asked.idle
    )  # fmt: skip
    return size, [Store(part) for part in asked.stores.split(",")]


def run(arguments: Sequence[str] = ()) -> None:
    """Measure both stores and print one table."""
    size, stores = options(arguments)
    console = Console(width=110)
    table = Table(
        "store", "phase", "taps", "p50 ms", "p95 ms", "longest ms", "p95 of idle",
        title=f"taps while {size.due} reminders are planned and sent, {size.delay_ms} ms a call",
    )  # fmt: skip
    for store in stores:
        console.print(f"Loading {size.crowd.clients} clients into {store} ...")
        with company_on(store, size.crowd) as url:
            phases = asyncio.run(measure(url, size))
        for row in phases.rows():
            table.add_row(store, *row, end_section=row[0] == "the run")
    console.print(table)
