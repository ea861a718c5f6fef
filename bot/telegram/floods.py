"""Telegram's "too many requests, retry after N seconds" as python-telegram-bot's error."""

import math
import os
from datetime import timedelta

from telegram.error import RetryAfter

# RetryAfter warns about the older of its two forms each time it is made, unless this is set.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def flood(seconds: float) -> RetryAfter:
    """Make the error that asks to retry after so many seconds, rounded up."""
    return RetryAfter(timedelta(seconds=math.ceil(seconds)))


def seconds_of(error: RetryAfter) -> float:
    """Return the seconds that Telegram asks to wait, from either form of the error."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
