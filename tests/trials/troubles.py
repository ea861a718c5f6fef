"""What goes wrong on the way between a bot and Telegram, again and again while people act."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from random import Random

from bot.modes import Mode
from bot.sandbox.faults import Fault
from tests.trials.fleet import Fleet, meanwhile

SENDS = ("sendMessage", "editMessageText", "answerCallbackQuery", "sendInvoice")
"""The calls by which a person is answered."""

Strike = Callable[[Fleet, Random], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A strike after each pause of `seconds`; `loses_answers` if it may cost somebody an answer.

    Otherwise each update must have its answer, though maybe twice. If it `reorders`, an older tap
    may come after a newer one and bring its screen again, so people may have to act again.
    Between two strikes `shown` answers reach people, so that a busy machine, whose processes
    begin slowly, makes its way.
    """

    name: str
    strike: Strike
    seconds: float
    shown: int = 0
    loses_answers: bool = False
    reorders: bool = False

    @asynccontextmanager
    async def around(self, ships: Fleet, chance: Random) -> AsyncIterator[list[int]]:
        """Strike while the block runs; the list grows with each strike."""

        async def pause() -> None:
            shown = ships.api.shown + self.shown
            await asyncio.sleep(self.seconds * chance.uniform(0.5, 1.5))
            await ships.api.shows(shown)

        async def strike() -> None:
            # What nobody ran into would add up: on a slow machine every call would fail.
            ships.api.faults.clear()
            await self.strike(ships, chance)

        async with meanwhile(strike, after=pause) as strikes:
            yield strikes
        ships.api.faults.clear()

    def __str__(self) -> str:
        return self.name


async def _kill(ships: Fleet, chance: Random) -> None:
    await ships.kill(chance)


def restarts() -> Strike:
    """Restart one after the other."""
    turn = count()

    async def restart(ships: Fleet, _chance: Random) -> None:
        await ships.restart(next(turn))

    return restart


async def _flood(ships: Fleet, chance: Random) -> None:
    """Some calls are refused with 429, for longer than a screen waits, or a receipt (rarely)."""
    wait = 35 if chance.random() < 0.05 else chance.choice((1, 1, 2, 3, 12))
    ships.api.faults.add(Fault(chance.choice(SENDS), "429", retry_after=wait))


async def _error(ships: Fleet, chance: Random) -> None:
    """Telegram fails once, or as long as a call is repeated."""
    kind, times = chance.choice(("500", "502")), chance.choice((1, 1, 2, 6))
    ships.api.faults.add(Fault(chance.choice((*SENDS, "getUpdates")), kind, count=times))


async def _lose(ships: Fleet, chance: Random) -> None:
    """A call is carried out, and its answer comes after the bot's patience has ended."""
    ships.api.faults.add(Fault(chance.choice(SENDS), "late", delay_ms=6_000))


async def _break_off(ships: Fleet, chance: Random) -> None:
    """Connections break: before a call, in the middle of an answer, or all at once."""
    kind, times = chance.choice(("cut", "drop")), chance.choice((1, 2))
    ships.api.faults.add(Fault(chance.choice(SENDS), kind, count=times))
    chance.choice((ships.wire, ships.front)).cut()


async def _repeat(ships: Fleet, chance: Random) -> None:
    """Updates come twice, late, and to two processes at once."""
    ships.api.faults.add(Fault("*", "duplicate", count=chance.randint(1, 5)))
    wait = chance.choice((1, 5, 20, 50))
    ships.api.faults.add(Fault("*", "hasty", count=chance.randint(1, 5), delay_ms=wait))
    if ships.settings["MODE"] == Mode.POLLING and chance.random() < 0.3:
        # To one process nothing comes twice; its successor gets again what was not finished.
        await ships.members[0].kill()


TROUBLES = (
    Trouble("kills", _kill, 1.0, shown=25),
    Trouble("restarts", restarts(), 1.0, shown=25),
    Trouble("repeats", _repeat, 0.3, shown=6, reorders=True),
    Trouble("floods", _flood, 0.3, shown=6, loses_answers=True),
    Trouble("errors", _error, 0.2, shown=6, loses_answers=True),
    Trouble("lost answers", _lose, 1.0, shown=10, loses_answers=True),
    Trouble("broken connections", _break_off, 0.3, shown=6, loses_answers=True),
)
