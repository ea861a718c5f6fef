"""A process that takes Telegram's posts: what it logs, what it counts, and how it stops."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import CROWD_FROM
from bot.sandbox.server import create_app, serve
from bot.sockets import free_port
from bot.web.address import SECRET_HEADER, HookAddress, hook_address
from tests.bot.commands.conftest import Panelik
from tests.bot.telegram.updates import message, tap
from tests.metric_names import expressions, named_metrics
from tests.process import MortalBot

pytestmark = pytest.mark.slow

SECONDS = 30
WRONG = "a-secret-that-is-wrong-0123456789"


@dataclass(slots=True)
class Served:
    """The process, its Telegram, and who posts to it."""

    bot: MortalBot
    api: BotApi
    address: HookAddress
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.bot.settings['WEB_PORT']}"

    async def post(self, body: object, *, secret: str = "", path: str = "") -> int:
        """Post an update, or bytes as they are; the status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {SECRET_HEADER: secret or self.address.secret}
        async with self.session.post(
            self.url + (path or self.address.path), data=data, headers=headers
        ) as answer:
            return answer.status

    async def metrics(self) -> str:
        url = f"http://127.0.0.1:{self.bot.settings['METRICS_PORT']}/metrics"
        async with self.session.get(url) as answer:
            return await answer.text()

    async def until_logged(self, words: str) -> None:
        async with asyncio.timeout(SECONDS):
            while words not in self.bot.log:
                assert self.bot.is_alive, self.bot.log
                await asyncio.sleep(0.05)


@pytest.fixture
async def served(loaded: Panelik) -> AsyncIterator[Served]:
    """It logs everything it can."""
    api = BotApi()
    public = "http://127.0.0.1:9"
    async with serve(create_app(api)) as url, aiohttp.ClientSession() as session:
        settings = {
            "BOT_TOKEN": TOKEN,
            "API_URL": url,
            "DATABASE_URL": f"sqlite:///{loaded.database}",
            "MODE": "webhook",
            "PUBLIC_URL": public,
            "WEB_PORT": str(free_port()),
            "METRICS_PORT": str(free_port()),
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": "json",
        }
        bot = MortalBot(loaded.home, settings)
        bot.start()
        opened = Served(bot, api, hook_address(TOKEN, public), session)
        await opened.until_logged("Telegram posts updates to this installation now")
        yield opened
        if bot.is_alive:
            assert await bot.stop() == 0


async def test_no_line_of_its_log_has_a_secret_or_where_telegram_posts(served: Served) -> None:
    user = CROWD_FROM
    served.api.meet(user)
    assert await served.post(message(1, user, "Tajne słowa"), secret=WRONG) == 403
    assert await served.post(message(1, user, "Tajne słowa")) == 200
    assert await served.post(message(2, user, "Tajne słowa"), path="/telegram/guess") == 404
    assert await served.post({"update_id": 3, "message": {"poll": "Tajne"}}) == 200
    assert await served.post(b"Tajne") == 400
    head = f"POST {served.address.path} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: "
    await answer_to(
        served, f"{head}{served.address.secret}\r\nContent-Length: {2**21}\r\n\r\n".encode()
    )
    await answer_to(served, f"GARBAGE {served.address.path} {WRONG}\r\n\r\n".encode())
    await answer_to(served, f"POST {served.address.path}?a={WRONG} HTTP/9\r\n\r\n".encode())
    upgrade = "Upgrade: websocket\r\nConnection: upgrade\r\n\r\n"
    await answer_to(served, f"{head}{WRONG}\r\n{upgrade}".encode())
    assert await served.bot.stop() == 0
    log = served.bot.log
    assert "A request without the webhook's secret was refused" in log
    assert "Update 3 cannot be read" in log
    path = served.address.path.rpartition("/")[2]
    for secret in (TOKEN, path, served.address.secret, WRONG, "Tajne", "guess"):
        assert secret not in log
    for line in log.splitlines():
        assert set(json.loads(line)) >= {"time", "level", "logger", "message"}


async def answer_to(served: Served, request: bytes) -> None:
    """Send bytes, whatever is answered."""
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", int(served.bot.settings["WEB_PORT"])
        )
        writer.write(request)
        writer.write_eof()
        await reader.read()
        writer.close()


def families(scrape: str) -> set[str]:
    """What a scrape has, also what has no value yet."""
    return {line.split()[2] for line in scrape.splitlines() if line.startswith("# TYPE ")}


def labelled(scrape: str) -> set[str]:
    """Each series with its labels."""
    lines = [line for line in scrape.splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0] for line in lines}


async def test_it_exposes_every_metric_that_alerts_and_dashboard_name(served: Served) -> None:
    there = families(await served.metrics())
    parts = {name + part for name in there for part in ("", "_bucket", "_sum", "_count")}
    wanted = {name for expression in expressions() for name in named_metrics(expression)}
    assert len(wanted) > 20
    # What is about polling is there in a process that polls.
    assert wanted - parts - {"panelik_polls_total"} == set()


async def acts(served: Served, users: range) -> None:
    """Each of these people does the same."""
    for user in users:
        served.api.meet(user)
        for number, body in enumerate(("/start", f"text of {user}", f"/guess_{user}")):
            assert await served.post(message(user * 10 + number, user, body)) == 200
        assert await served.post(tap(user * 10 + 9, user)) == 200


async def test_no_label_grows_with_people_or_with_what_they_send(served: Served) -> None:
    await acts(served, range(CROWD_FROM, CROWD_FROM + 2))
    await asyncio.sleep(3)  # every tick has happened
    before = labelled(await served.metrics())
    await acts(served, range(CROWD_FROM + 2, CROWD_FROM + 20))
    assert labelled(await served.metrics()) - before == set()
    assert 'panelik_updates_total{kind="text",outcome="done"}' in before
    assert not any(str(CROWD_FROM) in series for series in before)
