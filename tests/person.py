"""A person in a test, written so that a test reads like the conversation.

await anna.sends("/start")
await anna.taps("Dodaj do koszyka")
anna.sees("W koszyku: 1")
"""

from collections.abc import Iterator
from typing import Literal

from bot.sandbox.errors import Json
from bot.sandbox.people import Profile
from tests.drivers import Driver, Place, Toast


def plain(text: str) -> str:
    """Return the text with the spaces that formatting makes unbreakable turned into plain ones."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


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

    async def taps(
        self, label: str, *, below: str = "", row: int | None = None, nth: int | None = None
    ) -> None:
        """Tap the button with this label, or whose label contains it, on the newest message.

        `below` takes buttons under the row or text that contains it; `row` and `nth` (among
        those that match) count from 0. The bot must answer the tap exactly once.
        """
        place, button = self._find(label, below=below, row=row, nth=nth)
        if "callback_data" not in button:
            raise AssertionError(f"[{label}] tells the bot nothing; try opens, copies or pays")
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
            raise AssertionError(f"{self.name} sees no invoice on:\n{self.screen}")
        message_id = invoices[-1]["message_id"]
        self.payment = await self.driver.pay(self.id, self._chat_id, message_id, outcome)
        return str(self.payment["state"])

    async def blocks(self) -> None:
        """Block the bot."""
        await self.driver.block(self.id, blocked=True)

    async def unblocks(self) -> None:
        """Let the bot write again."""
        await self.driver.block(self.id, blocked=False)

    async def looks(self) -> None:
        """Look again for what came unasked, such as a reminder; needed over HTTP only."""
        await self.driver.look(self._chat_id)

    @property
    def name(self) -> str:
        return self.profile.first_name

    @property
    def toast(self) -> str:
        """The note that the last tap was answered with."""
        return plain(self._toast.text)

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
        return [plain(button["text"]) for _, button in _places(self._last())]

    def sees(self, *texts: str) -> None:
        """Assert that each text is on the last message of the bot or on its buttons."""
        __tracebackhide__ = True
        for text in texts:
            if plain(text) not in self.screen:
                raise AssertionError(f"{self.name} does not see {text!r} on:\n{self.screen}")

    def does_not_see(self, *texts: str) -> None:
        """Assert that none of the texts is on the last message of the bot."""
        __tracebackhide__ = True
        for text in texts:
            if plain(text) in self.screen:
                raise AssertionError(f"{self.name} sees {text!r} on:\n{self.screen}")

    def _bot_messages(self) -> list[Json]:
        return [m for m in self.driver.messages(self._chat_id) if m["from"]["is_bot"]]

    def _last(self) -> Json:
        messages = self._bot_messages()
        if not messages:
            raise AssertionError(f"the bot has written nothing to {self.name}")
        return messages[-1]

    def _find(
        self, label: str, *, below: str = "", row: int | None = None, nth: int | None = None
    ) -> tuple[Place, Json]:
        __tracebackhide__ = True
        wanted = plain(label)
        for message in reversed(self._bot_messages()):
            places = [
                (place, button)
                for place, button in _places(message, below=plain(below))
                if row is None or place.row == row
            ]
            exact = [item for item in places if plain(item[1]["text"]) == wanted]
            found = exact or [item for item in places if wanted in plain(item[1]["text"])]
            if found and (nth is not None or len(found) == 1):
                return found[nth or 0]
            if found:
                screen = readable(message)
                raise AssertionError(
                    f"{len(found)} buttons are [{label}], say which, on:\n{screen}"
                )
        raise AssertionError(f"{self.name} sees no button [{label}] on:\n{self.screen}")


def _places(message: Json, *, below: str = "") -> Iterator[tuple[Place, Json]]:
    """Yield the buttons with their places, those under the text `below` if it is given."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    reached = below in plain(_words(message))
    for y, row in enumerate(rows):
        if reached:
            for x, button in enumerate(row):
                yield Place(message["message_id"], y, x), button
        reached = reached or any(below in plain(button["text"]) for button in row)


def readable(message: Json) -> str:
    """Return a message as text, each row of buttons as `[one] [two]` on a line of its own."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    lines = [" ".join(f"[{button['text']}]" for button in row) for row in rows]
    return plain("\n".join([_words(message), *lines]))


def _words(message: Json) -> str:
    words = message.get("text") or message.get("caption") or ""
    if invoice := message.get("invoice"):
        total = f"{invoice['total_amount']} {invoice['currency']}"
        words = f"{invoice['title']}\n{invoice['description']}\n{total}"
    if document := message.get("document"):
        words = f"{document['file_name']}\n{words}"
    return str(words)
