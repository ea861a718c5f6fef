"""Somebody of a crowd who acts, looks, and acts again when nothing has come of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.sandbox.errors import Json, SandboxError
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import one_of_the_crowd
from bot.sandbox.talk.driver import Place, Toast, UnexpectedError
from tests.person import Person

_LOOK_SECONDS = 0.02
_GRACE_SECONDS = 1.5
"""How long somebody looks at a screen that has not changed, once the bot has their update."""


class AtOnce:
    """Acts in this process and does not wait: what follows is for the person to see."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def send(
        self, user_id: int, chat_id: int, text: str, reply_to: int | None = None
    ) -> None:
        """Write a message."""
        self._api.visitor(user_id, chat_id).send(text, reply_to=reply_to)

    async def tap(self, user_id: int, chat_id: int, place: Place, data: str | None) -> Toast:
        """Tap a button; the note is not waited for."""
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
    """One person's; `repeats` tells what they did again, because nothing was to be seen."""

    def __init__(self, api: BotApi, user: int) -> None:
        self.user = user
        self.repeats: list[str] = []
        self._api = api
        self.person = Person(AtOnce(api), one_of_the_crowd(user))

    async def sends(self, text: str, *, sees: str) -> None:
        """Write until the last screen shows it."""
        await self._does(lambda: self.person.sends(text), sees)

    async def taps(self, label: str, *, sees: str) -> None:
        """Tap until the last screen shows it; UnexpectedError if there is no such button."""
        await self._does(lambda: self.person.taps(label), sees)

    async def pays(self) -> None:
        """Pay the newest invoice until Telegram says that it is paid."""
        while True:
            try:
                if await self.person.pays() == "paid":
                    return
            except SandboxError as error:
                if "paid already" in str(error):
                    return
            self.repeats.append(f"{self.user} pays: {self.person.payment}")
            await asyncio.sleep(_GRACE_SECONDS)

    async def _does(self, act: Callable[[], Awaitable[None]], sees: str) -> None:
        while True:
            await act()
            if await self._has_come(lambda: sees in self.person.screen):
                return
            self.repeats.append(f"{self.user} looks for {sees!r} on:\n{self.person.screen}")

    async def _has_come(self, is_so: Callable[[], bool]) -> bool:
        """Wait until it is so; False if the bot has had time for it."""
        handled_at = None
        while not is_so():
            if self.waiting():
                handled_at = None
            elif handled_at is None:
                handled_at = time.monotonic()
            elif time.monotonic() > handled_at + _GRACE_SECONDS:
                return False
            await asyncio.sleep(_LOOK_SECONDS)
        return True

    def waiting(self) -> int:
        """How many updates of theirs Telegram has not got rid of."""
        waiting = self._api.updates.fresh(len(self._api.updates))
        return sum(self.user == _sender(update) for update in waiting)


def _sender(update: Json) -> int:
    body = next(value for name, value in update.items() if name != "update_id")
    return int(body["from"]["id"])


__all__ = ["AtOnce", "Hands", "UnexpectedError"]
