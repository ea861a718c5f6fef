"""What waits for the operator's chat is shown where the operator looks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from billing.rules.reach import ClosedChat
from bot.commands.decisions.operator_chat import WHAT_TO_DO, WHY
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA
from bot.sandbox.server import create_app, serve
from tests.bot.commands.conftest import BEGIN, Outcome, Panelik
from tests.world import OPERATOR, World, make_settings

SINCE = f"{BEGIN.astimezone(make_settings('sqlite:///x').zone):%Y-%m-%d}"
CHAT = {"OPERATOR_CHAT": str(OPERATOR)}


async def happens_unseen(world: World) -> None:
    """The bot is blocked in the operator's chat; then Anna asks to cancel two services."""
    world.api.world.chats[OPERATOR].blocked = True
    anna = world.person(ANNA)
    for label in ("Domena .pl", "⏳"):
        await anna.sends("/services")
        await anna.taps(label)
        await anna.taps("Zgłoś rezygnację")
        await anna.taps("Jak najszybciej")
        await anna.sends("Zamykam")
        await anna.taps("Tak, rezygnuję")
    # Nothing else: at some hours a tick has the summary of the day for the operator too.
    await world.core.actions.send_outbox()


async def comes_back(world: World) -> list[str]:
    """The bot is unblocked; what the operator reads then."""
    world.clock.advance(timedelta(minutes=5))
    world.api.world.chats[OPERATOR].blocked = False
    await world.core.actions.send_outbox()
    return [message["text"] for message in world.driver.messages(OPERATOR)]


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with serve(create_app(BotApi())) as url:
        yield url


async def orders(panelik: Panelik) -> Outcome:
    """Run it in a thread: its own event loop may not run in this one."""
    return await asyncio.to_thread(panelik, "orders", **CHAT)


async def check(panelik: Panelik, url: str, **settings: str) -> Outcome:
    given = {"API_URL": url, "BOT_TOKEN": TOKEN, **settings}
    return await asyncio.to_thread(panelik, "check", **given)


@pytest.mark.slow
async def test_orders_and_check_tell_what_waits_why_and_what_to_do(
    loaded: Panelik, url: str
) -> None:
    assert "for you wait" not in (await orders(loaded)).out
    await asyncio.to_thread(loaded.lets, happens_unseen)
    told = await orders(loaded)
    line = told.out.splitlines()[-1]
    assert line.startswith(f"2 messages for you wait since {SINCE}")
    assert line.endswith(
        "the operator's chat cannot be written to (the bot was removed from it, or is blocked "
        "there). Add the bot again, or unblock it; then they follow by themselves."
    )
    checked = await check(loaded, url, **CHAT)
    assert (checked.code, checked.err) == (1, f"Operator: {line}")
    first, *rest = await asyncio.to_thread(loaded.lets, comes_back)
    assert first.startswith("📬 2 messages waited for you")
    assert ["Cancellation request #" in text for text in rest] == [True, True]
    assert (await check(loaded, url, **CHAT)).code == 0
    assert "for you wait" not in (await orders(loaded)).out


@pytest.mark.slow
async def test_a_missing_operator_chat_is_mentioned_but_not_a_problem(
    loaded: Panelik, url: str
) -> None:
    async def without_a_chat(world: World) -> None:
        world.core.notifier._operator_chat = None  # type: ignore[union-attr] # its setting
        await happens_unseen(world)

    await asyncio.to_thread(loaded.lets, without_a_chat)
    checked = await check(loaded, url)
    assert (checked.code, checked.err) == (0, "")
    assert (
        "no chat is set. Set PANELIK_OPERATOR_CHAT and start the bot again; then they follow."
    ) in checked.out


def test_every_reason_has_its_words() -> None:
    assert set(WHY) == set(WHAT_TO_DO) == set(ClosedChat)
