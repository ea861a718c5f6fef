"""People who tap on a bot's buttons against a local server, and what that cost the bot."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

import psutil

from bot.sandbox.errors import Json
from bot.sandbox.methods.api import BotApi


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

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time per tap."""
        return self.cpu_seconds / len(self.latencies) * 1000 if self.latencies else 0.0

    def cells(self) -> Sequence[str]:
        """A row of the table."""
        if len(self.latencies) < 2:
            return ("-",) * 5
        return (
            f"{self.rate:.1f}",
            f"{median(self.latencies) * 1000:.0f}",
            f"{self.p95 * 1000:.0f}",
            f"{self.cpu_ms:.2f}",
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

    async def measure(
        self, figures: Figures, users: Sequence[int], seconds: float, *, rest: float | None = None
    ) -> None:
        """Let people tap for a while and add what was seen."""
        rest = self.rest if rest is None else rest
        cpu, start = self.cpu(), time.perf_counter()
        end = start + seconds
        # People who rest do not do it in step.
        turns = [rest * place / len(users) for place in range(len(users))]
        people = zip(users, turns, strict=True)
        taps = (self._taps(user, turn, end, rest, figures.latencies) for user, turn in people)
        await asyncio.gather(*taps)
        figures.seconds += time.perf_counter() - start
        figures.cpu_seconds += self.cpu() - cpu
        figures.memory_mb = max(figures.memory_mb, self.memory_mb())

    def cpu(self) -> float:
        """Seconds of processor time that the bot has used."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory_mb(self) -> float:
        """The bot's memory."""
        return float(self.process.memory_info().rss) / 2**20

    async def _taps(
        self, user: int, later: float, end: float, rest: float, latencies: list[float]
    ) -> None:
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
            if rest:
                await asyncio.sleep(rest)

    async def greet(self, user: int) -> None:
        """Open the screen that is tapped on."""
        hands = self.api.visitor(user)
        with hands.chat.watched() as events:
            hands.send(self.opening)
            while True:
                async with asyncio.timeout(60):
                    event = await events.get()
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
        # In Python 3.11 `wait_for` may swallow that it is cancelled.
        async with asyncio.timeout(120):
            event = await events.get()
        if event and event[0] == "message":
            return
