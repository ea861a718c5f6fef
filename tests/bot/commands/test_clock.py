"""`panelik run` on a machine whose clock is set while it runs, or was wrong when it started."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from billing.ports.outbox import Notification
from billing.rules.money import Money
from billing.views.notices.money import InvoiceExpired
from bot.lease import LEASE
from bot.modes import POLLER
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA, LINKED
from bot.sandbox.server import create_app, serve
from storage.database import Database
from tests.bot.commands.conftest import Panelik
from tests.database import open_database
from tests.machine import run_command, set_clock
from tests.process import MortalBot

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """The file that says by how many seconds the machine's clock is ahead."""
    file = tmp_path / "clock"
    set_clock(file, timedelta())
    return file


@pytest.fixture
def api() -> BotApi:
    api = BotApi()
    for person in LINKED:
        api.meet(person.id)
    return api


@pytest.fixture
async def bot(loaded: Panelik, api: BotApi, clock: Path) -> AsyncIterator[MortalBot]:
    async with serve(create_app(api)) as url:
        settings = {
            "BOT_TOKEN": TOKEN,
            "API_URL": url,
            "DATABASE_URL": f"sqlite:///{loaded.database}",
            "OUTBOX_SECONDS": "1",
            "TICK_SECONDS": "1",
        }
        yield MortalBot(loaded.home, settings, partial(run_command, "run", clock))


@pytest.fixture
async def database(loaded: Panelik) -> AsyncIterator[Database]:
    opened = await open_database(loaded.database)
    yield opened
    await opened.close()


async def tell_anna(database: Database, number: str, *, at: datetime) -> None:
    async with database.work.writing() as uow:
        anna = await uow.clients.by_ref("C-1001")
        assert anna is not None
        expired = InvoiceExpired(1, number, Money.zero("PLN"))
        note = Notification(number, expired, client_id=anna.id)
        await uow.outbox.add([note], at=at)
        await uow.commit()


async def heard(api: BotApi, words: str) -> None:
    chat = api.world.chat(ANNA.id)
    async with asyncio.timeout(30):
        while not any(words in str(m.body.get("text")) for m in chat.messages.values()):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


async def said(bot: MortalBot, words: str, *, times: int) -> None:
    async with asyncio.timeout(30):
        while bot.log.count(words) < times:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("jumps", [[-HOUR], [72 * HOUR, -72 * HOUR]], ids=["back", "to and fro"])
async def test_messages_go_out_whatever_becomes_of_the_clock(
    bot: MortalBot, api: BotApi, database: Database, clock: Path, jumps: list[timedelta]
) -> None:
    bot.start()
    shift = timedelta()
    await tell_anna(database, "PRO-0", at=datetime.now(UTC))
    await heard(api, "PRO-0")
    for number, jump in enumerate(jumps, start=1):
        shift += jump
        set_clock(clock, shift)
        await tell_anna(database, f"PRO-{number}", at=datetime.now(UTC) + shift)
        await heard(api, f"PRO-{number}")
        await said(bot, "This machine's clock was set", times=number)
    assert bot.is_alive
    assert await bot.stop() == 0
    assert "Traceback" not in bot.log


async def test_a_lease_of_a_wrong_clock_holds_up_the_start_no_longer_than_it_says(
    bot: MortalBot, database: Database
) -> None:
    ahead = datetime.now(UTC) + timedelta(days=3)
    await database.leases.acquire(POLLER, "before-the-reboot:1", now=ahead, length=LEASE)
    bot.start()
    assert await bot.ended() == 1
    assert "try again in 30 seconds" in bot.log
    lease = await database.leases.holder(POLLER, now=datetime.now(UTC))
    assert lease is not None
    assert lease.left <= LEASE
