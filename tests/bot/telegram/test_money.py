"""What carries money goes past the gate, and is acknowledged as soon as it is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from bot.telegram.gate import PersonGate
from bot.telegram.ingress import Polling
from bot.telegram.money import Raw
from tests.bot.telegram.queue_server import QueueServer
from tests.bot.telegram.test_ingress import Handled, eventually
from tests.bot.telegram.updates import application, message, paid


@pytest.fixture
async def server() -> AsyncIterator[QueueServer]:
    server = QueueServer()
    await server.start()
    yield server
    await server.http.close()


class Till:
    """Keeps money once `opened`, and then takes until `booked` to be done with it."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.booked = asyncio.Event()
        self.begun: list[int] = []
        self.kept: list[int] = []
        self.done: list[int] = []
        self.fails_after = False

    def carries_money(self, update: Raw) -> bool:
        return "successful_payment" in update.get("message", {})

    async def receive(self, update: Raw, on_kept: Callable[[], None]) -> None:
        number = update["update_id"]
        self.begun.append(number)
        await self.opened.wait()
        self.kept.append(number)
        on_kept()
        on_kept()
        if self.fails_after:
            raise LookupError(number)
        await self.booked.wait()
        self.done.append(number)


@asynccontextmanager
async def running(
    server: QueueServer, handled: Handled, till: Till, gate: PersonGate | None = None
) -> AsyncIterator[Polling]:
    app = application(server.base, gate or PersonGate())
    app.add_handler(TypeHandler(Update, handled))
    async with app:
        polling = Polling(app, money=till, poll_seconds=5, drain_seconds=5.0)
        run = asyncio.create_task(polling.run())
        try:
            yield polling
        finally:
            till.opened.set()
            till.booked.set()
            await polling.stop()
            await run


@pytest.mark.slow
async def test_money_is_acknowledged_when_it_is_kept_and_not_before(server: QueueServer) -> None:
    till, handled = Till(), Handled()
    server.put(paid(10, 1))
    async with running(server, handled, till):
        await eventually(lambda: till.begun == [10])
        await eventually(lambda: len(server.offsets) > 1)
        assert server.waiting == [10]
        till.opened.set()
        await eventually(lambda: server.waiting == [])
        assert till.done == []
    assert till.done == [10]
    assert handled.numbers == []


@pytest.mark.slow
async def test_others_go_on_while_money_cannot_be_kept(server: QueueServer) -> None:
    till, handled = Till(), Handled()
    server.put(paid(10, 1))
    async with running(server, handled, till):
        await eventually(lambda: till.begun == [10])
        for number in range(11, 14):
            server.put(message(number, 1 if number == 12 else number))
            await eventually(lambda number=number: number in handled.numbers)  # type: ignore[misc]
        assert server.waiting == [10, 11, 12, 13]
    assert server.waiting == []


async def test_money_does_not_wait_behind_what_its_payer_sent_before(server: QueueServer) -> None:
    till, handled = Till(), Handled()
    till.opened.set()
    release = handled.hold(1)
    server.put(*(message(n, 1) for n in range(10, 15)), paid(15, 1))
    async with running(server, handled, till):
        await eventually(lambda: till.kept == [15])
        assert handled.numbers == []
        release.set()


async def test_money_has_no_limit_of_time(server: QueueServer) -> None:
    """The gate of this bot ends every handler after 50 ms: that of 11, or 12 would not begin."""
    till, handled = Till(), Handled()
    handled.hold(2)
    server.put(paid(10, 1), message(11, 2), message(12, 2))
    async with running(server, handled, till, PersonGate(handler_seconds=0.05)):
        await eventually(lambda: handled.begun == [11, 12])
        assert till.begun == [10]
        till.opened.set()
        await eventually(lambda: till.kept == [10])


async def test_money_that_is_not_kept_at_the_end_comes_again(server: QueueServer) -> None:
    till, handled = Till(), Handled()
    server.put(paid(10, 1), message(11, 2))
    app = application(server.base)
    app.add_handler(TypeHandler(Update, handled))
    async with app:
        polling = Polling(app, money=till, poll_seconds=5, drain_seconds=0.05)
        run = asyncio.create_task(polling.run())
        await eventually(lambda: handled.numbers == [11])
        await polling.stop()
        await run
    assert till.kept == []
    assert server.waiting == [10, 11]


async def test_an_error_after_it_is_kept_changes_nothing(
    server: QueueServer, caplog: pytest.LogCaptureFixture
) -> None:
    till, handled = Till(), Handled()
    till.fails_after = True
    till.opened.set()
    server.put(paid(10, 1), message(11, 1))
    async with running(server, handled, till):
        await eventually(lambda: server.waiting == [])
    assert "carries money, could not be handled" in caplog.text


async def test_money_that_cannot_be_parsed_is_handed_over_as_it_came(
    server: QueueServer, caplog: pytest.LogCaptureFixture
) -> None:
    till, handled = Till(), Handled()
    till.opened.set()
    strange = paid(10, 1)
    strange["message"]["poll"] = {"id": "1"}
    server.put(strange)
    async with running(server, handled, till):
        await eventually(lambda: server.waiting == [])
    assert till.kept == [10]
    assert "cannot be read" not in caplog.text
