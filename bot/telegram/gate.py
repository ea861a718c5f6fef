"""Order per person, many people at once.

python-telegram-bot offers either one update at a time for everybody, or many at once with no
order at all. Here the updates of one person run one after the other and those of different people
at the same time.

The limit on work is taken inside the person's turn. Taken outside, as the base class does it, one
person who sends hundreds of updates would hold every place while they wait for each other; so the
base class gets a limit that is never reached.
"""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

log = logging.getLogger(__name__)

_NEVER_REACHED = 100_000


class PersonGate(BaseUpdateProcessor):
    """Runs at most `at_once` handlers, and for each person at most one.

    A handler that takes longer than `handler_seconds` is stopped, so that nothing hangs for ever
    behind it. When `waiting_per_person` updates of one person wait already, further taps and
    messages of that person are dropped: polling can only look a hundred updates ahead, and
    without a bound one flooding person would fill them all. Payments are never dropped, and a
    pre-checkout query waits for nobody: Telegram allows ten seconds to answer it.
    """

    __slots__ = ("_handler_seconds", "_lines", "_places", "_waiting_per_person")

    def __init__(
        self,
        *,
        at_once: int = 64,
        handler_seconds: float = 60.0,
        waiting_per_person: int = 20,
    ) -> None:
        super().__init__(_NEVER_REACHED)
        self._places = asyncio.Semaphore(at_once)
        self._handler_seconds = handler_seconds
        self._waiting_per_person = waiting_per_person
        self._lines: dict[int, _Line] = {}

    @property
    def people(self) -> int:
        """How many people have an update running or waiting."""
        return len(self._lines)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the coroutine when it is this person's turn and a place is free."""
        started = False
        try:
            key = person_of(update)
            if key is None or _is_pre_checkout(update):
                started = True
                await self._bounded(update, coroutine)
                return
            line = self._lines.setdefault(key, _Line())
            if line.length > self._waiting_per_person and _may_be_dropped(update):
                line.dropped += 1
                return
            line.length += 1
            try:
                async with line.lock, self._places:
                    started = True
                    await self._bounded(update, coroutine)
            finally:
                self._leave(key, line)
        finally:
            if not started:
                _close(coroutine)

    async def _bounded(self, update: object, coroutine: Awaitable[Any]) -> None:
        try:
            async with asyncio.timeout(self._handler_seconds):
                await coroutine
        except TimeoutError:
            number = update.update_id if isinstance(update, Update) else None
            log.exception("Update %s took over %s s: stopped", number, self._handler_seconds)

    def _leave(self, key: int, line: "_Line") -> None:
        line.length -= 1
        if line.length == 0:
            del self._lines[key]
            if line.dropped:
                log.warning("Dropped %s updates of person %s: too many at once", line.dropped, key)


class _Line:
    """The updates of one person: how many are in it, and whose turn it is."""

    __slots__ = ("dropped", "length", "lock")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.length = 0
        self.dropped = 0


def person_of(update: object) -> int | None:
    """Who is served in order: the user's id, else the chat's, else nobody."""
    if not isinstance(update, Update):
        return None
    if update.effective_user is not None:
        return update.effective_user.id
    return update.effective_chat.id if update.effective_chat is not None else None


def _is_pre_checkout(update: object) -> bool:
    return isinstance(update, Update) and update.pre_checkout_query is not None


def _may_be_dropped(update: object) -> bool:
    if not isinstance(update, Update):
        return False
    if update.callback_query is not None:
        return True
    return update.message is not None and update.message.successful_payment is None


def _close(coroutine: Awaitable[Any]) -> None:
    """End a coroutine that will never run; otherwise Python warns that it was not awaited."""
    if asyncio.iscoroutine(coroutine):
        coroutine.close()
