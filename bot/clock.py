"""The real clocks: one that can be set, one that only goes on."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from billing.ports.outside import Clock

Seconds = Callable[[], float]
"""Seconds since some moment: only differences mean something."""

NOTICED = timedelta(seconds=2)
"""Less is what network time corrects by; a tick that comes so much too late harms nobody."""


class SystemClock:
    """The machine's time, which an operator or the network may set at any moment."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)


def steady_seconds() -> float:
    """Seconds that nobody can set; where the system counts it, also while the machine sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ClockWatch:
    """Notices that the clock was set: less or more time has passed by it than there really has."""

    def __init__(self, clock: Clock, steady: Seconds = steady_seconds) -> None:
        self._clock = clock
        self._steady = steady
        self._last = clock.now(), steady()

    def jump(self) -> timedelta:
        """How far the clock was set ahead (or back: negative) since the last call; else zero."""
        before, since = self._last
        self._last = now, seconds = self._clock.now(), self._steady()
        jump = now - before - timedelta(seconds=seconds - since)
        return jump if abs(jump) >= NOTICED else timedelta()
