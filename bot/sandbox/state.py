"""The state of the sandbox: people, chats, and what is on its way between them and the bot."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.chats import Chat, Message
from bot.sandbox.clock import Clock
from bot.sandbox.errors import ApiError, Json, SandboxError, bad_request
from bot.sandbox.faults import Faults
from bot.sandbox.people import BOT, CROWD_FROM, GROUP_ID, PEOPLE, STAFF, Profile, one_of_the_crowd
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.webhook import WebhookSender

KEPT_QUERIES = 5_000
KEPT_FILES = 50
PRE_CHECKOUT_SECONDS = 10.0
CALLBACK_SECONDS = 15.0
"""Seconds that a tap waits for its answer; Telegram names no figure, but 15 s have failed."""

_GROUP = {"id": GROUP_ID, "type": "group", "title": "Panelik, grupa"}
_BOT_USER = BOT.user()


@dataclass(slots=True)
class CallbackQuery:
    """A tap: `born` is the stopwatch's reading, `attempts` counts the bot's answers."""

    id: str
    user_id: int
    chat_id: int
    born: float
    attempts: int = 0
    answer: Json | None = None


@dataclass(slots=True)
class PreCheckout:
    """The question before a payment, waiting for the bot's answer."""

    id: str
    answer: asyncio.Future[Json]


@dataclass(slots=True)
class BotProfile:
    """What the bot has told about itself, by language ('' for everybody else)."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=lambda: {"": BOT.first_name})
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)


class World:
    """Everything that happens in the sandbox; only the event loop's thread touches it."""

    def __init__(self, clock: Clock, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.stopwatch = stopwatch
        self.people: dict[int, Profile] = {p.id: p for p in (*PEOPLE, *STAFF)}
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue(stopwatch)
        self.faults = Faults()
        self.callbacks: dict[str, CallbackQuery] = {}
        self.pre_checkouts: dict[str, PreCheckout] = {}
        self.files: dict[tuple[int, str], bytes] = {}
        self.addresses: dict[tuple[int, str], str] = {}
        self.webhook: WebhookSender | None = None
        self.webhook_pace = 1.0
        self.profile = BotProfile()
        self.pre_checkout_seconds = PRE_CHECKOUT_SECONDS
        self.callback_seconds = CALLBACK_SECONDS
        self._last_message = 0
        self._last_query = 0

    def person(self, user_id: int) -> Profile:
        """Return the person with this id; people of load tests are made when asked for."""
        if person := self.people.get(user_id):
            return person
        if user_id < CROWD_FROM:
            raise SandboxError(f"nobody has the id {user_id}")
        person = self.people[user_id] = one_of_the_crowd(user_id)
        return person

    def chat(self, chat_id: int) -> Chat:
        """Return a chat as a person opens it: it exists from then on."""
        if chat := self.chats.get(chat_id):
            return chat
        body = _GROUP if chat_id == GROUP_ID else self.person(chat_id).chat()
        chat = self.chats[chat_id] = Chat(body)
        return chat

    def reach(self, chat_id: object) -> Chat:
        """Return a chat the bot may write to; 400 when it never met it, 403 when blocked."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def post(self, chat: Chat, content: Json, *, sender: Profile = BOT) -> Message:
        """Put a new message into the chat, dated by the clock, and return it."""
        self._last_message += 1
        body: Json = {
            "message_id": self._last_message,
            "from": _BOT_USER if sender is BOT else sender.user(),
            "chat": chat.body,
            "date": self.unix_now(),
            **content,
        }
        message = Message(body)
        chat.keep(message)
        return message

    def unix_now(self) -> int:
        """Return the clock's instant in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def update(self, kind: str, body: Json) -> None:
        """Tell the bot that something has happened."""
        self.updates.put(kind, body, twice=self.faults.duplicates())

    def query_id(self) -> str:
        """Return a number for a new query, as long as Telegram's."""
        self._last_query += 1
        return str(4_300_000_000_000_000_000 + self._last_query)

    def add_callback(self, user_id: int, chat_id: int) -> CallbackQuery:
        """Open a callback query for a tap."""
        query = CallbackQuery(self.query_id(), user_id, chat_id, self.stopwatch())
        self.callbacks[query.id] = query
        if len(self.callbacks) > KEPT_QUERIES:
            del self.callbacks[next(iter(self.callbacks))]
        return query

    def keep_file(self, chat_id: int, file_id: str, content: bytes) -> None:
        """Keep a file that was sent to a chat, and forget the oldest beyond the limit."""
        self.files[chat_id, file_id] = content
        if len(self.files) > KEPT_FILES:
            del self.files[next(iter(self.files))]

    def keep_address(self, chat_id: int, file_id: str, url: str) -> None:
        """Keep where a photo of a chat is, and forget the oldest beyond the limit."""
        self.addresses[chat_id, file_id] = url
        if len(self.addresses) > KEPT_FILES:
            del self.addresses[next(iter(self.addresses))]

    def commands_for(self, person: Profile) -> list[Json]:
        """Return the commands this person sees: the narrowest scope and language first."""
        for scope in (f"chat:{person.id}", "all_private_chats", "default"):
            for language in (person.language_code, ""):
                if commands := self.profile.commands.get((scope, language)):
                    return commands
        return []

    def tell_everybody(self, name: str, data: Json) -> None:
        """Send an event to all who watch any chat."""
        for chat in self.chats.values():
            chat.tell(name, data)

    def close(self) -> None:
        """End all waiting: the webhook, pollers and watchers."""
        if self.webhook:
            self.webhook.stop()
        self.updates.close()
        for chat in self.chats.values():
            chat.close()
