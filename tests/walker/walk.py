"""Random walks through the whole bot: taps, junk, forged and month-old buttons, two at once."""

import asyncio
import random
import re
from dataclasses import dataclass, field, fields
from typing import Any

from telegram.ext import BaseUpdateProcessor

from bot.sandbox.errors import Json
from bot.sandbox.state import CallbackQuery
from bot.telegram.gate import PersonGate
from bot.telegram.reading import read_update
from handlers.chat.screens.codec import DIGITS, registered
from handlers.routes import COMMANDS
from tests.walker.crowd import Crowd, mark
from tests.world import World

MARKS = re.compile(r"kl\d{4}x")
JUNK = (
    "", "0", "-1", "9" * 40, "żółw-ęą.example", "http://www.Example.COM/path?x=1", "przykład.pl",
    "<b>bold", "&amp;<script>", "%s {0} {x}", "'; DROP TABLE services;--", "\u202eabc", "😀" * 60,
    "a" * 4096, "/", "/nosuch", "/link AAAAAAAA", "/start ABCDEFGH", "/link", "hosting", "kl",
    "\n\n", "x.example", "Europe/Warsaw", "1000-01-01", "moja strona",
)  # fmt: skip

EAGER = {"success": 12, "primary": 3}
"""People tap what is offered: without this, few would ever reach the end of a checkout."""


@dataclass(slots=True)
class Walker:
    """One person who does anything at all."""

    world: World
    crowd: Crowd
    person: int
    rng: random.Random
    gate: BaseUpdateProcessor
    foreign: list[str]
    user: int = 0
    taps: int = 0
    seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.user = self.crowd.user(self.person)

    async def walk(self, steps: int) -> None:
        """Say hello, then wander."""
        await self._say("/start")
        for _ in range(steps):
            act = self.rng.choices(
                [self._tap, self._tap_old, self._twice, self._forge, self._pay, self._command,
                 self._junk, self._block],
                [58, 8, 6, 8, 6, 6, 7, 1],
            )[0]  # fmt: skip
            await act()
            self._look()

    async def _tap(self) -> None:
        await self._tap_on(self._messages()[-2:])

    async def _tap_old(self) -> None:
        await self._tap_on(self._messages())

    async def _twice(self) -> None:
        await self._tap_on(self._messages()[-1:], times=2)

    async def _tap_on(self, messages: list[Json], *, times: int = 1) -> None:
        places = [
            (message["message_id"], row, column, EAGER.get(button.get("style", ""), 1))
            for message in messages
            for row, buttons in enumerate(_keyboard(message))
            for column, button in enumerate(buttons)
            if "callback_data" in button
        ]
        if not places:
            await self._command()
            return
        (place,) = self.rng.choices(places, [weight for *_, weight in places])
        await self._taps([self._hands.tap(*place[:3]) for _ in range(times)])

    async def _forge(self) -> None:
        messages = self._messages()
        if not messages:
            return
        data = self.rng.choice([self._forged(), self._forged(), self.rng.choice(JUNK)[:60] or "?"])
        await self._taps([self._hands.tap(messages[-1]["message_id"], data=data)])

    def _forged(self) -> str:
        """A well-formed button with somebody else's ids, or any numbers at all."""
        code, cls = self.rng.choice(sorted(registered().items()))
        numbers = [self._number() for _ in fields(cls)]
        return ":".join([code, *numbers])

    def _number(self) -> str:
        if self.rng.random() < 0.5:
            return self.rng.choice(self.foreign)
        return self.rng.choice(["0", "1", "2", "zz", "", "-1", "1y2p0ij32e8e7"])

    async def _pay(self) -> None:
        """Pay the newest invoice that waits, or let the provider refuse."""
        waiting = [
            m for m in self._messages() if "invoice" in m and m["message_id"] not in self.seen
        ]
        if not waiting:
            await self._tap()
            return
        message_id = waiting[-1]["message_id"]
        outcome = self.rng.choice(["pay", "pay", "fail"])
        if outcome == "pay":
            self.seen.add(message_id)
        paying = asyncio.create_task(self._hands.pay(message_id, outcome=outcome))
        while not paying.done():
            await self._deliver()
            await asyncio.sleep(0)
        if paying.result()["state"] != "paid":
            self.seen.discard(message_id)
        await self._deliver()

    async def _command(self) -> None:
        await self._say(f"/{self.rng.choice([*(c.name for c in COMMANDS), 'cancel'])}")

    async def _junk(self) -> None:
        text = self.rng.choice(JUNK)
        if text.strip():
            await self._say(text)

    async def _block(self) -> None:
        self._hands.block()
        await self._deliver()
        self._hands.unblock()
        await self._deliver()

    async def _say(self, text: str) -> None:
        self._hands.send(text)
        await self._deliver()

    async def _taps(self, queries: list[CallbackQuery]) -> None:
        await self._deliver()
        self.taps += len(queries)
        for query in queries:
            assert query.attempts == 1, f"a tap was answered {query.attempts} times"
            assert query.answer is not None, "the answer to a tap was refused"

    async def _deliver(self) -> None:
        """Hand over what waits; several at once, as a bot with many people does."""
        updates = []
        while (update := self.world.api.updates.take()) is not None:
            updates.append(read_update(update, self.world.application.bot))
        application = self.world.application
        await asyncio.gather(
            *(self.gate.process_update(u, application.process_update(u)) for u in updates)
        )

    def _look(self) -> None:
        """People see only what is theirs."""
        mine = mark(self.crowd.client_of(self.person))
        for message in self._messages()[-3:]:
            shown = set(MARKS.findall(str(message))) - {mine}
            assert not shown, f"{mine} was shown {shown}: {message}"

    @property
    def _hands(self) -> Any:
        return self.world.api.visitor(self.user)

    def _messages(self) -> list[Json]:
        chat = self.world.api.world.chats.get(self.user)
        messages = chat.messages.values() if chat else ()
        return [m.body for m in messages if m.body["from"]["is_bot"]]


def _keyboard(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def base36(number: int) -> str:
    """A number as buttons write it."""
    digits = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return DIGITS[number] + digits


def make_gate() -> BaseUpdateProcessor:
    """The gate of the running bot."""
    return PersonGate()
