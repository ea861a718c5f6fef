"""Several processes on one database, which are killed, stopped and started anew."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from bot import loop, running
from bot.app import Core, make_application, open_core
from bot.connecting import connected
from bot.health.watching import watched
from bot.logs import configure_logging
from bot.modes import Mode
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import Json
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.server import create_app, serve
from bot.settings import load_settings
from bot.sockets import free_port
from bot.telegram.pacing import Pace
from tests.process import HASTE, MortalBot
from tests.trials.members import obey
from tests.trials.proxy import Proxy
from tests.world import UNHURRIED

IN_FLIGHT = 4
PROVIDER_TOKEN = "284685063:TEST:sandbox"


def member(task: str, moved: timedelta, pace: Pace | None = UNHURRIED) -> None:
    """A process whose clock is moved: it does what a task of TASKS says, at this pace."""
    loop.run(_member(task, moved, pace))


async def _member(task: str, moved: timedelta, pace: Pace | None) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings, clock = load_settings(), SandboxClock()
    clock.advance(moved)
    configure_logging("WARNING", secrets=settings.hidden)
    async with open_core(settings, clock=clock) as core, watched(core, stop):
        obey(core)
        await TASKS[task](core, stop, pace=pace)


async def ticks(core: Core, stop: asyncio.Event, *, pace: Pace | None) -> None:
    """Plan and send as fast as it goes, with no lease: only claims keep the processes apart."""
    async with connected(make_application(core, pace=pace), stop):
        while not stop.is_set():
            await running.tick(core)
            await asyncio.sleep(0.05)


TASKS = {"run": running.run, "work": running.work, "tick": ticks}


class WatchedApi(BotApi):
    """Telegram, and how many messages each person has got; each takes `delay_s` to be sent."""

    def __init__(
        self, users: range, delay_s: float = 0.0, *, clock: SandboxClock | None = None
    ) -> None:
        super().__init__(clock=clock)
        self.got: Counter[int] = Counter()
        self.shown = 0
        """How often a bot has sent, changed or answered something."""
        self.polled = asyncio.Event()
        self._delay_s = delay_s
        self.world.webhook_pace = HASTE
        for user in users:
            self.meet(user)

    async def sends(self, count: int) -> None:
        """Wait until so many more messages have arrived."""
        wanted = self.got.total() + count
        while self.got.total() < wanted:  # noqa: ASYNC110 - simpler than telling everybody
            await asyncio.sleep(0.005)

    async def shows(self, count: int, *, seconds: float = 10.0) -> None:
        """Wait until so much was shown in all, or for so long: nobody may want anything."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.shown < count:  # noqa: ASYNC110 - simpler than telling everybody
                    await asyncio.sleep(0.01)

    async def call(self, method: str, params: Json) -> Json:
        self.shown += method.startswith(("send", "edit", "answer"))
        if method == "getUpdates":
            self.polled.set()
        if method != "sendMessage":
            return await super().call(method, params)
        await asyncio.sleep(self._delay_s)
        answer = await super().call(method, params)
        if answer["ok"]:
            self.got[answer["result"]["chat"]["id"]] += 1
        return answer


@dataclass(slots=True)
class Fleet:
    """Processes that do these tasks by a clock of their own, and what is before and behind them.

    `wire` leads to Telegram's server, `front` to the processes that take a webhook's posts.
    """

    home: Path
    settings: dict[str, str]
    tasks: tuple[str, ...]
    clock: SandboxClock
    api: WatchedApi
    pace: Pace | None
    wire: Proxy
    front: Proxy
    members: list[MortalBot] = field(default_factory=list)
    _lives: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    @asynccontextmanager
    async def sailing(self) -> AsyncIterator[None]:
        """Run them; at the end each is stopped."""
        moved = self.clock.now() - datetime.now(UTC)
        ports = iter(self.front.ports)
        self.api.polled.clear()
        self.members = []
        for number, task in enumerate(self.tasks):
            port = {"WEB_PORT": str(next(ports))} if task == "run" else {}
            if "METRICS_PORT" in self.settings:
                port["METRICS_PORT"] = str(free_port())
            main = partial(member, task, moved, self.pace)
            bot = MortalBot(self.home, self.settings | port, main)
            self.members.append(bot)
            self._lives[number] = asyncio.create_task(bot.live())
        await asyncio.gather(*(self._is_ready(bot) for bot in self.members))
        try:
            yield
        finally:
            for bot in self.members:
                bot.doomed = True
            codes = [await bot.stop() for bot in self.members]
            await asyncio.gather(*self._lives.values())
        # One that has just begun anew may not know yet how to stop.
        assert set(codes) <= {0, -signal.SIGTERM}, self.log

    async def restart(self, number: int) -> None:
        """Stop one (SIGTERM), start it again and wait until it receives."""
        bot = self.members[number % len(self.members)]
        code = await bot.stop()
        assert code == 0, self.log
        await self._lives[number % len(self.members)]
        self._lives[number % len(self.members)] = asyncio.create_task(bot.live())
        await self._is_ready(bot)

    async def kill(self, chance: Random) -> None:
        """`kill -9` a random one of them; it starts again at once."""
        bot = chance.choice(self.members)
        deaths = bot.deaths
        await bot.kill()
        while bot.deaths == deaths:  # noqa: ASYNC110 - `live` is about to count it
            await asyncio.sleep(0.005)

    async def _is_ready(self, bot: MortalBot) -> None:
        """Wait until it receives, if it is to."""
        await asyncio.sleep(0)
        port = bot.settings.get("WEB_PORT")
        if port is None:
            return
        if bot.settings["MODE"] == Mode.POLLING:
            while not self.api.polled.is_set():
                assert bot.is_alive, self.log
                await asyncio.sleep(0.02)
            return
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", int(port))
            except ConnectionError:
                assert bot.is_alive, self.log
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return

    def is_complete(self) -> bool:
        """Whether none has ended by itself."""
        return not any(life.done() for life in self._lives.values())

    @property
    def deaths(self) -> int:
        """How many have died so far."""
        return sum(bot.deaths for bot in self.members)

    @property
    def log(self) -> str:
        """What they have logged."""
        return self.members[0].log


Act = Callable[[], Awaitable[object]]


@asynccontextmanager
async def meanwhile(act: Act, *, after: Act) -> AsyncIterator[list[int]]:
    """Do something `after` each pause while the block runs; the list grows with each time.

    What has begun when the block ends is brought to its end, and a pause is not.
    """
    times: list[int] = []
    acting = asyncio.Lock()

    async def repeat() -> None:
        while True:
            await after()
            async with acting:
                await act()
                times.append(len(times))

    task = asyncio.create_task(repeat())
    try:
        yield times
        if task.done():
            task.result()
    finally:
        async with acting:
            task.cancel()


@asynccontextmanager
async def fleet(
    home: Path,
    database: str,
    tasks: tuple[str, ...],
    api: WatchedApi,
    now: datetime,
    *,
    mode: Mode = Mode.POLLING,
    pace: Pace | None = UNHURRIED,
) -> AsyncIterator[Fleet]:
    """Processes that are not started yet, with a Telegram of their own; the clock shows `now`."""
    front = Proxy([free_port() for task in tasks if task == "run"], free_port())
    async with serve(create_app(api)) as url:
        wire = Proxy([int(url.rpartition(":")[2])], free_port())
        settings = {
            "BOT_TOKEN": TOKEN,
            "API_URL": f"http://127.0.0.1:{wire.port}",
            "DATABASE_URL": database,
            "PROVIDER_TOKEN": PROVIDER_TOKEN,
            "OUTBOX_SECONDS": "1",
            "TICK_SECONDS": "1",
            "IN_FLIGHT": str(IN_FLIGHT),
            "MODE": mode,
            "PUBLIC_URL": f"http://127.0.0.1:{front.port}",
        }
        async with wire.open(), front.open():
            yield Fleet(home, settings, tasks, SandboxClock(now), api, pace, wire, front)
