"""`panelik work`: sends beside the bot, and fetches nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from billing.ports.outbox import Notification
from billing.rules.money import Money
from billing.views.notices.money import InvoiceExpired
from bot.lease import LEASE
from bot.modes import POLLER
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA, LINKED
from bot.sandbox.server import create_app, serve
from bot.ticking import SENDER
from storage.database import Database
from storage.leases import Lease
from tests.bot.commands.conftest import Panelik
from tests.database import open_database
from tests.process import WORK, MortalBot

pytestmark = pytest.mark.slow


@pytest.fixture
def api() -> BotApi:
    api = BotApi()
    for person in LINKED:
        api.meet(person.id)
    return api


@pytest.fixture
async def worker(loaded: Panelik, api: BotApi) -> AsyncIterator[MortalBot]:
    async with serve(create_app(api)) as url:
        database = f"sqlite:///{loaded.database}"
        settings = {"BOT_TOKEN": TOKEN, "API_URL": url, "DATABASE_URL": database}
        yield MortalBot(loaded.home, settings | {"OUTBOX_SECONDS": "1"}, WORK)


@pytest.fixture
async def database(loaded: Panelik) -> AsyncIterator[Database]:
    opened = await open_database(loaded.database)
    yield opened
    await opened.close()


async def tell_anna(database: Database, number: str) -> None:
    """Leave a message for her in the outbox."""
    async with database.work.writing() as uow:
        anna = await uow.clients.by_ref("C-1001")
        assert anna is not None
        expired = InvoiceExpired(1, number, Money.zero("PLN"))
        note = Notification(number, expired, client_id=anna.id)
        await uow.outbox.add([note], at=datetime.now(UTC))
        await uow.commit()


async def heard(api: BotApi, words: str) -> None:
    """Wait until Anna has been told."""
    chat = api.world.chat(ANNA.id)
    async with asyncio.timeout(30):
        while not any(words in str(m.body.get("text")) for m in chat.messages.values()):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


async def holder(database: Database) -> Lease | None:
    return await database.leases.holder(SENDER, now=datetime.now(UTC))


async def test_it_sends_what_waits_and_fetches_nothing(
    worker: MortalBot, api: BotApi, database: Database
) -> None:
    api.visitor(ANNA.id).send("/start")
    await tell_anna(database, "PRO-1")
    worker.start()
    await heard(api, "PRO-1")
    assert await worker.stop() == 0
    assert len(api.updates) == 1
    assert await database.leases.holder(POLLER, now=datetime.now(UTC)) is None
    assert "Working for the bot @panelik_sandbox_bot" in worker.log
    assert "Traceback" not in worker.log
    assert "Unclosed" not in worker.log


async def test_messages_go_out_also_while_another_process_sends_the_reminders(
    worker: MortalBot, api: BotApi, database: Database
) -> None:
    now = datetime.now(UTC)
    await database.leases.acquire(SENDER, "another-host:1", now=now, length=LEASE)
    await tell_anna(database, "PRO-1")
    worker.start()
    await heard(api, "PRO-1")
    assert await worker.stop() == 0
    elsewhere = await holder(database)
    assert elsewhere is not None
    assert elsewhere.owner == "another-host:1"


async def test_one_takes_over_from_the_dead_and_gives_back_what_it_holds_at_the_end(
    loaded: Panelik, worker: MortalBot, api: BotApi, database: Database
) -> None:
    other = MortalBot(loaded.home, worker.settings, WORK)
    worker.start()
    first = await _taken_by(worker, database)
    other.start()
    await tell_anna(database, "PRO-1")
    await heard(api, "PRO-1")
    await worker.kill()
    second = await _taken_by(other, database)
    assert first != second
    assert await other.stop() == 0
    assert await holder(database) is None
    assert "Traceback" not in worker.log


async def _taken_by(process: MortalBot, database: Database) -> str:
    """Wait until a process sends the reminders."""
    assert process.process is not None
    async with asyncio.timeout(20):
        while True:
            lease = await holder(database)
            if lease and lease.owner.endswith(f":{process.process.pid}"):
                return lease.owner
            await asyncio.sleep(0.02)
