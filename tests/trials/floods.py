"""People who send much more than can be answered, and others who send one thing meanwhile.

The bot is the real one at its real pace; it polls the sandbox over HTTP.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.commands.demo import Sandbox, sandbox
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import CROWD_FROM, JOHN
from bot.sandbox.talk.http_driver import OverHttp
from bot.telegram.pacing import Pace
from tests.person import Person
from tests.world import START

OTHERS = range(CROWD_FROM + 1_000, CROWD_FROM + 1_020)
LEFT_OUT = ("Za dużo naraz", "That was too much at once")
"""How the sentence begins that is said about a burst."""


@dataclass(frozen=True, slots=True)
class Flood:
    """So many strangers, each with so many texts or taps in Telegram's queue at once."""

    people: int
    each: int
    taps: bool = False

    @property
    def users(self) -> range:
        """Who they are."""
        return range(CROWD_FROM + 1, CROWD_FROM + 1 + self.people)

    async def begins(self, api: BotApi) -> None:
        """Put everything into the queue, one person's after the other's."""
        if self.taps:
            await answers(api, self.users)
        for user in self.users:
            hands = api.visitor(user)
            screens = [m.id for m in hands.chat.messages.values() if "reply_markup" in m.body]
            for number in range(self.each):
                if self.taps:
                    hands.tap(screens[-1])
                else:
                    hands.send(f"text {number}")


@asynccontextmanager
async def open_box(home: Path) -> AsyncIterator[Sandbox]:
    """The invented company's bot, which keeps Telegram's limits."""
    async with sandbox(home, pace=Pace(), start=START) as box:
        yield box


async def answers(api: BotApi, users: range) -> list[float]:
    """Let everybody write something at the same time; the seconds until each has an answer."""
    return list(await asyncio.gather(*(_answer(api, user) for user in users)))


async def _answer(api: BotApi, user: int) -> float:
    hands = api.visitor(user)
    begun = time.perf_counter()
    with hands.chat.watched() as events:
        hands.send("/start")
        while True:
            event = await events.get()
            assert event is not None
            if event[0] == "message" and isinstance(event[1], dict) and is_bots(event[1]):
                return time.perf_counter() - begun


def is_bots(message: dict[str, object]) -> bool:
    """Whether the bot has written it."""
    sender = message["from"]
    return isinstance(sender, dict) and bool(sender["is_bot"])


def said_to(api: BotApi, user: int) -> list[str]:
    """The texts of all messages that the bot has sent to somebody."""
    messages = api.visitor(user).chat.messages.values()
    return [str(message.body.get("text", "")) for message in messages if is_bots(message.body)]


def is_sentence(text: str) -> bool:
    """Whether it says that something was left out."""
    return text.startswith(LEFT_OUT)


async def invoice_of_john(box: Sandbox) -> int:
    """The message with the invoice that John is about to pay in Telegram."""
    async with aiohttp.ClientSession() as session:
        john = Person(OverHttp(box.url, session), JOHN)
        await john.sends("/renew")
        await john.taps("☐ smith-and-sons.example")
        await john.taps("Pay")
        await john.taps("Payment in Telegram")
        await john.taps("Order and pay")
        messages = box.api.visitor(JOHN.id).chat.messages.values()
        return next(m.id for m in messages if "invoice" in m.body)
