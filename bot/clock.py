"""The real clocks: the machine's time, which can be set, and one that cannot."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from billing.ports.outside import Clock

Seconds = Callable[[], float]
"""Seconds since some moment: only differences mean something."""

NOTICED = timedelta(seconds=2)
"""Smaller jumps are ignored: network time makes them, and a tick that late does no harm."""


class SystemClock:
    """The machine's time; an operator or the network may set it at any moment."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)


def steady_seconds() -> float:
    """Return seconds that nobody can set; they count on during sleep where the system allows."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ClockWatch:
    """Notices that the clock was set: it shows more or less time passed than there really was."""

    def __init__(self, clock: Clock, steady: Seconds = steady_seconds) -> None:
        self._clock = clock
        self._steady = steady
        self._last = clock.now(), steady()

    def jump(self) -> timedelta:
        """Return how far the clock was set ahead (negative: back) since the last call, or zero."""
        before, since = self._last
        self._last = now, seconds = self._clock.now(), self._steady()
        jump = now - before - timedelta(seconds=seconds - since)
        return jump if abs(jump) >= NOTICED else timedelta()
