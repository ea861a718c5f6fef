"""`panelik run`: begins, ends, and says why it does not."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.lease import LEASE, this_machine
from bot.modes import POLLER
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA
from bot.sandbox.server import create_app, serve
from bot.sandbox.talk.http_driver import OverHttp
from tests.bot.commands.conftest import Panelik
from tests.database import open_database
from tests.person import Person
from tests.process import MortalBot

pytestmark = pytest.mark.slow


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest.fixture
async def bot(loaded: Panelik, api: BotApi) -> AsyncIterator[MortalBot]:
    async with serve(create_app(api)) as url:
        settings = {"BOT_TOKEN": TOKEN, "API_URL": url, "DATABASE_URL": _url(loaded.database)}
        yield MortalBot(loaded.home, settings)


def _url(database: Path) -> str:
    return f"sqlite:///{database}"


async def test_it_serves_until_it_is_asked_to_stop(bot: MortalBot, api: BotApi) -> None:
    bot.start()
    async with aiohttp.ClientSession() as session:
        anna = Person(OverHttp(bot.settings["API_URL"], session), ANNA)
        await anna.sends("/start")
    anna.sees("Konto: Anna Nowak")
    assert await bot.stop() == 0
    assert len(api.updates) == 0
    assert "The bot @panelik_sandbox_bot is running" in bot.log
    assert "Traceback" not in bot.log


async def test_another_bot_on_the_same_database_is_named(
    loaded: Panelik, bot: MortalBot, api: BotApi
) -> None:
    opened = await open_database(loaded.database)
    await opened.bots.begin(4711)
    await opened.close()
    bot.start()
    async with aiohttp.ClientSession() as session:
        await Person(OverHttp(bot.settings["API_URL"], session), ANNA).sends("/start")
    assert await bot.stop() == 0
    assert "Bot 4711 served this database before, now it is bot 7000000001." in bot.log


async def test_a_token_that_telegram_does_not_know(bot: MortalBot) -> None:
    bot.settings["BOT_TOKEN"] = TOKEN[:-3] + "zzz"
    bot.start()
    assert await bot.ended() == 1
    assert "Telegram does not accept the bot token." in bot.log
    assert "Traceback" not in bot.log
    assert "Unclosed" not in bot.log


async def test_a_telegram_that_cannot_be_reached_is_waited_for(
    loaded: Panelik, api: BotApi
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = {"BOT_TOKEN": TOKEN, "API_URL": url, "DATABASE_URL": _url(loaded.database)}
    bot = MortalBot(loaded.home, settings)
    bot.start()
    while "No updates: Telegram could not be reached" not in bot.log:  # noqa: ASYNC110 - a process
        await asyncio.sleep(0.05)
    async with serve(create_app(api), port=port), aiohttp.ClientSession() as session:
        anna = Person(OverHttp(url, session), ANNA)
        await anna.sends("/start")
        anna.sees("Konto: Anna Nowak")
        await bot.kill()
    assert "Traceback" not in bot.log


async def test_it_ends_while_it_waits_for_telegram(loaded: Panelik) -> None:
    settings = {"BOT_TOKEN": TOKEN, "API_URL": "http://127.0.0.1:9"}
    bot = MortalBot(loaded.home, settings | {"DATABASE_URL": _url(loaded.database)})
    bot.start()
    while "No updates: Telegram could not be reached" not in bot.log:  # noqa: ASYNC110 - a process
        await asyncio.sleep(0.05)
    assert await bot.stop() == 0
    assert "Traceback" not in bot.log
    assert "Unclosed" not in bot.log


def test_a_second_one_on_the_same_database_is_refused(loaded: Panelik) -> None:
    owner = f"{this_machine()}:{os.getppid()}"
    asyncio.run(_take_lease(loaded.database, owner))
    told = loaded("run", BOT_TOKEN=TOKEN, API_URL="http://127.0.0.1:9")
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        f"Another Panelik ({owner}) is running on this database. Stop it first; if it has "
        "crashed, try again in 30 seconds. To have more of them, start them with `panelik work`."
    )


async def _take_lease(database: Path, owner: str) -> None:
    opened = await open_database(database)
    await opened.leases.acquire(POLLER, owner, now=datetime.now(UTC), length=LEASE)
    await opened.close()


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def test_a_database_that_is_moved_away_ends_it_and_no_new_one_is_made(
    bot: MortalBot, loaded: Panelik
) -> None:
    bot.start()
    await _until(lambda: "is running" in bot.log)
    elsewhere = loaded.database.rename(loaded.home / "elsewhere.sqlite")
    assert await bot.ended() == 1
    gone = f"{loaded.database}: it was moved, replaced or deleted while Panelik was running."
    assert gone in bot.log
    assert not loaded.database.exists()
    bot.start()
    assert await bot.ended() == 1
    assert f"{loaded.database} does not exist, although it was made here before" in bot.log
    assert not loaded.database.exists()
    elsewhere.rename(loaded.database)
    before = bot.log
    bot.start()
    await _until(lambda: "is running" in bot.log.removeprefix(before))
    assert await bot.stop() == 0


async def test_a_database_that_is_replaced_ends_it(bot: MortalBot, loaded: Panelik) -> None:
    bot.start()
    await _until(lambda: "is running" in bot.log)
    copy = loaded.home / "copy.sqlite"
    copy.write_bytes(loaded.database.read_bytes())
    copy.replace(loaded.database)
    assert await bot.ended() == 1
    assert "it was moved, replaced or deleted while Panelik was running." in bot.log


async def test_a_new_database_is_told_loudly(bot: MortalBot, loaded: Panelik) -> None:
    loaded.database.unlink()
    bot.start()
    await _until(lambda: "is running" in bot.log)
    assert await bot.stop() == 0
    assert "WARNING" in bot.log
    assert f"There was no database {loaded.database}: a new, empty one was made." in bot.log
    before = bot.log
    bot.start()
    await _until(lambda: "is running" in bot.log.removeprefix(before))
    assert await bot.stop() == 0
    assert "There was no database" not in bot.log.removeprefix(before)


def test_work_makes_no_database(panelik: Panelik) -> None:
    panelik.database.unlink()
    told = panelik("work", BOT_TOKEN=TOKEN, API_URL="http://127.0.0.1:9")
    assert told.code == 1
    assert f"{panelik.database} does not exist." in told.err
    assert not panelik.database.exists()
