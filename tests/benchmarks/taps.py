"""A tap on Panelik's services list beside bare echo bots, interleaved in one run.

Every person taps, waits until the message has visibly changed, rests, and taps again. The server
and the people are one process, each bot is another. Panelik reads a page of a client with 1 000
services; the echo bots read nothing.

    python -m tests.benchmarks taps                                   # a few minutes
    python -m tests.benchmarks taps --people 1,20,200 --delays 0,50 --rests 0,0.5 \\
        --stores sqlite,postgresql                                    # the full table

The machine may be busy with other things: compare the CPU of bots in one run, never of two runs.
"""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot.sandbox.faults import Fault
from bot.sandbox.people import CROWD_FROM
from locales.tool.project import Project
from locales.tool.translations import compile_all
from tests.benchmarks import bots
from tests.benchmarks.bots import Candidate, Start, started
from tests.benchmarks.estate import build
from tests.benchmarks.stores import make_durable
from tests.benchmarks.tapping import Figures, Runner
from tests.database import Store, database_at

ROOT = Path(__file__).parents[2]

WARM_SECONDS = 1.0
WARM_PEOPLE = 20
"""More would only queue: PTB as it comes needs half a minute for one tap of each of 200 people."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How many people tap, how long they rest, and how long a call of the Bot API takes."""

    delay_ms: int
    people: int
    rest: float

    @property
    def users(self) -> range:
        """Those who tap."""
        return range(CROWD_FROM, CROWD_FROM + self.people)

    def cells(self) -> Sequence[str]:
        """The first cells of a row."""
        return f"{self.delay_ms} ms", str(self.people), f"{self.rest:g} s"


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options; lists are separated by commas."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks taps")
    parser.add_argument("--people", type=_numbers, default=[1, 20])
    parser.add_argument("--delays", type=_numbers, default=[0, 50], help="ms per call")
    parser.add_argument("--rests", type=_seconds, default=[0.5], help="s between taps")
    parser.add_argument("--stores", type=_stores, default=[Store.SQLITE])
    parser.add_argument("--clients", type=int, default=100, help="with 1 000 services each")
    parser.add_argument("--seconds", type=float, default=4.0, help="of a round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default="", help="bots whose name contains this, and aiogram")
    return parser.parse_args(arguments)


def run(arguments: Sequence[str] = ()) -> None:
    """Measure every setting and print the tables."""
    asked = options(arguments)
    console = Console(width=110)
    with ExitStack() as stack:
        candidates = [bots.PTB, bots.PTB_AIOHTTP, bots.aiogram(console)]
        for store in asked.stores:
            home = Path(stack.enter_context(TemporaryDirectory(prefix="panelik-bench-")))
            console.print(f"Loading {asked.clients} 000 services into {store} ...")
            url = stack.enter_context(database_at(store, home))
            asyncio.run(build(url, home, people=max(asked.people), clients=asked.clients))
            candidates.append(bots.ours(store, url))
        make_durable(asked.stores)
        # As installed: in a checkout a process compiles the catalogues when it starts.
        list(compile_all(Project(ROOT)))
        wanted = [
            one
            for one in candidates
            if one and (asked.only in one.name or one.name == bots.AIOGRAM)
        ]
        for table in asyncio.run(_measure(wanted, asked)):
            console.print(table)


async def _measure(candidates: Sequence[Candidate], asked: argparse.Namespace) -> Iterator[Table]:
    async with AsyncExitStack() as stack:
        runners, starts = [], []
        for candidate in candidates:
            runner, start = await stack.enter_async_context(started(candidate))
            runners.append(runner)
            starts.append(start)
        for runner in runners:
            for user in range(CROWD_FROM, CROWD_FROM + max(asked.people)):
                await runner.greet(user)
        taps = Table("delay", "people", "rest", "bot", "updates/s", "p50 ms", "p95 ms", "CPU ms",
                     "of aiogram", "RSS MB", title="tap -> answer + edit, polling")  # fmt: skip
        for delay, people, rest in product(asked.delays, asked.people, asked.rests):
            await _row(taps, runners, Setting(delay, people, rest), asked)
        return iter((taps, await _afterwards(runners, starts)))


async def _row(
    table: Table, runners: Sequence[Runner], setting: Setting, asked: argparse.Namespace
) -> None:
    figures = {runner.name: Figures() for runner in runners}
    for runner in runners:
        runner.api.faults.clear()
        if setting.delay_ms:
            fault = Fault("*", "delay", count=None, delay_ms=setting.delay_ms)
            runner.api.faults.add(fault)
    for _ in range(asked.rounds):
        for runner in runners:
            await runner.measure(Figures(), setting.users[:WARM_PEOPLE], WARM_SECONDS)
            await runner.measure(
                figures[runner.name], setting.users, asked.seconds, rest=setting.rest
            )
    yardstick = figures[bots.AIOGRAM].cpu_ms if bots.AIOGRAM in figures else 0.0
    for name, figure in figures.items():
        *cells, memory = figure.cells()
        ratio = f"{figure.cpu_ms / yardstick:.2f}" if yardstick else "-"
        last = name == runners[-1].name
        table.add_row(*setting.cells(), name, *cells, ratio, memory, end_section=last)


async def _afterwards(runners: Sequence[Runner], starts: Sequence[Start]) -> Table:
    """What a bot takes when nobody taps."""
    table = Table("bot", "first answer s", "CPU s until then", "idle CPU %", "RSS MB",
                  title="start, and after the run")  # fmt: skip
    seconds = 10.0
    before = [runner.cpu() for runner in runners]
    await asyncio.sleep(seconds)
    for runner, cpu, start in zip(runners, before, starts, strict=True):
        idle = (runner.cpu() - cpu) / seconds * 100
        begun = (f"{start.seconds:.2f}", f"{start.cpu_seconds:.2f}")
        table.add_row(runner.name, *begun, f"{idle:.1f}", f"{runner.memory_mb():.0f}")
    return table


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _seconds(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def _stores(text: str) -> list[Store]:
    return [Store(part) for part in text.split(",")]
