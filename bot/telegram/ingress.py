"""Polling that acknowledges only what has been handled.

Telegram takes an update off its queue when getUpdates is called with a higher offset.
python-telegram-bot does that before anything is handled, so a crash loses what was fetched. Here
the offset moves only past handled updates: whatever a process had not finished is delivered
again, to it or to its successor. Every action is therefore safe to do twice.

Until the oldest one is finished, getUpdates keeps returning all fetched updates, at once. Asking
again is useful only when the oldest has finished, or after a pause, for what other people may have
sent since. Telegram's server sets the length of that pause: for half a second after a request with
the same offset it returns only one update (telegram-bot-api, Client.cpp,
process_get_updates_query). And it never looks further than a hundred updates past the offset, so
everybody waits behind a full window. Therefore `PersonGate` ends handlers that hang, and when one
person fills the window, their waiting updates are left out. A running update of such a person may
take long (their chat is paced, and Telegram may ask for a pause), but the window does not wait for
it either.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

from telegram.error import Conflict, InvalidToken, TelegramError, TimedOut

from bot.telegram.backoff import Backoff
from bot.telegram.fetch import (
    ALLOWED_UPDATES,
    SAME_OFFSET_SECONDS,
    Fetched,
    allow_raw_requests,
    fetch,
)
from bot.telegram.gate import PersonGate
from bot.telegram.handling import App, handle
from bot.telegram.money import MoneyInbox, Raw, carries_none
from bot.telegram.refusals import NOT_ACCEPTED, Conflicts, IngressError
from bot.telegram.waiting import happens, until
from bot.telegram.window import Window

log = logging.getLogger(__name__)

_GAP_SECONDS = 0.025
"""Least seconds between requests: under load each answer repeats what is in flight."""

_FULL_SECONDS = 0.5
"""Seconds that a full window waits for an update of a person who fills it."""

_ARRIVES_SECONDS = 0.5
"""After so many seconds a request has reached Telegram, answered or not."""


class Polling:
    """Long polling for one application that is initialized and has an update processor.

    `run` ends after `stop`, or raises IngressError. `max_in_flight` (1-100) updates are fetched
    ahead at most; `drain_seconds` is the time that running updates have after a stop. An update
    that carries money goes to `money`, past the gate: it does not wait and has no time limit.
    """

    def __init__(
        self,
        application: App,
        *,
        poll_seconds: int = 30,
        max_in_flight: int = 100,
        drain_seconds: float = 20.0,
        money: MoneyInbox | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._application = application
        self._poll_seconds = poll_seconds
        self._max_in_flight = max_in_flight
        self._drain_seconds = drain_seconds
        self._money = money
        self._sleep = sleep
        self._backoff = Backoff(jitter)
        self._window = Window()
        self._handling: set[asyncio.Task[None]] = set()
        self._asked: tuple[int | None, float] | None = None
        """The offset of the last request that did not fail, and when it was sent."""
        self._fetching: asyncio.Task[None] | None = None
        self._asked_to_stop = False
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Fetch and handle updates until `stop`; then finish and acknowledge the running ones."""
        if self._asked_to_stop:
            return
        allow_raw_requests()
        self._fetching = asyncio.create_task(self._fetch_forever(), name="polling")
        try:
            await asyncio.wait({self._fetching})
            if not self._fetching.cancelled():
                self._fetching.result()
        finally:
            try:
                self._fetching.cancel()
                await asyncio.wait({self._fetching})
                await self._drain()
                await self._acknowledge()
                await self._end_bursts()
            finally:
                self._ended.set()

    async def stop(self) -> None:
        """Stop fetching; return when `run`, if it runs, has finished the running updates."""
        self._asked_to_stop = True
        if self._fetching is not None:
            self._fetching.cancel()
            await self._ended.wait()

    async def _fetch_forever(self) -> None:
        conflicts = Conflicts()
        while True:
            begun = time.monotonic()
            try:
                await self._fetch()
            except InvalidToken:
                raise IngressError(NOT_ACCEPTED) from None
            except Conflict as error:
                await self._sleep(self._backoff.seconds(conflicts.count(error)))
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever one fetch meets
                await self._sleep(self._backoff.failed(error, after=time.monotonic() - begun))
            else:
                self._backoff.went_well()

    async def _fetch(self) -> None:
        """Ask once, start what is new, and wait until asking again can bring something."""
        asked_at = time.monotonic()
        offset = self._window.advance()
        self._asked = offset, asked_at
        try:
            new = await fetch(
                self._application.bot,
                offset=offset,
                limit=self._max_in_flight,
                seconds=self._poll_seconds,
                is_new=self._window.add,
                carries_money=self._money.carries_money if self._money else carries_none,
            )
        except Exception:
            self._asked = None
            raise
        for one in new:
            self._begin(one)
        if self._window.unfinished:
            await self._until_worth_asking(asked_at)
        elif not new:
            await until(asked_at + _GAP_SECONDS)

    def _begin(self, one: Fetched) -> None:
        if one.carries_money and self._money is not None:
            work = self._receive(one.number, one.raw, self._money)
        else:
            work = self._handle(one.number, one.raw)
        task = asyncio.create_task(work, name=f"update {one.number}")
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def _until_worth_asking(self, asked_at: float) -> None:
        """Wait until the oldest update is finished, or half a second unless the window is full."""
        room = len(self._window) < self._max_in_flight
        if not room:
            await self._make_room()
        patience = max(asked_at + SAME_OFFSET_SECONDS, time.monotonic() + _GAP_SECONDS)
        if await happens(self._window.moved, patience if room else None):
            await happens(self._window.idle, asked_at + _GAP_SECONDS)

    async def _make_room(self) -> None:
        """Leave out a flood that fills the window, because others' updates are behind it."""
        gate = self._application.update_processor
        if not isinstance(gate, PersonGate):
            return
        await asyncio.sleep(0)  # what has just been fetched gets into its line
        gate.make_room()
        if not await happens(self._window.moved, time.monotonic() + _FULL_SECONDS):
            for number in gate.running_of_floods():
                self._window.finish(number)

    async def _handle(self, number: int, update: Raw) -> None:
        """Process one update; it counts as handled unless this task is cancelled."""
        await handle(self._application, update)
        self._window.finish(number)

    async def _receive(self, number: int, update: Raw, money: MoneyInbox) -> None:
        """Acknowledge money as soon as it is kept, whatever happens to it after that."""
        kept_event = asyncio.Event()

        def acknowledge() -> None:
            if not kept_event.is_set():
                kept_event.set()
                self._window.finish(number)

        try:
            await money.receive(update, acknowledge)
        except Exception:
            log.exception("Update %s, which carries money, could not be handled", number)

    async def _drain(self) -> None:
        """Let the updates being handled finish; what is not done by then comes again."""
        if not self._handling:
            return
        _, late = await asyncio.wait(set(self._handling), timeout=self._drain_seconds)
        if late:
            log.warning("%s updates were not finished in time; they will come again", len(late))
            for task in late:
                task.cancel()
            await asyncio.wait(late, timeout=1.0)

    async def _end_bursts(self) -> None:
        gate = self._application.update_processor
        if isinstance(gate, PersonGate):
            await gate.end_bursts()

    async def _acknowledge(self) -> None:
        """Acknowledge the last updates, which would otherwise come again.

        A request with this offset is not repeated: Telegram would hold the second one back.
        """
        offset = self._window.advance()
        if offset is None or self._has_arrived(offset):
            return
        try:
            await self._application.bot.get_updates(
                offset=offset,
                timeout=0,
                limit=1,
                read_timeout=_ARRIVES_SECONDS,
                allowed_updates=ALLOWED_UPDATES,
            )
        except TimedOut:
            log.debug("Telegram holds the last request back, as it does with hasty ones")
        except TelegramError as error:
            log.warning("The last updates were not acknowledged, they will come again: %s", error)

    def _has_arrived(self, offset: int) -> bool:
        if self._asked is None:
            return False
        last_offset, asked_at = self._asked
        return last_offset == offset and time.monotonic() - asked_at > _ARRIVES_SECONDS
