"""Order per person, many people at once.

python-telegram-bot offers either one update at a time for everybody, or many at once with no
order at all. Here the updates of one person run one after the other and those of different people
at the same time.

A place is taken inside the person's turn. If it were taken outside, as the base class does it, the
hundreds of updates of one person would take every place while they wait for each other. So the
base class gets a limit that is never reached.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.attempts import Attempts, close
from bot.telegram.bursts import QUIET_SECONDS, Burst, Replies
from bot.telegram.line import Line

log = logging.getLogger(__name__)

_NEVER_REACHED = 100_000

_TELLING_SECONDS = 2.0
"""Seconds that a stopping process waits until people are told."""


class PersonGate(BaseUpdateProcessor):
    """Runs at most `at_once` handlers, and for each person at most one.

    A handler that takes longer than `handler_seconds` is stopped, so that nothing waits for ever
    behind it. What fails while the database is away is handled again later (`attempts`). A
    pre-checkout query never waits: Telegram allows ten seconds to answer it.

    Polling can look only a hundred updates ahead, so one person who sends too many would hold up
    all others. So a tap or message is left out if `waiting_per_person` of that person wait
    already. When the window is full, those that wait are left out too, if they are more than
    `waiting_in_full_window` (`make_room`). From then on the person's taps and messages are left
    out until none has come for `quiet_seconds`; then the person is told once (`replies`). A
    message with money is never left out and is handled before all that wait.
    """

    __slots__ = (
        "_bursts", "_lines", "_quiet_seconds", "_telling",
        "_waiting_in_full_window", "_waiting_per_person", "attempts", "replies",
    )  # fmt: skip

    def __init__(
        self,
        *,
        at_once: int = 64,
        handler_seconds: float = 60.0,
        waiting_per_person: int = 20,
        waiting_in_full_window: int = 5,
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        super().__init__(_NEVER_REACHED)
        self.attempts = Attempts(at_once=at_once, seconds=handler_seconds)
        self._waiting_per_person = waiting_per_person
        self._waiting_in_full_window = waiting_in_full_window
        self._quiet_seconds = quiet_seconds
        self._lines: dict[int, Line] = {}
        self._bursts: dict[int, Burst] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self.replies: Replies | None = None
        """How people are told that updates were left out; the composition root sets it."""

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
            if key is None or not isinstance(update, Update) or _is_pre_checkout(update):
                started = True
                await self.attempts.run(update, coroutine, waits=False)
            elif await self._turn(key, update):
                started = True
                try:
                    await self.attempts.run(update, coroutine)
                finally:
                    self._leave(key)
        finally:
            if not started:
                close(coroutine)

    async def when_idle(self, person: int, work: Callable[[], Awaitable[None]]) -> bool:
        """Do something in a person's turn; False, with nothing done, if an update is there.

        What comes meanwhile waits for it.
        """
        if person in self._lines:
            return False
        line = self._lines[person] = Line()
        await line.turn(Update(0), may_be_left_out=False, first=False)
        try:
            await work()
        finally:
            self._leave(person)
        return True

    def make_room(self) -> None:
        """Leave out waiting updates of people who flood; to be called when the window is full."""
        for key, line in self._lines.items():
            if len(line) > self._waiting_in_full_window or self._floods(key):
                for update in line.leave_out():
                    self._leave_out(key, update)

    def running_of_floods(self) -> list[int]:
        """Return the numbers of running updates of people who flood."""
        running = [line.running for key, line in self._lines.items() if self._floods(key)]
        return [one.update_id for one in running if one is not None and may_be_left_out(one)]

    async def end_bursts(self) -> None:
        """Tell at once all people who have not been told yet that something was left out."""
        for burst in self._bursts.values():
            burst.close()
        if self._telling:
            await asyncio.wait(set(self._telling), timeout=_TELLING_SECONDS)

    async def _turn(self, key: int, update: Update) -> bool:
        """Wait for the turn in the person's line; False if the update is left out."""
        line = self._lines.setdefault(key, Line())
        optional = may_be_left_out(update)
        if optional and (len(line) >= self._waiting_per_person or self._floods(key)):
            self._leave_out(key, update)
            self._forget(key)
            return False
        try:
            return await line.turn(update, may_be_left_out=optional, first=carries_money(update))
        finally:
            self._forget(key)

    def _leave(self, key: int) -> None:
        self._lines[key].leave()
        self._forget(key)

    def _forget(self, key: int) -> None:
        line = self._lines.get(key)
        if line is not None and line.is_idle:
            del self._lines[key]

    def _floods(self, key: int) -> bool:
        return key in self._bursts and self._bursts[key].goes_on

    def _leave_out(self, key: int, update: Update) -> None:
        if key in self._bursts:
            self._bursts[key].add(update)
            return
        burst = self._bursts[key] = Burst(
            self.replies,
            is_idle=lambda: key not in self._lines,
            quiet_seconds=self._quiet_seconds,
        )
        burst.add(update)
        telling = asyncio.create_task(self._tell(key, burst), name=f"burst of {key}")
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)

    async def _tell(self, key: int, burst: Burst) -> None:
        try:
            await burst.end()
        finally:
            # An update that comes while the sentence is being sent begins another burst.
            del self._bursts[key]
        log.warning("Left out %s updates of person %s: too many at once", burst.count, key)
        await burst.explain()


def person_of(update: object) -> int | None:
    """Return whose updates are kept in order: the user's id, else the chat's, else None."""
    if not isinstance(update, Update):
        return None
    if update.effective_user is not None:
        return update.effective_user.id
    return update.effective_chat.id if update.effective_chat is not None else None


def _is_pre_checkout(update: object) -> bool:
    return isinstance(update, Update) and update.pre_checkout_query is not None


def carries_money(update: Update) -> bool:
    """Return whether the update reports a payment or refund; it is never left out."""
    message = update.message
    return message is not None and bool(message.successful_payment or message.refunded_payment)


def may_be_left_out(update: Update) -> bool:
    """Whether it is a tap or a message that its sender can repeat."""
    if update.callback_query is not None:
        return True
    return update.message is not None and not carries_money(update)
