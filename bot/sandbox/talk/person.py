"""A person who chats with the bot, written so that a test reads like the conversation.

await anna.sends("/start")
await anna.taps("Dodaj do koszyka")
anna.sees("W koszyku: 1")
"""

import asyncio
import time
from typing import Literal

from bot.sandbox.errors import Json
from bot.sandbox.people import Profile
from bot.sandbox.talk.driver import Driver, Place, Toast, UnexpectedError
from bot.sandbox.talk.reading import places, readable
from locales.text import legible

_LOOK_SECONDS = 0.02


class Person:
    """Somebody who chats with the bot; looks at the chat last written to.

    `payment` tells how the last payment went: its state, and the error if there was one.
    """

    def __init__(self, driver: Driver, profile: Profile) -> None:
        self.driver = driver
        self.profile = profile
        self.id = profile.id
        self.payment: Json = {}
        self._chat_id = profile.id
        self._toast = Toast()

    async def sends(self, text: str, *, chat: int | None = None) -> None:
        """Write a message, in the private chat unless another one is named."""
        self._chat_id = chat or self.id
        await self.driver.send(self.id, self._chat_id, text)

    async def replies(self, text: str, *, to: str) -> None:
        """Reply to the newest message of the bot that contains `to`, in the chat looked at."""
        for message in reversed(self._bot_messages()):
            if legible(to) in readable(message):
                await self.driver.send(self.id, self._chat_id, text, message["message_id"])
                return
        raise UnexpectedError(f"{self.name} sees no message with {to!r} on:\n{self.screen}")

    def enters(self, chat: int) -> None:
        """Look at another chat from now on: a group, or one's own again."""
        self._chat_id = chat

    async def taps(
        self,
        label: str,
        *,
        beside: str = "",
        below: str = "",
        row: int | None = None,
        nth: int | None = None,
    ) -> None:
        """Tap the button with this label, or whose label contains it, on the newest message.

        `beside` takes buttons of rows in which another button contains it, `below` those under
        the row or text that does; `row` and `nth` (among those that match) count from 0. The bot
        must answer the tap exactly once.
        """
        place, button = self._find(label, beside=beside, below=below, row=row, nth=nth)
        if "callback_data" not in button:
            raise UnexpectedError(f"[{label}] tells the bot nothing; try opens, copies or pays")
        self._toast = await self.driver.tap(self.id, self._chat_id, place, None)

    async def forges(self, data: str) -> None:
        """Tap a button of one's own making on the last message, as a modified client can."""
        place = Place(self._last()["message_id"])
        self._toast = await self.driver.tap(self.id, self._chat_id, place, data)

    def opens(self, label: str, *, below: str = "") -> str:
        """Return the address that a link button opens."""
        return str(self._find(label, below=below)[1]["url"])

    def copies(self, label: str, *, below: str = "") -> str:
        """Return the text that a copy button puts on the clipboard."""
        return str(self._find(label, below=below)[1]["copy_text"]["text"])

    async def pays(self, outcome: Literal["pay", "fail"] = "pay") -> str:
        """Pay the newest invoice; returns "paid", "failed" or "refused"."""
        invoices = [message for message in self._bot_messages() if "invoice" in message]
        if not invoices:
            raise UnexpectedError(f"{self.name} sees no invoice on:\n{self.screen}")
        message_id = invoices[-1]["message_id"]
        self.payment = await self.driver.pay(self.id, self._chat_id, message_id, outcome)
        return str(self.payment["state"])

    async def downloads(self) -> tuple[str, bytes]:
        """Fetch the newest file the bot has sent; returns its name and content."""
        files = [message["document"] for message in self._bot_messages() if "document" in message]
        if not files:
            raise UnexpectedError(f"{self.name} sees no file on:\n{self.screen}")
        newest = files[-1]
        content = await self.driver.download(self._chat_id, newest["file_id"])
        return str(newest["file_name"]), content

    async def looks_at_picture(self) -> bytes:
        """Fetch the picture that the bot has sent last."""
        photos = [message["photo"] for message in self._bot_messages() if "photo" in message]
        if not photos:
            raise UnexpectedError(f"{self.name} sees no picture on:\n{self.screen}")
        return await self.driver.download(self._chat_id, photos[-1][-1]["file_id"])

    async def blocks(self) -> None:
        """Block the bot."""
        await self.driver.block(self.id, blocked=True)

    async def unblocks(self) -> None:
        """Let the bot write again."""
        await self.driver.block(self.id, blocked=False)

    async def looks(self) -> None:
        """Fetch what came unasked, such as a reminder; needed over HTTP only."""
        await self.driver.look(self._chat_id)

    async def waits_for(self, *texts: str, seconds: float = 5.0) -> None:
        """Poll until the bot's last message has each of these texts."""
        until = time.monotonic() + seconds
        while True:
            await self.looks()
            if all(legible(text) in self.screen for text in texts) or time.monotonic() > until:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        self.sees(*texts)

    @property
    def name(self) -> str:
        """The person's first name."""
        return self.profile.first_name

    @property
    def bot(self) -> str:
        """The name of who wrote the last message."""
        return str(self._last()["from"]["first_name"])

    @property
    def toast(self) -> str:
        """The note that the last tap was answered with."""
        return legible(self._toast.text)

    @property
    def alerted(self) -> bool:
        """Whether that note was an alert to be confirmed."""
        return self._toast.alert

    @property
    def screen(self) -> str:
        """The last message of the bot as one reads it, with buttons in brackets."""
        messages = self._bot_messages()
        return readable(messages[-1]) if messages else "(the bot has written nothing)"

    @property
    def screens(self) -> list[str]:
        """All messages of the bot, oldest first."""
        return [readable(message) for message in self._bot_messages()]

    @property
    def buttons(self) -> list[str]:
        """The labels under the last message of the bot."""
        return [legible(button["text"]) for _, button in places(self._last())]

    def sees(self, *texts: str) -> None:
        """Assert that each text is on the last message of the bot or on its buttons."""
        __tracebackhide__ = True
        for text in texts:
            if legible(text) not in self.screen:
                raise UnexpectedError(f"{self.name} does not see {text!r} on:\n{self.screen}")

    def does_not_see(self, *texts: str) -> None:
        """Assert that none of the texts is on the last message of the bot."""
        __tracebackhide__ = True
        for text in texts:
            if legible(text) in self.screen:
                raise UnexpectedError(f"{self.name} sees {text!r} on:\n{self.screen}")

    def _bot_messages(self) -> list[Json]:
        return [m for m in self.driver.messages(self._chat_id) if m["from"]["is_bot"]]

    def _last(self) -> Json:
        messages = self._bot_messages()
        if not messages:
            raise UnexpectedError(f"the bot has written nothing to {self.name}")
        return messages[-1]

    def _find(
        self,
        label: str,
        *,
        beside: str = "",
        below: str = "",
        row: int | None = None,
        nth: int | None = None,
    ) -> tuple[Place, Json]:
        __tracebackhide__ = True
        text = legible(label)
        for message in reversed(self._bot_messages()):
            fitting = [
                (place, button)
                for place, button in places(message, beside=legible(beside), below=legible(below))
                if row is None or place.row == row
            ]
            exact = [item for item in fitting if legible(item[1]["text"]) == text]
            matches = exact or [item for item in fitting if text in legible(item[1]["text"])]
            if matches and (nth is not None or len(matches) == 1):
                return matches[nth or 0]
            if matches:
                screen = readable(message)
                raise UnexpectedError(
                    f"{len(matches)} buttons are [{label}], say which, on:\n{screen}"
                )
        raise UnexpectedError(f"{self.name} sees no button [{label}] on:\n{self.screen}")
