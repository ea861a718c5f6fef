"""A tap on Panelik's services list beside bare echo bots, interleaved in one run.

Every person taps, waits until the message has visibly changed, rests, and taps again. The server
and the people are one process, each bot is another. Panelik reads a page of a client with 1 000
services; the echo bots read nothing.

    python -m tests.benchmarks taps                                   # a few minutes
    python -m tests.benchmarks taps --ingress polling,webhook --people 1,20,200 \\
        --delays 0,50 --rests 0,0.5 --stores sqlite,postgresql        # the full tables

The machine may be busy with other things: compare the CPU of bots in one run, never of two runs.
"""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot.modes import Mode
from bot.sandbox.faults import Fault
from bot.sandbox.people import CROWD_FROM
from locales.tool.project import Project
from locales.tool.translations import compile_all
from tests.benchmarks import bots
from tests.benchmarks.bots import Candidate, Start, started
from tests.benchmarks.estate import Loaded
from tests.benchmarks.stores import make_durable, stores
from tests.benchmarks.tapping import Figures, Runner
from tests.database import Store, database_at

ROOT = Path(__file__).parents[2]

WARM_SECONDS = 1.0
WARM_PEOPLE = 20
"""More would only queue: PTB as it comes needs half a minute for one tap of each of 200 people."""

OURS = "Panelik"
YARDSTICKS = (bots.PTB, bots.PTB_AIOHTTP)


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


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs, how it gets its updates, and how it started."""

    mode: Mode
    runner: Runner
    start: Start


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options; lists are separated by commas."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks taps")
    parser.add_argument("--ingress", type=_modes, default=[Mode.POLLING], help="polling,webhook")
    parser.add_argument("--people", type=_numbers, default=[1, 20])
    parser.add_argument("--delays", type=_numbers, default=[0, 50], help="ms per call")
    parser.add_argument("--rests", type=_seconds, default=[0.5], help="s between taps")
    parser.add_argument("--stores", type=stores, default=[Store.SQLITE])
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--services", type=int, default=1000, help="of each client")
    parser.add_argument("--seconds", type=float, default=4.0, help="of a round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--idle", type=float, default=10.0, help="seconds without a tap")
    parser.add_argument("--bots", default="", help="only those whose names begin with these")
    return parser.parse_args(arguments)


def run(arguments: Sequence[str] = ()) -> None:
    """Measure every setting and print the tables."""
    asked = options(arguments)
    console = Console(width=110)
    with _candidates(asked, console) as candidates:
        make_durable(asked.stores)
        # As installed: in a checkout a process compiles the catalogues when it starts.
        list(compile_all(Project(ROOT)))
        for table in asyncio.run(_measure(candidates, asked)):
            console.print(table)


@contextmanager
def _candidates(
    asked: argparse.Namespace, console: Console
) -> Iterator[list[tuple[Mode, Candidate]]]:
    """The bots that are asked for, each with a way in; one that reads has its own database."""
    names = tuple(asked.bots.split(","))
    yardsticks = [one for one in YARDSTICKS if one.name.startswith(names)]
    if bots.AIOGRAM.startswith(names) and (aiogram := bots.aiogram(console)):
        yardsticks.append(aiogram)
    with ExitStack() as stack:
        wanted = [(mode, one) for one in yardsticks for mode in asked.ingress]
        for store in asked.stores if OURS.startswith(names) else ():
            console.print(f"Loading {asked.clients * asked.services} services into {store} ...")
            fill = Loaded(max(asked.people), (asked.services,) * asked.clients)
            for mode in asked.ingress:
                home = stack.enter_context(TemporaryDirectory(prefix="panelik-bench-"))
                url = stack.enter_context(database_at(store, Path(home), fill))
                wanted.append((mode, bots.ours(store, url)))
        yield wanted


async def _measure(
    candidates: Sequence[tuple[Mode, Candidate]], asked: argparse.Namespace
) -> Sequence[Table]:
    async with AsyncExitStack() as stack:
        running = []
        for mode, candidate in candidates:
            runner, start = await stack.enter_async_context(started(candidate, mode))
            running.append(Bot(mode, runner, start))
        for bot in running:
            for user in range(CROWD_FROM, CROWD_FROM + max(asked.people)):
                await bot.runner.greet(user)
        tables = {
            mode: Table("delay", "people", "rest", "bot", "updates/s", "p50 ms", "p95 ms",
                        "CPU ms", "of aiogram", "RSS MB", title=f"tap -> answer + edit, {mode}")
            for mode in asked.ingress
        }  # fmt: skip
        for delay, people, rest in product(asked.delays, asked.people, asked.rests):
            setting = Setting(delay, people, rest)
            figures = await _tap(running, setting, asked)
            for mode, table in tables.items():
                _add_rows(table, setting, {
                    bot.runner.name: one
                    for bot, one in zip(running, figures, strict=True)
                    if bot.mode is mode
                })  # fmt: skip
        return *tables.values(), await _afterwards(running, asked.idle)


async def _tap(
    running: Sequence[Bot], setting: Setting, asked: argparse.Namespace
) -> Sequence[Figures]:
    """What each bot did in one setting, in turn with the others."""
    figures = [Figures() for _ in running]
    for bot in running:
        bot.runner.api.faults.clear()
        if setting.delay_ms:
            fault = Fault("*", "delay", count=None, delay_ms=setting.delay_ms)
            bot.runner.api.faults.add(fault)
    for _ in range(asked.rounds):
        for bot, one in zip(running, figures, strict=True):
            await bot.runner.measure(Figures(), setting.users[:WARM_PEOPLE], WARM_SECONDS)
            await bot.runner.measure(one, setting.users, asked.seconds, rest=setting.rest)
    return figures


def _add_rows(table: Table, setting: Setting, figures: dict[str, Figures]) -> None:
    yardstick = figures[bots.AIOGRAM].cpu_ms if bots.AIOGRAM in figures else 0.0
    for name, figure in figures.items():
        *cells, memory = figure.cells()
        ratio = f"{figure.cpu_ms / yardstick:.2f}" if yardstick else "-"
        table.add_row(*setting.cells(), name, *cells, ratio, memory)
    table.add_section()


async def _afterwards(running: Sequence[Bot], seconds: float) -> Table:
    """What a bot takes when nobody taps."""
    table = Table("ingress", "bot", "first answer s", "CPU s until then", "idle CPU %", "RSS MB",
                  title="start, and after the run")  # fmt: skip
    before = [bot.runner.cpu() for bot in running]
    await asyncio.sleep(seconds)
    for bot, cpu in zip(running, before, strict=True):
        idle = (bot.runner.cpu() - cpu) / seconds * 100
        begun = (f"{bot.start.seconds:.2f}", f"{bot.start.cpu_seconds:.2f}")
        memory = f"{bot.runner.memory_mb():.0f}"
        table.add_row(bot.mode, bot.runner.name, *begun, f"{idle:.1f}", memory)
    return table


def _modes(text: str) -> list[Mode]:
    return [Mode(part) for part in text.split(",")]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _seconds(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]
