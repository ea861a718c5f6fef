"""How often a message is tried, and what is kept of one that is not tried again."""

from collections.abc import Callable
from datetime import timedelta
from random import randrange

from billing.ports.outside import Delivery

ATTEMPTS = 96
"""With the pauses between them about three days, as long as a reminder is worth sending."""

BACKOFF_SECONDS = 30
LONGEST_SECONDS = 3600
GIVEN_UP = Delivery(retry_after=0)

Jitter = Callable[[int], int]
"""A random whole number below the given one."""


def retry_delay(attempts: int, asked_seconds: float, *, jitter: Jitter = randrange) -> timedelta:
    """The provider's own wish or a doubling pause, whichever is longer, at most an hour.

    Half of the pause is random: what failed together must not come back together.
    """
    half = min(BACKOFF_SECONDS << min(attempts, 10), LONGEST_SECONDS) // 2
    pause = max(timedelta(seconds=asked_seconds), timedelta(seconds=half + jitter(half + 1)))
    return min(pause, timedelta(seconds=LONGEST_SECONDS))


def final_status(delivery: Delivery) -> str:
    """The word kept with a message that will not be tried again."""
    if delivery.message_id is not None:
        return "sent"
    return "failed" if delivery.retry_after is not None else "undeliverable"
