"""Processes that receive by webhook behind a proxy, and people who write and pay meanwhile."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random

import aiohttp
from sqlalchemy import text

from bot.modes import Mode
from bot.sandbox.errors import Json
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import one_of_the_crowd
from bot.sandbox.server import create_app, serve
from bot.sandbox.talk.http_driver import OverHttp
from bot.sockets import free_port
from storage.database import Database
from tests.crowd import Crowd
from tests.person import Person
from tests.process import HASTE, MortalBot
from tests.trials.fleet import member
from tests.world import START

PROVIDER_TOKEN = "284685063:TEST:sandbox"


@dataclass(slots=True)
class Proxy:
    """Passes each connection on to a process that accepts it, in turn."""

    ports: list[int]
    port: int = 0
    _turn: "cycle[int]" = field(init=False)
    _streams: set["asyncio.Task[None]"] = field(default_factory=set)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Accept connections inside the block."""
        self._turn = cycle(self.ports)
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()
            for stream in set(self._streams):
                stream.cancel()
            await asyncio.gather(*self._streams, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)
        try:
            for _ in self.ports:
                with suppress(ConnectionError):
                    there = await asyncio.open_connection("127.0.0.1", next(self._turn))
                    break
            else:
                return
            copies = [
                asyncio.create_task(_copy(reader, there[1])),
                asyncio.create_task(_copy(there[0], writer)),
            ]
            try:
                await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for copy in copies:
                    copy.cancel()
                there[1].close()
        finally:
            writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(0x10000):
            writer.write(data)
            await writer.drain()


_SHOWN = ("send", "edit", "answer")


class ShowingApi(BotApi):
    """Telegram, and how often a bot has shown something to somebody."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = 0

    async def call(self, method: str, params: Json) -> Json:
        answer = await super().call(method, params)
        self.shown += method.startswith(_SHOWN)
        return answer

    async def shows(self, count: int, *, seconds: float = 5.0) -> None:
        """Wait until so much more was shown, or for so long at most: nobody may want anything."""
        wanted = self.shown + count
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.shown < wanted:  # noqa: ASYNC110 - simpler than telling everybody
                    await asyncio.sleep(0.01)


@dataclass(slots=True)
class Receivers:
    """The processes, the people's Telegram, and where it is."""

    api: ShowingApi
    url: str
    processes: list[MortalBot]
    _lives: list["asyncio.Task[None]"] = field(default_factory=list)

    async def start(self) -> None:
        """Start all and wait until each takes posts."""
        for process in self.processes:
            await self._begin(process)

    async def restart(self, process: MortalBot) -> None:
        """SIGTERM, and then start it again."""
        assert await process.stop() == 0, process.log
        await self._begin(process)

    async def kill(self, chance: Random) -> None:
        """`kill -9` one of them, and start it again."""
        process = chance.choice(self.processes)
        await process.kill()
        await self._begin(process)

    async def stop(self) -> None:
        """SIGTERM to all."""
        for process in self.processes:
            await process.stop()

    async def _begin(self, process: MortalBot) -> None:
        process.start()
        if process.settings["MODE"] == Mode.POLLING:
            return
        port = int(process.settings["WEB_PORT"])
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                assert process.is_alive, process.log
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return

    @property
    def log(self) -> str:
        """What all have logged."""
        return "".join(process.log for process in self.processes)


@asynccontextmanager
async def receivers(
    home: Path, database: str, mode: Mode, count: int, crowd: Crowd
) -> AsyncIterator[Receivers]:
    """So many processes behind a proxy; with polling there is one, which needs none."""
    api = ShowingApi()
    api.world.webhook_pace = HASTE
    for user in crowd.users:
        api.meet(user)
    moved = START.replace(hour=8) - datetime.now(UTC)
    ports = [free_port() for _ in range(count)]
    proxy = Proxy(ports, free_port())
    async with serve(create_app(api)) as url, proxy.open():
        processes = []
        for number, port in enumerate(ports):
            settings = {
                "BOT_TOKEN": TOKEN,
                "API_URL": url,
                "DATABASE_URL": database,
                "PROVIDER_TOKEN": PROVIDER_TOKEN,
                "OUTBOX_SECONDS": "1",
                "MODE": mode,
                "PUBLIC_URL": f"http://127.0.0.1:{proxy.port}",
                "WEB_PORT": str(port),
            }
            folder = home / str(number)
            folder.mkdir()
            processes.append(MortalBot(folder, settings, partial(member, "run", moved)))
        opened = Receivers(api, url, processes)
        await opened.start()
        try:
            yield opened
        finally:
            await opened.stop()


async def without_reminders(crowd: Crowd, url: str) -> None:
    """Fill a database with a crowd that gets no reminders, which would come in between."""
    await crowd(url)
    database = await Database.open(url, migrate=False)
    try:
        async with database.engines.writer.begin() as connection:
            await connection.execute(text("UPDATE links SET reminders_on = false"))
    finally:
        await database.close()


async def everything_is_handled(api: BotApi, seconds: float) -> None:
    """Wait until Telegram has nothing left to deliver."""
    async with asyncio.timeout(seconds):
        while len(api.updates):  # noqa: ASYNC110 - the queue tells nobody
            await asyncio.sleep(0.05)


def searches(api: BotApi, user: int) -> list[int]:
    """The numbers that somebody searched for, in the order in which they were answered."""
    messages = api.visitor(user).chat.messages.values()
    texts = (str(one.body.get("text", "")) for one in messages if one.body["from"]["is_bot"])
    return [int(number) for said in texts for number in re.findall(r"nr (\d+)[”\"]", said)]


async def is_answered(api: BotApi, user: int, number: int) -> None:
    """Wait until somebody has the answer to a search."""
    while number not in searches(api, user):  # noqa: ASYNC110 - the chat tells nobody
        await asyncio.sleep(0.05)


async def pays(url: str, user: int) -> None:
    """Renew the one service there is, and pay in Telegram."""
    async with aiohttp.ClientSession() as session:
        person = Person(OverHttp(url, session), one_of_the_crowd(user))
        await person.sends("/renew")
        for label in ("☐", "Zapłać", "Płatność w Telegramie", "Zamawiam i płacę"):
            await person.taps(label)
        for _ in range(5):
            if await person.pays() == "paid":
                return
    raise AssertionError(f"{user} could not pay: {person.payment}")


Repeat = Callable[[], Awaitable[object]]


@asynccontextmanager
async def meanwhile(act: Repeat) -> AsyncIterator[list[int]]:
    """Do something again and again while the block runs; the list grows with each time."""
    times: list[int] = []
    is_over = asyncio.Event()

    async def repeat() -> None:
        while not is_over.is_set():
            await act()
            times.append(len(times))

    task = asyncio.create_task(repeat())
    try:
        yield times
    finally:
        is_over.set()
        await task
