"""Updates posted to the bot: in lanes, until they are accepted."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.sandbox.errors import Json
from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA, JOHN
from bot.sandbox.webhook import SECRET_HEADER

SECONDS = 20


class Receiver:
    """A bot's web server: refuses as often as told and keeps what it accepted."""

    def __init__(self) -> None:
        self.url = ""
        self.accepted: list[Json] = []
        self.refusals = 0
        self.delays: list[float] = []
        self.secrets: set[str] = set()
        self.closed_for: set[int] = set()
        self.arrived = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.add(request.headers.get(SECRET_HEADER, ""))
        sender = next(body for name, body in update.items() if name != "update_id")["from"]["id"]
        if self.refusals or sender in self.closed_for:
            self.refusals = max(0, self.refusals - 1)
            return web.Response(status=503)
        self.accepted.append(update)
        self.arrived.set()
        await asyncio.sleep(self.delays.pop(0) if self.delays else 0)
        return web.Response()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(SECONDS):
            while len(self.accepted) < count:
                await self.arrived.wait()
                self.arrived.clear()

    def texts(self) -> list[str]:
        return [u["message"]["text"] for u in self.accepted if "message" in u]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def hooked(api: BotApi, receiver: Receiver) -> AsyncIterator[BotApi]:
    api.world.webhook_pace = 0.005
    answer = await api.call("setWebhook", {"url": receiver.url, "secret_token": "s3cret"})
    assert answer["ok"], answer
    yield api
    await unhook(api)


async def unhook(api: BotApi) -> None:
    sender = api.world.webhook
    await api.call("deleteWebhook", {})
    if sender is not None:
        await asyncio.wait({sender._task})


async def test_updates_arrive_with_the_secret(hooked: BotApi, receiver: Receiver) -> None:
    hooked.visitor(ANNA.id).send("one")
    await receiver.until(1)
    assert (receiver.texts(), receiver.secrets) == (["one"], {"s3cret"})
    async with asyncio.timeout(SECONDS):
        while len(hooked.updates):  # noqa: ASYNC110 - the sender has yet to read the answer
            await asyncio.sleep(0.005)
    info = (await hooked.call("getWebhookInfo", {}))["result"]
    assert (info["url"], info["pending_update_count"]) == (receiver.url, 0)


async def test_a_refused_update_holds_up_its_own_lane_only(
    hooked: BotApi, receiver: Receiver
) -> None:
    receiver.closed_for = {ANNA.id}
    for text in ("one", "two"):
        hooked.visitor(ANNA.id).send(text)
    hooked.visitor(JOHN.id).send("hello")
    await receiver.until(1)
    assert receiver.texts() == ["hello"]
    receiver.closed_for = set()
    await receiver.until(3)
    assert receiver.texts() == ["hello", "one", "two"]
    assert "503" in (await hooked.call("getWebhookInfo", {}))["result"]["last_error_message"]


async def test_an_update_is_tried_until_accepted(hooked: BotApi, receiver: Receiver) -> None:
    receiver.refusals = 3
    hooked.visitor(ANNA.id).send("one")
    await receiver.until(1)
    assert receiver.texts() == ["one"]


async def test_a_duplicate_is_posted_twice(hooked: BotApi, receiver: Receiver) -> None:
    hooked.faults.add(Fault("*", "duplicate"))
    hooked.visitor(ANNA.id).send("one")
    await receiver.until(2)
    assert receiver.texts() == ["one", "one"]


@pytest.mark.slow
async def test_a_post_that_takes_long_is_given_up_and_comes_again(
    hooked: BotApi, receiver: Receiver
) -> None:
    receiver.delays = [SECONDS]
    hooked.faults.add(Fault("*", "hasty", delay_ms=20))
    for text in ("one", "two"):
        hooked.visitor(ANNA.id).send(text)
    await receiver.until(3)
    assert receiver.texts() == ["one", "one", "two"]
    assert "Timeout" in (await hooked.call("getWebhookInfo", {}))["result"]["last_error_message"]


async def test_polling_and_webhook_exclude_each_other(hooked: BotApi) -> None:
    answer = await hooked.call("getUpdates", {})
    assert answer["error_code"] == 409
    assert "webhook is active" in answer["description"]
    assert (await hooked.call("deleteWebhook", {}))["ok"]
    assert (await hooked.call("getUpdates", {}))["ok"]


async def test_setting_a_webhook_ends_a_poll(api: BotApi, receiver: Receiver) -> None:
    poll = asyncio.create_task(api.call("getUpdates", {"timeout": 20}))
    await asyncio.sleep(0)
    assert (await api.call("setWebhook", {"url": receiver.url}))["ok"]
    assert "terminated by setWebhook" in (await poll)["description"]
    await unhook(api)


async def test_what_waits_can_be_dropped(api: BotApi) -> None:
    api.visitor(ANNA.id).send("one")
    assert (await api.call("getWebhookInfo", {}))["result"]["pending_update_count"] == 1
    await api.call("deleteWebhook", {"drop_pending_updates": True})
    assert (await api.call("getWebhookInfo", {}))["result"]["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "http://example.com/hook"}, "An HTTPS URL must be provided"),
        ({"url": "https://example.com", "secret_token": "ż"}, "unallowed characters"),
    ],
)
async def test_a_webhook_telegram_refuses(api: BotApi, params: Json, reason: str) -> None:
    assert reason in (await api.call("setWebhook", params))["description"]
