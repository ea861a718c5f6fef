"""Attempts to handle one update: limited in time, and repeated while the database is away.

An update that met an outage of the database is not lost and not refused: it waits, in its person's
turn, until the database can be used, and is handled then. A stop ends the waiting, and the update
comes again. Its person is told once per outage, if it takes long.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from telegram import CallbackQuery, Update, User
from telegram.constants import ChatType

from billing.ports.work import UnavailableError
from billing.rules.pauses import without_end
from bot.turns import current_turn

log = logging.getLogger(__name__)

PAUSES = (0.1, 0.5, 1.0, 2.0)
"""Seconds between the attempts of one update, beside the time that an outage lasts.

They are short: one outage may follow another, and after each there is little time.
"""

TELL_SECONDS = 3.0
"""An update that takes so long, while the database is away, is worth a word to its person."""

_LOOK_SECONDS = 1.0


class Outage(Protocol):
    """Knows whether the database can be used."""

    @property
    def is_on(self) -> bool:
        """Whether it cannot."""

    @property
    def number(self) -> int:
        """How many outages there have been, with this one."""

    def note(self, error: UnavailableError) -> None:
        """Note that the database could not be used."""

    async def end(self) -> None:
        """Wait until it can be used."""


class OutageReplies(Protocol):
    """Replies to the chat; it does not raise when Telegram refuses."""

    async def promise(self, user: User, *, query: CallbackQuery | None, in_private: bool) -> None:
        """Say that an answer will come later: as the answer to a tap, else as a message."""


class Attempts:
    """Handles updates, at most `at_once` at the same time and each for so many `seconds`.

    What takes longer is stopped. The composition root sets how to handle an update `again`, the
    `outage` to ask, the `replies`, and what is done `on_stopped`.
    """

    def __init__(self, *, at_once: int, seconds: float) -> None:
        self.seconds = seconds
        self.again: Callable[[Any], Awaitable[Any]] | None = None
        self.outage: Outage | None = None
        self.replies: OutageReplies | None = None
        self.on_stopped: Callable[[object, Exception], Awaitable[object]] | None = None
        self._places = asyncio.Semaphore(at_once)
        self._told: dict[int, int] = {}
        self._telling: set[asyncio.Task[None]] = set()

    async def run(self, update: object, work: Awaitable[Any], *, waits: bool = True) -> None:
        """Await the work when a place is free; after an outage begin anew, unless none `waits`."""
        watch = _Watch(self, update) if waits and isinstance(update, Update) else None
        pauses = without_end(PAUSES)
        try:
            while not await self._attempt(update, work, waits=waits):
                assert self.outage is not None  # noqa: S101 - `_attempt` has asked it
                assert self.again is not None  # noqa: S101 - set together with it
                await asyncio.sleep(next(pauses))
                await self.outage.end()
                work = self.again(update)
        finally:
            if watch is not None:
                watch.stop()

    async def _attempt(self, update: object, work: Awaitable[Any], *, waits: bool) -> bool:
        """Return whether the update is done with; False if the database was away."""
        if not waits:
            return await self._limited(update, work)
        started = False
        try:
            async with self._places:
                started = True
                return await self._limited(update, work)
        finally:
            if not started:
                close(work)

    async def _limited(self, update: object, work: Awaitable[Any]) -> bool:
        try:
            async with asyncio.timeout(self.seconds):
                await work
        except UnavailableError as error:
            if self.outage is None:
                raise
            self.outage.note(error)
            return False
        except TimeoutError as error:
            if self.outage is not None and self.outage.is_on:
                return False
            number = update.update_id if isinstance(update, Update) else None
            log.exception("Update %s took over %s s: stopped", number, self.seconds)
            if self.on_stopped is not None:
                await self.on_stopped(update, error)
        return True

    def tell(self, update: Update) -> bool:
        """Tell the person of an update if the database is away; return whether it is."""
        user, turn = update.effective_user, current_turn()
        if self.outage is None or not self.outage.is_on:
            return False
        if turn is not None and turn.is_answered:
            return True
        if self.replies is None or user is None or self._told.get(user.id) == self.outage.number:
            return True
        self._told = {
            person: number for person, number in self._told.items() if number == self.outage.number
        } | {user.id: self.outage.number}
        query, chat = update.callback_query, update.effective_chat
        in_private = chat is not None and chat.type == ChatType.PRIVATE
        promise = self.replies.promise(user, query=query, in_private=in_private)
        telling = asyncio.get_running_loop().create_task(_run(promise), name="promise")
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
        return True


class _Watch:
    """Looks now and then whether the person of an update has to be told something."""

    def __init__(self, attempts: Attempts, update: Update) -> None:
        self._attempts = attempts
        self._update = update
        self._timer = asyncio.get_running_loop().call_later(TELL_SECONDS, self._look)

    def stop(self) -> None:
        """Look no more: the update is handled."""
        self._timer.cancel()

    def _look(self) -> None:
        if not self._attempts.tell(self._update):
            self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)


async def _run(promise: Awaitable[None]) -> None:
    await promise


def close(coroutine: Awaitable[Any]) -> None:
    """End a coroutine that will never run; otherwise Python warns that it was not awaited."""
    if asyncio.iscoroutine(coroutine):
        coroutine.close()
