"""How long to wait after failures, which are logged once."""

import logging
import random
from collections.abc import Callable

from telegram.error import RetryAfter, TelegramError

from bot.telegram.floods import seconds_of

log = logging.getLogger(__name__)

_FIRST_SECONDS = 1.0
_MOST_SECONDS = 30.0


class Backoff:
    """Counts consecutive failures; `jitter` returns a number from 0 to 1."""

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._failures = 0

    def seconds(self, failures: int) -> float:
        """Return a pause that doubles up to half a minute; half is random, to spread processes."""
        most = min(_MOST_SECONDS, _FIRST_SECONDS * 2.0 ** min(failures - 1, 10))
        return most * (0.5 + 0.5 * self._jitter())

    def failed(self, error: Exception) -> float:
        """Count and log a failure; return the pause, which is no shorter than Telegram asks."""
        self._failures += 1
        wait = self.seconds(self._failures)
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
