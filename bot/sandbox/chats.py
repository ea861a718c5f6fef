"""One chat: its messages, whether the bot is blocked there, and who watches it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.sandbox.errors import Json

KEPT_MESSAGES = 500
_UNREAD_EVENTS = 2_000

Event = tuple[str, Json | list[Json]]
"""The name of an event and its data, as the page receives them."""


@dataclass(slots=True)
class Message:
    """A message as the bot knows it (`body`) and what only the sandbox knows of it."""

    body: Json
    payload: str = ""
    payment: Json | None = None
    inline: bool = True

    @property
    def id(self) -> int:
        """The message's number, rising over all chats."""
        return int(self.body["message_id"])

    @property
    def from_bot(self) -> bool:
        """Whether the bot has sent it, and so may edit it."""
        return bool(self.body["from"]["is_bot"])

    @property
    def paid(self) -> bool:
        """Whether it is an invoice that has been paid."""
        return self.payment is not None and self.payment["state"] == "paid"


@dataclass(slots=True)
class Chat:
    """A private chat or a group; `revision` rises with every change a person can see."""

    body: Json
    messages: dict[int, Message] = field(default_factory=dict)
    blocked: bool = False
    revision: int = 0
    watchers: list[asyncio.Queue[Event | None]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The chat's id: the user's in a private chat, negative in a group."""
        return int(self.body["id"])

    @property
    def private(self) -> bool:
        """Whether only one person and the bot are here."""
        return bool(self.body["type"] == "private")

    def keep(self, message: Message) -> None:
        """Add or replace a message, and forget the oldest beyond the limit."""
        self.messages[message.id] = message
        if len(self.messages) > KEPT_MESSAGES:
            del self.messages[next(iter(self.messages))]
        self.show(message)

    def drop(self, message_id: int) -> None:
        """Remove a message that exists."""
        del self.messages[message_id]
        self.tell("deleted", {"message_id": message_id})

    def show(self, message: Message) -> None:
        """Tell the watchers that a message is new or has changed."""
        self.revision += 1
        if self.watchers:
            self.tell("message", message.body)

    def tell(self, name: str, data: Json | list[Json]) -> None:
        """Send an event to all watchers; one that reads too slowly is dropped."""
        self.revision += 1
        for queue in list(self.watchers):
            if queue.qsize() > _UNREAD_EVENTS:
                self.watchers.remove(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait((name, data))

    @contextmanager
    def watched(self) -> Iterator[asyncio.Queue[Event | None]]:
        """Return a queue of the events from now on; None in it means the end."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self.watchers.append(queue)
        try:
            yield queue
        finally:
            if queue in self.watchers:
                self.watchers.remove(queue)

    def close(self) -> None:
        """Send the end to all watchers."""
        for queue in self.watchers:
            queue.put_nowait(None)
        self.watchers.clear()
