"""A token bucket that hands out places in order, can go into debt and can be paused."""

_ROUNDING = 1e-9
"""Thirds do not add up exactly; the difference is not waited for."""


class Bucket:
    """Hands out `rate` places a second, and saves up at most `burst`; times are in seconds.

    `take` returns at once and says how long to wait for the place taken, so the order needs no
    lock. A pause voids the places handed out before: `pauses` counts the pauses, and a caller that
    has waited sees by it that it has to take a new place.
    """

    __slots__ = ("_at", "_burst", "_level", "_rate", "pauses")

    def __init__(self, *, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = now
        self.pauses = 0

    def take(self, now: float, cost: float) -> float:
        """Take a place and return the seconds until it may be used."""
        self._refill(now)
        self._level -= cost
        owed = -self._level if self._level < -_ROUNDING else 0.0
        return max(0.0, self._at - now) + owed / self._rate

    def give_back(self, cost: float) -> None:
        """Undo a place taken and not used."""
        self._level = min(self._burst, self._level + cost)

    def charge(self, now: float, cost: float) -> None:
        """Count a call that went out without waiting; the debt stays below one second's worth.

        Without that limit, a rush of such calls would block the bucket for a long time.
        """
        self._refill(now)
        self._level = max(self._level - cost, min(self._level, -self._rate))

    def pause(self, until: float) -> None:
        """Hand out nothing before that time, then one place first: a burst would offend again."""
        self._at = max(self._at, until)
        self._level = min(1.0, self._burst)
        self.pauses += 1

    def is_full(self, now: float) -> bool:
        """Return whether the bucket is as good as new: no debt, no waiting, no pause."""
        self._refill(now)
        return self._at <= now and self._level >= self._burst - _ROUNDING

    def _refill(self, now: float) -> None:
        if now > self._at:
            self._level = min(self._burst, self._level + (now - self._at) * self._rate)
            self._at = now
