"""One database and one Telegram, on which processes are started."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import CROWD_FROM, LINKED
from bot.sandbox.server import create_app, serve
from bot.sockets import free_port
from tests.database import Store, database_at
from tests.process import RUN, MortalBot
from tests.world import load_world

SECONDS = 60
"""Within these a started process has to do what is asked of it."""

WEBHOOK, POLLING = "webhook", "polling"
PEOPLE = range(CROWD_FROM, CROWD_FROM + 12)


def times(api: BotApi, method: str) -> int:
    """How often a method was called over HTTP."""
    return [name for name, _ in api.calls].count(method)


@dataclass(slots=True)
class Place:
    """One database and one Telegram, on which processes can be started."""

    api: BotApi
    home: Path
    url: str
    database_url: str
    address: str = "http://127.0.0.1:9"

    def process(self, main: partial[None] = RUN, *, mode: str = WEBHOOK) -> MortalBot:
        """A process that is not started."""
        port = free_port()
        folder = self.home / str(port)
        folder.mkdir()
        settings = {
            "BOT_TOKEN": TOKEN,
            "API_URL": self.url,
            "DATABASE_URL": self.database_url,
            "OUTBOX_SECONDS": "1",
            "MODE": mode,
            "PUBLIC_URL": self.address,
            "WEB_PORT": str(port),
        }
        return MortalBot(folder, settings, main)


@pytest.fixture
def store() -> Store:
    """PostgreSQL: a SQLite file has one process that receives."""
    return Store.POSTGRESQL


@pytest.fixture
def database_url(store: Store, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path, load_world) as url:
        yield url


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    api = BotApi()
    for user in (*(person.id for person in LINKED), *PEOPLE):
        api.meet(user)
    async with serve(create_app(api)) as url:
        yield Place(api, tmp_path, url, database_url)


async def until_logged(process: MortalBot, words: str) -> None:
    async with asyncio.timeout(SECONDS):
        while words not in process.log:
            assert process.is_alive, process.log
            await asyncio.sleep(0.05)


@asynccontextmanager
async def running(processes: Sequence[MortalBot], words: str) -> AsyncIterator[None]:
    """Start all at once; inside the block each has logged this."""
    for process in processes:
        process.start()
    try:
        await asyncio.gather(*(until_logged(process, words) for process in processes))
        yield
    finally:
        codes = [await process.stop() for process in processes]
    assert set(codes) == {0}
    assert not any("Traceback" in process.log for process in processes)


RECEIVES = "Waiting for Telegram's posts"
