"""What people come for, each with the most taps it may take: counted by the tour and by tests.

Taps are counted from home or from the reminder that is there; the amounts are not looked at.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol


class Tapping(Protocol):
    """Somebody who writes and taps; an UnexpectedError says what was not there."""

    async def sends(self, text: str) -> object:
        """Write a message."""

    async def taps(self, label: str) -> object:
        """Tap the button with this label."""


class CountedTaps:
    """Somebody whose taps are counted."""

    def __init__(self, person: Tapping) -> None:
        self._person = person
        self.taps_so_far = 0

    async def sends(self, text: str) -> None:
        """Write a message; commands are not counted."""
        await self._person.sends(text)

    async def taps(self, label: str) -> None:
        """Tap, and count it."""
        self.taps_so_far += 1
        await self._person.taps(label)


Steps = Callable[[CountedTaps], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A job in a few words, the most taps it may take, its steps and what stands at its end."""

    name: str
    goal: int
    steps: Steps
    ends_with: str

    async def count(self, person: Tapping) -> int:
        """Do it and return how many taps it took."""
        counted = CountedTaps(person)
        await self.steps(counted)
        return counted.taps_so_far


async def _see_what_is_due(anna: CountedTaps) -> None:
    await anna.sends("/start")


async def _renew_the_most_urgent(anna: CountedTaps) -> None:
    await anna.sends("/start")
    for label in ("Zapłać zaległe", "Przelew bankowy", "Zamawiam i płacę"):
        await anna.taps(label)


async def _pay_a_proforma(anna: CountedTaps) -> None:
    await anna.sends("/start")
    for label in ("Zapłać proformę", "Przelew bankowy"):
        await anna.taps(label)


async def _pay_from_the_reminder(john: CountedTaps) -> None:
    for label in ("Pay · ", "Bank transfer", "Order and pay"):
        await john.taps(label)


async def _renew_for_another_cycle(john: CountedTaps) -> None:
    await john.sends("/start")
    for label in ("Services", "€16.50", "Renew for another period", "annually"):
        await john.taps(label)
    for label in ("Bank transfer", "Order and pay"):
        await john.taps(label)


SEE_DUE = Job("see what is due", 0, _see_what_is_due, "po terminie")
RENEW_URGENT = Job(
    "renew the most urgent and see the account number", 3, _renew_the_most_urgent, "PL40"
)
PAY_PROFORMA = Job("find a proforma and pay it", 2, _pay_a_proforma, "PL40")
PAY_REMINDER = Job("pay from a reminder", 3, _pay_from_the_reminder, "ZMYSPLP0")
OTHER_CYCLE = Job("renew for another billing cycle", 6, _renew_for_another_cycle, "ZMYSPLP0")
