"""`panelik run` and `panelik work` with a port for those who watch."""

import asyncio
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA, LINKED
from bot.sandbox.server import create_app, serve
from tests.bot.commands.conftest import Panelik
from tests.bot.metrics.conftest import read_series
from tests.process import RUN, WORK, MortalBot

pytestmark = pytest.mark.slow

SECONDS = 20


@pytest.fixture
def api() -> BotApi:
    api = BotApi()
    for person in LINKED:
        api.meet(person.id)
    return api


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
async def settings(loaded: Panelik, api: BotApi, port: int) -> AsyncIterator[dict[str, str]]:
    async with serve(create_app(api)) as url:
        yield {
            "BOT_TOKEN": TOKEN,
            "API_URL": url,
            "DATABASE_URL": f"sqlite:///{loaded.database}",
            "METRICS_PORT": str(port),
        }


async def get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def until_ready(port: int) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                if (await get(port, "/health/ready"))[0] == 200:
                    return
            except aiohttp.ClientConnectorError:
                pass
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("main", [RUN, WORK])
async def test_it_is_ready_and_counts_its_ticks(
    loaded: Panelik, settings: dict[str, str], port: int, main: object
) -> None:
    bot = MortalBot(loaded.home, settings, main)  # type: ignore[arg-type] # one of the two commands
    bot.start()
    await until_ready(port)
    async with asyncio.timeout(SECONDS):
        while True:
            numbers = read_series((await get(port, "/metrics"))[1])
            if 'panelik_ticks_total{outcome="done",tick="plan reminders"}' in numbers:
                break
            await asyncio.sleep(0.1)
    assert numbers["panelik_database_up"] == 1
    assert numbers["process_resident_memory_bytes"] > 0
    assert await bot.stop() == 0


async def test_updates_are_counted_where_they_are_polled(
    loaded: Panelik, api: BotApi, settings: dict[str, str], port: int
) -> None:
    bot = MortalBot(loaded.home, settings, RUN)
    bot.start()
    await until_ready(port)
    api.visitor(ANNA.id).send("/start")
    async with asyncio.timeout(SECONDS):
        while True:
            numbers = read_series((await get(port, "/metrics"))[1])
            if numbers.get('panelik_updates_total{kind="command",outcome="done"}') == 1:
                break
            await asyncio.sleep(0.1)
    assert numbers["panelik_answer_seconds_count"] == 1
    assert numbers['panelik_polls_total{outcome="ok"}'] >= 1
    assert await bot.stop() == 0


async def test_a_port_that_is_taken_is_said_at_the_start(
    loaded: Panelik, settings: dict[str, str], port: int
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        bot = MortalBot(loaded.home, settings, WORK)
        bot.start()
        assert await bot.ended() == 1
    assert f"Port {port} cannot be used: Address already in use." in bot.log
