"""Telegram's "too many requests, wait so long" as python-telegram-bot tells it."""

import math
import os
from datetime import timedelta

from telegram.error import RetryAfter

# RetryAfter warns about the older of its two forms each time it is made, unless this is set.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def flood(seconds: float) -> RetryAfter:
    """The error that says to come back after so many seconds, rounded up."""
    return RetryAfter(timedelta(seconds=math.ceil(seconds)))


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait, in whichever form it is given."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
