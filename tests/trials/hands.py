"""Somebody of a crowd who acts, looks, and acts again when nothing has come of it."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

from bot.sandbox.chats import Event
from bot.sandbox.errors import Json, SandboxError
from bot.sandbox.methods.api import BotApi
from bot.sandbox.methods.payments import TIMED_OUT
from bot.sandbox.people import one_of_the_crowd
from bot.sandbox.talk.driver import Place, Toast, UnexpectedError
from tests.person import Person, readable

Events = asyncio.Queue[Event | None]

_LOOK_SECONDS = 0.1
GRACE_SECONDS = 1.5
"""How long somebody waits when Telegram has got rid of their updates."""


_TIMES = 3
"""How often somebody does the same before they begin anew."""


class AtOnce:
    """Acts in this process and does not wait: what follows is for the person to see.

    `answers_from` is the first message that can be an answer to the last act: the one that was
    tapped, or those that come after what was written.
    """

    def __init__(self, api: BotApi) -> None:
        self.answers_from = 0
        self._api = api

    async def send(
        self, user_id: int, chat_id: int, text: str, reply_to: int | None = None
    ) -> None:
        """Write a message."""
        sent = self._api.visitor(user_id, chat_id).send(text, reply_to=reply_to)
        self.answers_from = sent.id + 1

    async def tap(self, user_id: int, chat_id: int, place: Place, data: str | None) -> Toast:
        """Tap a button; the note is not waited for."""
        self.answers_from = place.message_id
        hands = self._api.visitor(user_id, chat_id)
        hands.tap(place.message_id, place.row, place.column, data=data)
        return Toast()

    async def pay(self, user_id: int, chat_id: int, message_id: int, outcome: str) -> Json:
        """Pay an invoice, and wait for Telegram's word."""
        return await self._api.visitor(user_id, chat_id).pay(message_id, outcome=outcome)

    async def download(self, chat_id: int, file_id: str) -> bytes:
        """Fetch a file."""
        return self._api.visitor(chat_id).file(file_id)

    async def block(self, user_id: int, *, blocked: bool) -> None:
        """Block the bot, or let it write again."""
        hands = self._api.visitor(user_id)
        hands.block() if blocked else hands.unblock()

    async def look(self, chat_id: int) -> None:
        """See all there is: it is always up to date."""

    def messages(self, chat_id: int) -> list[Json]:
        """Return the chat as it is now."""
        return [message.body for message in self._api.world.chat(chat_id).messages.values()]


class Hands:
    """One person's: they act, and act again when nothing has come of it.

    `repeats` tells what they did again, and `detours` where they began anew: a button was gone,
    because an older screen had come again, or Telegram gave a payment up.
    """

    def __init__(self, api: BotApi, user: int) -> None:
        self.user = user
        self.repeats: list[str] = []
        self.detours: list[str] = []
        self._driver = AtOnce(api)
        self.person = Person(self._driver, one_of_the_crowd(user))
        self._api = api
        self._chat = api.visitor(user).chat

    async def sends(self, text: str, *, sees: str) -> str:
        """Write until a screen shows it, and return that screen; UnexpectedError if none does."""
        return await self._does(lambda: self.person.sends(text), sees)

    async def taps(self, label: str, *, sees: str, on: str = "") -> str:
        """Tap until a screen shows it; UnexpectedError if none does, or the button is gone.

        They tap only while the newest screen shows what they want it to be `on`.
        """

        async def act() -> None:
            if on not in self.person.screen:
                raise UnexpectedError(f"{self.user} wants {on!r} on:\n{self.person.screen}")
            await self.person.taps(label)

        return await self._does(act, sees)

    def has_invoice(self) -> bool:
        """Whether there is an invoice to pay in the chat."""
        return any("invoice" in message.body for message in self._chat.messages.values())

    async def pays(self) -> None:
        """Pay the newest invoice until Telegram says that it is paid."""
        while True:
            try:
                if await self.person.pays() == "paid":
                    return
            except SandboxError as error:
                if "paid already" in str(error):
                    return
            # Telegram waits ten seconds for the bot, which a busy machine needs to start it anew.
            is_late = self.person.payment.get("error") == TIMED_OUT
            again = self.detours if is_late else self.repeats
            again.append(f"{self.user} pays: {self.person.payment}")
            await asyncio.sleep(GRACE_SECONDS)

    async def searches(self, numbers: range) -> dict[int, float]:
        """Search for some numbers at once; the seconds until each that is answered was."""
        waits: dict[int, float] = {}
        begun = time.monotonic()
        with self._chat.watched() as events:
            for number in numbers:
                await self.person.sends(f"nr {number}")
            async for _, screen in self._screens(events):
                # An answer before these is shown again when its keyboard goes.
                for number in set(searched(screen)) & set(numbers):
                    waits.setdefault(number, time.monotonic() - begun)
                if len(waits) == len(numbers):
                    break
        return waits

    async def _does(self, act: Callable[[], Awaitable[None]], sees: str) -> str:
        for _ in range(_TIMES):
            with self._chat.watched() as events:
                await act()
                async for message_id, screen in self._screens(events):
                    # An older screen is shown again when its keyboard goes.
                    if message_id >= self._driver.answers_from and sees in screen:
                        return screen
            if sees in self.person.screen:
                return self.person.screen  # what was there before was right already
            self.repeats.append(f"{self.user} looks for {sees!r} on:\n{self.person.screen}")
        # What was written may have been taken, and only its screen is missing.
        raise UnexpectedError(f"{self.user} has looked for {sees!r} {_TIMES} times")

    async def _screens(self, events: Events) -> AsyncIterator[tuple[int, str]]:
        """Yield what the bot shows and on which message.

        It ends some time after the bot has had their updates.
        """
        patient_until = None
        while patient_until is None or time.monotonic() < patient_until:
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    name, message = await events.get() or ("", {})
            except TimeoutError:
                if self.waiting():
                    patient_until = None
                elif patient_until is None:
                    patient_until = time.monotonic() + GRACE_SECONDS
                continue
            if name == "message" and isinstance(message, dict) and message["from"]["is_bot"]:
                yield int(message["message_id"]), readable(message)

    def waiting(self) -> int:
        """How many updates of theirs Telegram has not got rid of."""
        return waiting(self._api)[self.user]


def waiting(api: BotApi) -> Counter[int]:
    """How many updates Telegram has for the bot, by who caused them."""
    return Counter(_sender(update) for update in api.updates.fresh(len(api.updates)))


def searched(screen: str) -> list[int]:
    """The numbers that a screen is the answer to."""
    return [int(number) for number in re.findall(r"nr (\d+)[”\"]", screen)]


def _sender(update: Json) -> int:
    body = next(value for name, value in update.items() if name != "update_id")
    return int(body["from"]["id"])
