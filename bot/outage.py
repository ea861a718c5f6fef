"""Outages of the database: noticed by whoever meets one, logged once, and waited for.

Everything that uses the database fails while it is away: every update, and every tick each few
seconds. Whoever fails notes it here. From then on one task tries the database until it can be
used, and all others wait for that. The log has a line when an outage begins and one when it ends.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from billing.ports.work import UnavailableError
from billing.rules.pauses import without_end

log = logging.getLogger(__name__)

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts; the last pause repeats."""

SAME_SECONDS = 60.0
"""An outage that begins so soon after another belongs to it, and is not logged again."""

T = TypeVar("T")

Try = Callable[[], Awaitable[object]]


class Outage:
    """Whether the database can be used, as far as this process knows.

    `attempt` returns if it can, and raises UnavailableError in bounded time if it cannot.
    """

    def __init__(
        self,
        attempt: Try,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._attempt = attempt
        self._clock = clock
        self._sleep = sleep
        self._trying: asyncio.Task[None] | None = None
        self._relapses = 0
        self._began_at = 0.0
        self._ended_at = -SAME_SECONDS
        self.stop = asyncio.Event()
        """Set when nobody should wait any more."""
        self.number = 0
        """How many there have been."""

    @property
    def is_on(self) -> bool:
        """Whether the database was away when it was last tried."""
        return self._trying is not None

    def note(self, error: UnavailableError) -> None:
        """Note that somebody has met this error; the first one begins an outage."""
        if self._trying is not None:
            log.debug("The database is still away: %s", error)
            return
        self._began_at = self._clock()
        is_same = self._began_at < self._ended_at + SAME_SECONDS
        self.number += not is_same
        self._relapses = self._relapses + 1 if is_same else 0
        log.log(
            logging.DEBUG if is_same else logging.ERROR,
            "The database cannot be used, and what needs it waits: %s",
            error,
        )
        self._trying = asyncio.create_task(self._try(is_same=is_same), name="outage")

    async def look(self) -> None:
        """Try the database now, unless that is being done; note a failure."""
        if self.is_on:
            return
        try:
            await self._attempt()
        except UnavailableError as error:
            self.note(error)

    async def end(self) -> None:
        """Wait until the database can be used."""
        while self._trying is not None:
            await asyncio.wait({self._trying})

    async def through(self, action: Callable[[], Awaitable[T]]) -> T:
        """Return what an action returns that is safe to repeat, however many outages it meets.

        UnavailableError if a stop is asked for meanwhile.
        """
        while True:
            try:
                return await action()
            except UnavailableError as error:
                if self.stop.is_set():
                    raise
                self.note(error)
            await self._sleep(PAUSES[0])
            stopping = asyncio.create_task(self.stop.wait())
            ending = asyncio.create_task(self.end())
            await asyncio.wait({stopping, ending}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            ending.cancel()

    async def close(self) -> None:
        """Try no more."""
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.wait({self._trying})

    async def _try(self, *, is_same: bool) -> None:
        try:
            if is_same:
                # What was tried is not all that is needed: a full disk takes a row, and no more.
                await self._sleep(PAUSES[min(self._relapses, len(PAUSES)) - 1])
            for pause in without_end(PAUSES):
                try:
                    await self._attempt()
                except UnavailableError as error:
                    log.debug("The database is still away: %s", error)
                else:
                    break
                await self._sleep(pause)
        finally:
            self._trying, self._ended_at = None, self._clock()
        log.log(
            logging.DEBUG if is_same else logging.WARNING,
            "The database can be used again, after %.0f s",
            self._ended_at - self._began_at,
        )
