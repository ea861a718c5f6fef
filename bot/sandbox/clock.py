"""The sandbox's clock: real time plus a distance that can be changed."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the instant by which messages are dated."""

    def now(self) -> datetime:
        """Return the instant, aware and in UTC."""
        ...


class SandboxClock:
    """A clock that runs as the real one does and can be moved, forwards or back.

    `start` is the instant it shows when made; without it, the real one.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._moved = timedelta() if start is None else start - datetime.now(UTC)

    @property
    def moved(self) -> timedelta:
        """How far it is ahead of the real one; negative when behind."""
        return self._moved

    def now(self) -> datetime:
        """Return the instant, aware and in UTC."""
        return datetime.now(UTC) + self._moved

    def advance(self, delta: timedelta) -> None:
        """Move the clock by `delta` from where it is."""
        self._moved += delta
