"""The port between a person and the bot; tests use it in the process, the tour over HTTP."""

from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.errors import Json


@dataclass(frozen=True, slots=True)
class Place:
    """Where a button is: the message, and its row and column counted from 0."""

    message_id: int
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Toast:
    """The note a tap was answered with."""

    text: str = ""
    alert: bool = False


class UnexpectedError(AssertionError):
    """The bot did not do what the person expected; the text says what, and shows the screen."""


class Driver(Protocol):
    """What a person can do to the bot; each returns when the bot has finished with it."""

    async def send(
        self, user_id: int, chat_id: int, text: str, reply_to: int | None = None
    ) -> None:
        """Write a message, as a reply to another one if it is named."""

    async def tap(self, user_id: int, chat_id: int, place: Place, data: str | None) -> Toast:
        """Tap a button and return the note the bot answers with; `data` forges the button."""
        ...

    async def pay(self, user_id: int, chat_id: int, message_id: int, outcome: str) -> Json:
        """Pay an invoice; returns its state, and the error if there is one."""
        ...

    async def download(self, chat_id: int, file_id: str) -> bytes:
        """Fetch a file that the bot has sent to a private chat."""
        ...

    async def block(self, user_id: int, *, blocked: bool) -> None:
        """Block the bot, or let it write again."""

    async def look(self, chat_id: int) -> None:
        """Fetch what came unasked."""

    def messages(self, chat_id: int) -> list[Json]:
        """Return the chat as it was last seen, oldest message first."""
        ...
