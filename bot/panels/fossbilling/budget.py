"""The calls that the panel takes in an hour: what is left of them, and what they are kept for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

HOUR: Final = 3600.0
_AGAIN: Final = 300.0
"""Seconds after which a panel that has turned calls away is tried again, at the latest."""

_KEPT: Final = 3
"""Every third call of an hour is kept from what reads in bulk: writes and clients come first."""


@dataclass(slots=True)
class Budget:
    """Calls of an hour, counted from the first one on, as the panel counts them.

    A FOSSBilling lets a bucket of calls run empty and fills it an hour after its first use; it
    always says to come back in an hour, and the true wait is shorter. So after a refusal one call
    tries again when the hour is over by our count, or after some minutes where it was over before.
    Guests have a bucket of their own there, and their calls are not counted. `seconds` is a
    clock that only goes forward.
    """

    per_hour: int
    seconds: Callable[[], float] = time.monotonic
    _since: float = field(default=0.0, init=False)
    _used: int = field(default=0, init=False)
    _closed_until: float = field(default=0.0, init=False)

    def take(self, *, bulk: bool = False) -> bool:
        """Take one call; False when there is none left, for `bulk` when only the kept ones are."""
        now = self._turn()
        if now < self._closed_until:
            return False
        most = self.per_hour - self.per_hour // _KEPT if bulk else self.per_hour
        if self._used >= most:
            return False
        if self._used == 0:
            self._since = now
        self._used += 1
        return True

    def close(self, retry_after: float | None) -> None:
        """Let no call pass for a time: the panel has said that there were too many."""
        now = self._turn()
        hour_ends = self._since + HOUR if self._used else now
        wait = max(hour_ends - now, _AGAIN)
        if retry_after is not None:
            wait = min(wait, max(retry_after, 1.0))
        self._closed_until = now + wait

    @property
    def left(self) -> int:
        """Calls that are left of this hour."""
        now = self._turn()
        return 0 if now < self._closed_until else max(self.per_hour - self._used, 0)

    def _turn(self) -> float:
        """The time; a new hour begins with the first call after the last one is over."""
        now = self.seconds()
        if self._used and now - self._since >= HOUR:
            self._used = 0
        return now
