"""Several processes on one database: they tick, one after the other dies, and is started anew."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from bot import running
from bot.app import Core, make_application, open_core
from bot.connecting import connected
from bot.logs import configure_logging
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import Json
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.server import create_app, serve
from bot.settings import load_settings
from bot.telegram.pacing import Pace
from tests.process import MortalBot
from tests.world import UNHURRIED

IN_FLIGHT = 4

Pause = Callable[[], Awaitable[None]]


def member(task: str, moved: timedelta, pace: Pace | None = UNHURRIED) -> None:
    """A process whose clock is moved: it does what a task of TASKS says, at this pace."""
    asyncio.run(_member(task, moved, pace))


async def _member(task: str, moved: timedelta, pace: Pace | None) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings, clock = load_settings(), SandboxClock()
    clock.advance(moved)
    configure_logging("WARNING")
    async with open_core(settings, clock=clock) as core:
        await TASKS[task](core, stop, pace=pace)


async def ticks(core: Core, stop: asyncio.Event, *, pace: Pace | None) -> None:
    """Plan and send as fast as it goes, with no lease: only claims keep the processes apart."""
    async with connected(make_application(core, pace=pace), stop):
        while not stop.is_set():
            await running.tick(core)
            await asyncio.sleep(0.05)


TASKS = {"run": running.run, "work": running.work, "tick": ticks}


class CountingApi(BotApi):
    """Telegram, and how many messages each person has got; each takes `delay_s` to be sent."""

    def __init__(self, users: range, delay_s: float) -> None:
        super().__init__()
        self.got: Counter[int] = Counter()
        self._delay_s = delay_s
        for user in users:
            self.meet(user)

    async def sends(self, count: int) -> None:
        """Wait until so many more messages have arrived."""
        wanted = self.got.total() + count
        while self.got.total() < wanted:  # noqa: ASYNC110 - simpler than telling everybody
            await asyncio.sleep(0.005)

    async def call(self, method: str, params: Json) -> Json:
        if method != "sendMessage":
            return await super().call(method, params)
        await asyncio.sleep(self._delay_s)
        answer = await super().call(method, params)
        if answer["ok"]:
            self.got[answer["result"]["chat"]["id"]] += 1
        return answer


@dataclass(slots=True)
class Fleet:
    """Processes that do these tasks, by a clock of their own."""

    home: Path
    settings: dict[str, str]
    tasks: tuple[str, ...]
    clock: SandboxClock
    members: list[MortalBot] = field(default_factory=list)
    _living: list[asyncio.Task[None]] = field(default_factory=list)

    @asynccontextmanager
    async def sailing(self) -> AsyncIterator[None]:
        """Run them; at the end each is stopped."""
        moved = self.clock.now() - datetime.now(UTC)
        self.members = [
            MortalBot(self.home, self.settings, partial(member, task, moved))
            for task in self.tasks
        ]
        self._living = [asyncio.create_task(bot.live()) for bot in self.members]
        await asyncio.sleep(0)
        try:
            yield
        finally:
            for bot in self.members:
                bot.doomed = True
            codes = [await bot.stop() for bot in self.members]
            await asyncio.gather(*self._living)
        # One that has just begun anew may not know yet how to stop.
        assert set(codes) <= {0, -signal.SIGTERM}, self.log

    @asynccontextmanager
    async def dying(self, pause: Pause, chance: Random) -> AsyncIterator[None]:
        """`kill -9` a random one of them after each pause; it starts again at once."""
        at_work = asyncio.Lock()

        async def kill() -> None:
            while True:
                await pause()
                async with at_work:
                    await _reborn(chance.choice(self.members))

        killer = asyncio.create_task(kill())
        try:
            yield
        finally:
            async with at_work:
                killer.cancel()

    def is_complete(self) -> bool:
        """Whether none has ended by itself."""
        return not any(life.done() for life in self._living)

    @property
    def deaths(self) -> int:
        """How many have died so far."""
        return sum(bot.deaths for bot in self.members)

    @property
    def log(self) -> str:
        """What they have logged."""
        return self.members[0].log


async def _reborn(bot: MortalBot) -> None:
    deaths = bot.deaths
    await bot.kill()
    while bot.deaths == deaths:  # noqa: ASYNC110 - `live` is about to count it
        await asyncio.sleep(0.005)


@asynccontextmanager
async def fleet(
    home: Path, database: str, tasks: tuple[str, ...], api: CountingApi, now: datetime
) -> AsyncIterator[Fleet]:
    """Processes that are not started yet, with a Telegram of their own; the clock shows `now`."""
    async with serve(create_app(api)) as url:
        settings = {
            "BOT_TOKEN": TOKEN,
            "API_URL": url,
            "DATABASE_URL": database,
            "OUTBOX_SECONDS": "1",
            "TICK_SECONDS": "1",
            "IN_FLIGHT": str(IN_FLIGHT),
        }
        yield Fleet(home, settings, tasks, SandboxClock(now))
