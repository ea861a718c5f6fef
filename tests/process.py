"""`panelik` as a process of its own, which can be killed at any call to Telegram.

The processes are forked from one that has imported everything: that takes 20 ms instead of a
second, and a killed one is replaced as often as a test likes.
"""

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.commands.cli import app
from bot.modes import Mode
from bot.sandbox.errors import DroppedError, Json
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.server import create_app, serve
from bot.sockets import free_port

_CONTEXT = multiprocessing.get_context("forkserver")
HASTE = 0.005
"""Telegram waits 2, 4, 8 ... seconds before it posts again; a test waits so much of that."""

_SHOWN = ("send", "edit", "answer")


def command(name: str) -> None:
    """Run a command of the command line."""
    app([name])


RUN, WORK = partial(command, "run"), partial(command, "work")


def _run(home: Path, settings: dict[str, str], main: Callable[[], None]) -> None:
    os.chdir(home)
    os.environ.update({f"PANELIK_{name}": value for name, value in settings.items()})
    with (home / "bot.log").open("a") as log, redirect_stderr(log), redirect_stdout(log):
        main()


async def _end_of(process: ForkServerProcess) -> int:
    """Wait without reading the exit code, which can be read only once."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
    process.join()
    return process.exitcode or 0


@dataclass(slots=True)
class MortalBot:
    """The process; `live` starts it again whenever it dies by a signal, until it is `doomed`."""

    home: Path
    settings: dict[str, str]
    main: Callable[[], None] = RUN
    deaths: int = 0
    doomed: bool = False
    process: ForkServerProcess | None = None
    _end: asyncio.Task[int] | None = None

    def start(self) -> None:
        """Run `main`, which is `panelik run` unless it was named."""
        _CONTEXT.set_forkserver_preload(["bot.commands.run", __name__])
        given = (self.home, self.settings, self.main)
        self.process = _CONTEXT.Process(target=_run, args=given, daemon=True)
        self.process.start()
        self._end = asyncio.create_task(_end_of(self.process))

    async def ended(self) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        assert self._end is not None
        return await asyncio.shield(self._end)

    async def live(self) -> None:
        """Run it and begin anew after each violent death."""
        while True:
            self.start()
            if await self.ended() >= 0 or self.doomed:
                return
            self.deaths += 1

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._end is not None and not self._end.done()

    async def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.process.kill()
        await self.ended()

    async def stop(self) -> int:
        """Ask it to end (SIGTERM); the exit code."""
        assert self.process is not None
        self.process.terminate()
        return await self.ended()

    @property
    def log(self) -> str:
        """What it has logged in all its lives."""
        written = self.home / "bot.log"
        return written.read_text() if written.exists() else ""


@dataclass(slots=True)
class Doom:
    """The call at which the bot dies: the `number`th of a method, before or after its effect."""

    method: str
    number: int = 1
    before: bool = False


class MortalApi(BotApi):
    """Telegram, and the hand that kills the bot.

    `gaps` lets it die again and again, each time after so many calls that a person can see.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bot: MortalBot | None = None
        self.dooms: list[Doom] = []
        self.gaps: Iterator[int] | None = None
        self._left = 0

    async def call(self, method: str, params: Json) -> Json:
        if self.gaps and method.startswith(_SHOWN):
            self._left -= 1
            if self._left == 0:
                self.dooms.append(Doom(method, before=bool(self.bot and self.bot.deaths % 2)))
            if self._left <= 0:
                self._left = next(self.gaps)
        doom = next((doom for doom in self.dooms if doom.method == method), None)
        if doom is None:
            return await super().call(method, params)
        doom.number -= 1
        if doom.number:
            return await super().call(method, params)
        self.dooms.remove(doom)
        if not doom.before:
            await super().call(method, params)
        assert self.bot is not None
        await self.bot.kill()
        raise DroppedError(method)


@asynccontextmanager
async def mortal_bot(
    home: Path,
    api: MortalApi,
    database: Path,
    main: Callable[[], None] = RUN,
    mode: Mode = Mode.POLLING,
) -> AsyncIterator[str]:
    """A bot that begins anew whenever it dies, on a database; the sandbox's address."""
    api.world.webhook_pace = HASTE
    port = free_port()
    async with serve(create_app(api)) as url:
        settings = {
            "BOT_TOKEN": TOKEN,
            "API_URL": url,
            "DATABASE_URL": f"sqlite:///{database}",
            "PROVIDER_TOKEN": "284685063:TEST:sandbox",
            "LOG_LEVEL": "INFO",
            "MODE": mode,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WEB_PORT": str(port),
        }
        api.bot = MortalBot(home, settings, main)
        keyboard_id = asyncio.create_task(api.bot.live())
        try:
            yield url
        finally:
            api.bot.doomed = True
            await api.bot.kill()
            await keyboard_id
