"""Taps per second: Panelik on the services list beside a bare echo bot, interleaved in one run.

Every person taps, waits until the message has visibly changed, and taps again. The server and the
people are one process, each bot is another. Panelik reads a page of a client with 1 000 services
out of 100 000; the echo bot reads nothing.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console
from rich.table import Table

from bot.sandbox.api import TOKEN, BotApi
from bot.sandbox.errors import Json
from bot.sandbox.faults import Fault
from bot.sandbox.people import CROWD_FROM
from bot.sandbox.server import create_app, serve
from tests.benchmarks.estate import build

PEOPLE = (1, 20, 200)
DELAYS_MS = (0, 50)
SECONDS = 6.0
ROUNDS = 2
WARM_SECONDS = 1.0
WARM_PEOPLE = 20
"""More would only queue: the echo bot needs half a minute for one tap of each of 200 people."""


@dataclass(slots=True)
class Figures:
    """What one bot did in one setting, over all rounds."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0

    @property
    def rate(self) -> float:
        """Taps answered per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def p95(self) -> float:
        """Seconds that 95 of 100 taps were answered in."""
        return quantiles(self.latencies, n=20)[-1]

    def cells(self) -> Sequence[str]:
        """A row of the table."""
        taps = len(self.latencies)
        if taps < 2:
            return ("-",) * 5
        return (
            f"{self.rate:.1f}",
            f"{median(self.latencies) * 1000:.0f}",
            f"{self.p95 * 1000:.0f}",
            f"{self.cpu_seconds / taps * 1000:.2f}",
            f"{self.memory_mb:.0f}",
        )


@dataclass(frozen=True, slots=True)
class Runner:
    """One bot under test: its server's side and its process; people `rest` between taps."""

    name: str
    api: BotApi
    process: psutil.Process
    opening: str
    rest: float = 0.0
    screens: dict[int, int] = field(default_factory=dict)
    """The message that each person taps on."""
    tapped: Counter[int] = field(default_factory=Counter)
    """How often each has."""

    async def measure(self, figures: Figures, users: Sequence[int], seconds: float) -> None:
        """Let people tap for a while and add what was seen."""
        cpu, start = self._cpu(), time.perf_counter()
        end = start + seconds
        # People who rest do not do it in step.
        turns = [self.rest * place / len(users) for place in range(len(users))]
        people = zip(users, turns, strict=True)
        taps = (self._taps(user, turn, end, figures.latencies) for user, turn in people)
        await asyncio.gather(*taps)
        figures.seconds += time.perf_counter() - start
        figures.cpu_seconds += self._cpu() - cpu
        figures.memory_mb = max(figures.memory_mb, self.process.memory_info().rss / 2**20)

    def _cpu(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    async def _taps(self, user: int, later: float, end: float, latencies: list[float]) -> None:
        hands = self.api.visitor(user)
        await asyncio.sleep(later)
        while time.perf_counter() < end:
            message = hands.chat.messages[self.screens[user]].body
            row, column = _place(message, self.tapped[user])
            self.tapped[user] += 1
            begun = time.perf_counter()
            with hands.chat.watched() as events:
                hands.tap(self.screens[user], row, column)
                await _changed(events)
            latencies.append(time.perf_counter() - begun)
            if self.rest:
                await asyncio.sleep(self.rest)

    async def greet(self, user: int) -> None:
        """Open the screen that is tapped on."""
        hands = self.api.visitor(user)
        with hands.chat.watched() as events:
            hands.send(self.opening)
            while True:
                event = await asyncio.wait_for(events.get(), 60)
                if not event or isinstance(event[1], list):
                    continue
                if event[0] == "message" and "reply_markup" in event[1]:
                    self.screens[user] = event[1]["message_id"]
                    return


def _place(message: Json, turn: int) -> tuple[int, int]:
    """The button "2 ›" or, every other time, "‹ 1" of the list; the echo bot has one button.

    LookupError if there is no such button: anything else would be another tap than the one named.
    """
    rows = message["reply_markup"]["inline_keyboard"]
    if [len(buttons) for buttons in rows] == [1]:
        return 0, 0
    wanted = "‹" if turn % 2 else "›"
    for row, buttons in enumerate(rows):
        for column, button in enumerate(buttons):
            sign, _, number = button["text"].partition(" ")
            if wanted in (sign, number) and (sign + number).strip("‹›").isdigit():
                return row, column
    raise LookupError(f"no button with {wanted}")


async def _changed(events: "asyncio.Queue[tuple[str, Json | list[Json]] | None]") -> None:
    while True:
        event = await asyncio.wait_for(events.get(), 120)
        if event and event[0] == "message":
            return


@asynccontextmanager
async def started(name: str, opening: str, *command: str) -> AsyncIterator[Runner]:
    """A bot as a process of its own against a server of ours."""
    api = BotApi()
    # The echo bot takes one tap after the other: with 200 people its answers come too late.
    api.world.callback_seconds = 600.0
    async with serve(create_app(api)) as url:
        arguments = [part.format(url=url, token=TOKEN) for part in command]
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments)
        try:
            yield Runner(name, api, psutil.Process(process.pid), opening)
        finally:
            process.terminate()
            await process.wait()


async def run(seconds: float = SECONDS, rounds: int = ROUNDS) -> None:
    """Measure every setting and print one table."""
    console = Console(width=110)
    with TemporaryDirectory(prefix="panelik-bench-") as home:
        console.print("Loading 100 000 services ...")
        url = await build(Path(home), people=max(PEOPLE))
        echo = started("echo", "/start", "tests.benchmarks.echo_bot", "{token}", "{url}/bot")
        ours = started("Panelik", "/services", "tests.benchmarks.our_bot", url, "{token}", "{url}")
        async with echo as first, ours as second:
            runners = (first, second)
            for runner in runners:
                for user in range(CROWD_FROM, CROWD_FROM + max(PEOPLE)):
                    await runner.greet(user)
            table = await _measure(runners, seconds, rounds)
    console.print(table)


async def _measure(runners: Sequence[Runner], seconds: float, rounds: int) -> Table:
    table = Table("delay", "people", "bot", "updates/s", "p50 ms", "p95 ms", "CPU ms", "RSS MB",
                  title="tap -> answer + edit")  # fmt: skip
    for delay in DELAYS_MS:
        for runner in runners:
            runner.api.faults.clear()
            if delay:
                runner.api.faults.add(Fault("*", "delay", count=None, delay_ms=delay))
        for people in PEOPLE:
            users = range(CROWD_FROM, CROWD_FROM + people)
            figures = {runner.name: Figures() for runner in runners}
            for _ in range(rounds):
                for runner in runners:
                    await runner.measure(Figures(), users[:WARM_PEOPLE], WARM_SECONDS)
                    await runner.measure(figures[runner.name], users, seconds)
            for name, figure in figures.items():
                table.add_row(f"{delay} ms", str(people), name, *figure.cells())
            echo, ours = (figures[runner.name].rate for runner in runners)
            table.add_row("", "", "ratio", f"{ours / echo:.2f}", "", "", "", "", end_section=True)
    return table
