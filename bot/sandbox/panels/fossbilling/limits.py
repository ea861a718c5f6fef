"""The panel's rate limit: calls of an hour, counted for each address and before any token."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.panels.fossbilling.errors import PanelError

HOUR_SECONDS = 3600
GUEST_SECONDS = 60
GUEST_CALLS = 100


@dataclass(slots=True)
class _Bucket:
    since: float
    left: int


class RateLimit:
    """Calls that an address has left; a bucket is full again a whole hour after its first use.

    Admin and client calls share one bucket of `calls`, guest calls have another one of 100 a
    minute. `whitelist` holds addresses that no limit is for. While it `is_used_up`, the first
    bucket is empty, for these too. `retry_after` is what the panel says: always an hour, while the
    true wait is shorter. `seconds` is a clock.
    """

    def __init__(self, seconds: Callable[[], float], *, calls: int = 1000) -> None:
        self.calls = calls
        self.whitelist: set[str] = set()
        self.is_used_up = False
        self.retry_after = HOUR_SECONDS
        self._seconds = seconds
        self._buckets: dict[tuple[str, bool], _Bucket] = {}

    def take(self, address: str, role: str) -> None:
        """Take one call of an address, or refuse it with 429."""
        guest = role == "guest"
        if self.is_used_up and not guest:
            raise _too_many()
        if address in self.whitelist:
            return
        most, length = (GUEST_CALLS, GUEST_SECONDS) if guest else (self.calls, HOUR_SECONDS)
        now = self._seconds()
        bucket = self._buckets.get((address, guest))
        if bucket is None or now - bucket.since >= length:
            bucket = self._buckets[address, guest] = _Bucket(now, most)
        if bucket.left <= 0:
            raise _too_many()
        bucket.left -= 1


def _too_many() -> PanelError:
    return PanelError("Rate limit exceeded. Please try again later.", 429, status=429)
