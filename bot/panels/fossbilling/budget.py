"""The calls that the panel takes in an hour: what is left of them, and what they are kept for."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from billing.ports.panel_hours import CallsGiven, GiveCalls
from billing.ports.work import UnavailableError

log = logging.getLogger(__name__)

HOUR: Final = 3600.0
_AGAIN: Final = 300.0
"""Seconds after which a panel that has turned calls away is tried again, at the latest."""

_KEPT: Final = 3
"""Every third call of an hour is kept from what reads in bulk: writes and clients come first."""

_PARTS: Final = 60
_LARGEST: Final = 100
"""A process is given a sixtieth of the hour's calls at a time, and not more than this.

It is what a killed process takes with it, and what an idle one keeps from others.
"""


@dataclass(slots=True)
class OwnHour:
    """The hours of a process that shares them with nobody, such as `panelik panel probe`."""

    seconds: Callable[[], float]
    _began: float = field(default=0.0, init=False)
    _given: int = field(default=0, init=False)

    async def give(self, calls: int, *, most: int) -> CallsGiven:
        """Give calls of this hour, or of a new one that begins now."""
        now = self.seconds()
        if not self._given or now - self._began >= HOUR:
            self._began, self._given = now, 0
        before = self._given
        given = max(min(calls, most - before), 0)
        self._given += given
        return CallsGiven(given, before, self._began + HOUR - now)


@dataclass(slots=True)
class Budget:
    """Calls of an hour, counted from the first one on, as the panel counts them.

    Where several processes call the panel, `give` gives each some of the hour's calls at a time,
    since the panel counts them together; whoever needs more asks more often. They are made
    without asking again, and what is left of them when the hour ends is void.

    A FOSSBilling lets a bucket of calls run empty and fills it an hour after its first use; it
    always says to come back in an hour, and the true wait is shorter. So after a refusal one call
    tries again when the hour is over by our count, or after some minutes where it was over before.
    Each process hears such a refusal itself, which costs the panel one call that it does not
    count. Guests have a bucket of their own there, and their calls are not counted. `seconds` is a
    clock that only goes forward.
    """

    per_hour: int
    seconds: Callable[[], float] = time.monotonic
    give: GiveCalls | None = None
    _own: OwnHour = field(init=False)
    _lot: CallsGiven = field(default=CallsGiven(0, 0, 0.0), init=False)
    _made: int = field(default=0, init=False)
    _ends: float = field(default=0.0, init=False)
    _closed_until: float = field(default=0.0, init=False)
    _none_of: dict[int, float] = field(default_factory=dict, init=False)
    """Until when there are none left of so many."""

    _asking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def __post_init__(self) -> None:
        self._own = OwnHour(self.seconds)

    async def take(self, *, bulk: bool = False) -> bool:
        """Take one call; False when there is none left, for `bulk` when only the kept ones are.

        False as well when the database, which knows what is left, is away.
        """
        most = self.per_hour - self.per_hour // _KEPT if bulk else self.per_hour
        if self.seconds() < self._closed_until:
            return False
        if self._take_own(most):
            return True
        async with self._asking:
            # Another call may have asked meanwhile.
            return self._take_own(most) or (await self._ask(most) and self._take_own(most))

    def close(self, retry_after: float | None) -> None:
        """Let no call pass for a time: the panel has said that there were too many."""
        now = self.seconds()
        wait = max(self._ends - now, _AGAIN)
        if retry_after is not None:
            wait = min(wait, max(retry_after, 1.0))
        self._closed_until = now + wait

    @property
    def left(self) -> int:
        """Calls that are left of this hour, as far as is known here."""
        now = self.seconds()
        if now < self._closed_until:
            return 0
        used = self._lot.before + self._made if now < self._ends else 0
        return max(self.per_hour - used, 0)

    def _take_own(self, most: int) -> bool:
        """Take one of those that were given, unless so many of the hour are made."""
        is_left = self._made < self._lot.calls and self._lot.before + self._made < most
        if not is_left or self.seconds() >= self._ends:
            return False
        self._made += 1
        return True

    async def _ask(self, most: int) -> bool:
        """Ask for some more; False if there are none."""
        asked_at = self.seconds()
        if asked_at < self._none_of.get(most, asked_at):
            return False
        calls = min(max(self.per_hour // _PARTS, 1), _LARGEST)
        try:
            lot = await (self.give or self._own.give)(calls, most=most)
        except UnavailableError as error:
            log.warning("The panel is not called while the database is away: %s", error)
            return False
        if not lot.calls:
            self._none_of[most] = asked_at + lot.seconds
            return False
        self._lot, self._made, self._ends = lot, 0, asked_at + lot.seconds
        return True
