"""How long to wait after failures, which are logged once."""

import logging
import random
from collections.abc import Callable

from telegram.error import RetryAfter, TelegramError

from bot.telegram.floods import seconds_of
from bot.telegram.repeating import DroppedError

log = logging.getLogger(__name__)

_FIRST_SECONDS = 1.0
_MOST_SECONDS = 30.0
_IDLE_SECONDS = 3.0


class Backoff:
    """Counts consecutive failures; `jitter` returns a number from 0 to 1."""

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._failures = 0

    def seconds(self, failures: int) -> float:
        """Return a pause that doubles up to half a minute; half is random, to spread processes."""
        most = min(_MOST_SECONDS, _FIRST_SECONDS * 2.0 ** min(failures - 1, 10))
        return most * (0.5 + 0.5 * self._jitter())

    def failed(self, error: Exception, *, after: float = 0.0) -> float:
        """Count and log a failure; return the pause, which is no shorter than Telegram asks.

        A connection that breaks `after` some seconds has reached Telegram: many a network ends
        those on which nothing moves. Then the pause is the first one again.
        """
        is_idle = isinstance(error, DroppedError) and after >= _IDLE_SECONDS
        self._failures = min(self._failures, 1) + 1 if is_idle else self._failures + 1
        wait = self.seconds(1 if is_idle else self._failures)
        if isinstance(error, RetryAfter):
            wait = max(wait, seconds_of(error))
        if isinstance(error, TelegramError):
            level = logging.WARNING if self._failures == 1 else logging.INFO
            log.log(level, "No updates: %s. Trying again in %.0f s", error, wait)
        else:
            log.error("Updates could not be read", exc_info=error)
        return wait

    def went_well(self) -> None:
        """Start counting from zero."""
        if self._failures:
            log.info("Updates are coming in again")
        self._failures = 0
