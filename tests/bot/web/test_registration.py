"""Telegram is told where to post, only when that is not so already."""

import logging
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA
from bot.telegram.fetch import ALLOWED_UPDATES
from bot.web.address import HookAddress, hook_address
from bot.web.registration import KEY, Registration, remove_own
from tests.telegram import FakeRequest

URL = "http://127.0.0.1:9"
ADDRESS = hook_address(TOKEN, URL)


class Kept:
    """Values in memory."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def set(self, key: str, value: str) -> None:
        self.values[key] = value


class Right:
    """Taken unless another process has it."""

    def __init__(self) -> None:
        self.is_free = True

    async def take(self) -> bool:
        return self.is_free

    async def release(self) -> None:
        """Nothing to do."""


def times(api: BotApi, method: str) -> int:
    """How often a method was called."""
    return [name for name, _ in api.calls].count(method)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    api = BotApi()
    yield api
    api.world.close()


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, request=FakeRequest(api), get_updates_request=FakeRequest(api)) as bot:
        yield bot


def registration(
    bot: Bot, kept: Kept, *, address: HookAddress = ADDRESS, connections: int = 40
) -> Registration:
    return Registration(bot, kept, address, connections, Right())


async def test_it_is_set_once(bot: Bot, api: BotApi) -> None:
    kept = Kept()
    assert await registration(bot, kept).ensure()
    info = (await api.call("getWebhookInfo", {}))["result"]
    assert (info["url"], info["max_connections"]) == (ADDRESS.url, 40)
    assert set(info["allowed_updates"]) == set(ALLOWED_UPDATES)
    assert api.world.webhook is not None
    assert api.world.webhook.hook.secret == ADDRESS.secret
    assert await registration(bot, kept).ensure()
    assert times(api, "setWebhook") == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"connections": 80},
        {"address": hook_address(TOKEN, "https://other.example")},
        {"address": hook_address(TOKEN, URL, "another-secret-of-ours")},
    ],
    ids=["connections", "address", "secret"],
)
async def test_it_is_set_again_when_something_differs(
    bot: Bot, api: BotApi, changed: dict[str, object]
) -> None:
    kept = Kept()
    await registration(bot, kept).ensure()
    await registration(bot, kept, **changed).ensure()  # type: ignore[arg-type]
    assert times(api, "setWebhook") == 2


async def test_a_webhook_that_another_installation_has_set_is_replaced(
    bot: Bot, api: BotApi
) -> None:
    kept = Kept()
    await registration(bot, kept).ensure()
    await api.call("setWebhook", {"url": "https://else.example/x"})
    await registration(bot, kept).ensure()
    info = (await api.call("getWebhookInfo", {}))["result"]
    assert info["url"] == ADDRESS.url


async def test_one_of_several_processes_sets_it(bot: Bot, api: BotApi) -> None:
    waiting = registration(bot, Kept())
    assert isinstance(waiting.right, Right)
    waiting.right.is_free = False
    assert not await waiting.ensure()
    assert times(api, "setWebhook") == 0
    waiting.right.is_free = True
    assert await waiting.ensure()


async def test_neither_secret_nor_address_is_kept(bot: Bot) -> None:
    kept = Kept()
    await registration(bot, kept).ensure()
    assert ADDRESS.path not in kept.values[KEY]
    assert ADDRESS.secret not in kept.values[KEY]


async def test_a_removed_webhook_is_set_again(
    bot: Bot, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    ours = registration(bot, Kept())
    await ours.ensure()
    await ours.look()
    await api.call("deleteWebhook", {})
    await ours.look()
    assert times(api, "setWebhook") == 2
    assert "Somebody has removed the webhook" in caplog.text


async def test_another_installation_that_takes_over_is_told_of(
    bot: Bot, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    ours = registration(bot, Kept())
    await ours.ensure()
    await api.call("setWebhook", {"url": "https://else.example/x"})
    await ours.look()
    assert times(api, "setWebhook") == 2
    assert "Another installation has set its own webhook" in caplog.text


async def test_an_address_that_telegram_refuses_is_an_error(bot: Bot) -> None:
    plain = hook_address(TOKEN, "http://bot.example.com")
    with pytest.raises(BadRequest, match=r"(?i)https"):
        await registration(bot, Kept(), address=plain).ensure()


async def test_polling_removes_our_own_webhook_and_drops_nothing(
    bot: Bot, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Kept()
    await registration(bot, kept).ensure()
    api.visitor(ANNA.id).send("hello")
    with caplog.at_level(logging.WARNING):
        await remove_own(bot, kept)
    info = (await api.call("getWebhookInfo", {}))["result"]
    assert (info["url"], info["pending_update_count"]) == ("", 1)
    assert "The webhook was removed, because this process polls" in caplog.text


async def test_polling_leaves_anothers_webhook_alone(bot: Bot, api: BotApi) -> None:
    kept = Kept()
    await remove_own(bot, kept)
    assert times(api, "getWebhookInfo") == 0
    await registration(bot, kept).ensure()
    await api.call("setWebhook", {"url": "https://else.example/x"})
    await remove_own(bot, kept)
    assert (await api.call("getWebhookInfo", {}))["result"]["url"] == "https://else.example/x"
