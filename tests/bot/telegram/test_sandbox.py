"""The ways in and out against the strict sandbox, over HTTP."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ApplicationBuilder, TypeHandler

from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA, BOT, Profile
from bot.sandbox.server import create_app, serve
from bot.telegram.gate import PersonGate
from bot.telegram.ingress import Polling
from bot.telegram.pacing import PacedRateLimiter
from bot.telegram.transport import AiohttpRequest
from tests.benchmarks.echo_bot import count, show
from tests.bot.telegram.test_ingress import eventually

PEOPLE = range(5001, 5013)
TEXTS = [f"text {number}" for number in range(1, 9)]


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest.fixture
async def address(api: BotApi) -> AsyncIterator[str]:
    async with serve(create_app(api)) as address:
        yield f"{address}/bot"


async def without_waiting(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def tapping(address: str) -> AsyncIterator[None]:
    """A bot that counts taps, with everything of ours between it and the sandbox."""

    async def either(update: Update, context: Any) -> None:
        await (count if update.callback_query else show)(update, context)

    request = AiohttpRequest(read_timeout=2.0)
    builder = ApplicationBuilder().token(TOKEN).base_url(address).updater(None).job_queue(None)
    builder = builder.request(request).get_updates_request(request)
    limiter = PacedRateLimiter(sleep=without_waiting)
    app = builder.concurrent_updates(PersonGate()).rate_limiter(limiter).build()
    app.add_handler(TypeHandler(Update, either))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app)
        polling = Polling(app, sleep=without_waiting)
        run = asyncio.create_task(polling.run())
        yield
        await polling.stop()
        await run


def shown(api: BotApi, person: int) -> list[str]:
    """What the bot's messages in this person's chat say now."""
    messages = api.visitor(person).snapshot()["messages"]
    return [m["text"] for m in messages if m["from"]["id"] == BOT.id]


@pytest.mark.slow
@pytest.mark.parametrize(
    "faults",
    [
        [],
        [Fault("getUpdates", "502", count=2), Fault("getUpdates", "drop")],
        [Fault("sendMessage", "429"), Fault("editMessageText", "429", count=2)],
        [Fault("editMessageText", "delay", count=3, delay_ms=30)],
    ],
    ids=["nothing", "getUpdates fails", "floods", "delays"],
)
async def test_taps_are_counted_right_whatever_goes_wrong(
    api: BotApi, tapping: None, faults: list[Fault]
) -> None:
    anna = api.visitor(ANNA.id)
    for fault in faults:
        api.faults.add(fault)
    anna.send("/start")
    await eventually(lambda: shown(api, ANNA.id) == ["Taps: 0"])
    [message] = [m for m in anna.snapshot()["messages"] if m["from"]["id"] == BOT.id]
    for number in range(1, 6):
        anna.tap(message["message_id"])
        await eventually(lambda number=number: shown(api, ANNA.id) == [f"Taps: {number}"])  # type: ignore[misc]
    await eventually(lambda: len(api.updates) == 0)


@pytest.mark.slow
async def test_what_telegram_repeats_is_handled_once(api: BotApi, tapping: None) -> None:
    api.faults.add(Fault("*", "duplicate", count=3))
    for _ in range(3):
        api.visitor(ANNA.id).send("/start")
    await eventually(lambda: len(api.updates) == 0)
    assert shown(api, ANNA.id) == ["Taps: 0"] * 3


async def begin(address: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.telegram.echo_process", TOKEN, address
    )


@pytest.mark.slow
async def test_a_killed_process_loses_nothing(api: BotApi, address: str) -> None:
    for number in PEOPLE:
        api.add_person(Profile(number, f"Person {number}", "", "", "en", ""))
    for text in TEXTS:
        for number in PEOPLE:
            api.visitor(number).send(text)
    api.faults.add(Fault("sendMessage", "delay", count=None, delay_ms=10))

    first = await begin(address)
    await eventually(lambda: len(api.called("sendMessage")) >= 30)
    first.kill()
    assert await first.wait() != 0
    assert len(api.updates) > 0

    second = await begin(address)
    await eventually(lambda: len(api.updates) == 0)
    second.terminate()
    assert await second.wait() == 0

    for number in PEOPLE:
        answers = shown(api, number)
        assert set(answers) == {f"You said {text}" for text in TEXTS}
        once = list(dict.fromkeys(answers))
        assert once == [f"You said {text}" for text in TEXTS]
    assert len(api.called("sendMessage")) < len(PEOPLE) * len(TEXTS) + 60
