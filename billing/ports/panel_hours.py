"""The calls of an hour to a connected panel, which all processes share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CallsGiven:
    """So many calls for one process, after `before` others of the same hour.

    They may be made in the next `seconds`, until the hour is over. None were left if it is 0.
    """

    calls: int
    before: int
    seconds: float


class GiveCalls(Protocol):
    """Gives calls of the hour to whoever asks; an hour begins with the first one."""

    async def __call__(self, calls: int, *, most: int) -> CallsGiven:
        """Give so many, or fewer so that at most `most` of the hour are given to all.

        Raises UnavailableError; none are given then, or some that nobody makes.
        """


class PanelHours(Protocol):
    """The hours of all processes, by the time of whoever keeps them or by the one given."""

    async def give(self, calls: int, *, most: int, now: datetime) -> CallsGiven:
        """Give some as `GiveCalls` does."""
