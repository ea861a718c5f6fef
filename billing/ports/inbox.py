"""What came from outside: money, kept before it is handled, and updates whose handling failed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from billing.rules.payments.charges import Charge, Misfit
from billing.views.page import Part


class EventState(StrEnum):
    """A notice waits to be booked, or how that ended; or an update's handling has failed."""

    WAITING = "waiting"
    BOOKED = "booked"
    UNPLACED = "unplaced"
    NOT_BOOKED = "not_booked"
    FAILED = "failed"
    AGAIN = "again"
    HANDLED = "handled"
    DROPPED = "dropped"


STUCK = (EventState.FAILED, EventState.NOT_BOOKED)
"""What waits for the operator."""


@dataclass(frozen=True, slots=True)
class Event:
    """A notice as it came, unique by (source, event id); `attempts` have failed so far."""

    id: int
    source: str
    event_id: str
    body: str
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class StuckEvent:
    """What waits for the operator: `error` says what failed, and perhaps an incident's number."""

    id: int
    source: str
    event_id: str
    body: str
    state: EventState
    received_at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class UnplacedMoney:
    """Money that came and fits nothing; `amount` in minor units and `currency` as stated."""

    id: int
    source: str
    event_id: str
    reference: str
    amount: int | None
    currency: str
    payload: str
    user_id: int | None
    reason: Misfit
    received_at: datetime
    is_open: bool
    note: str = ""


class Inbox(Protocol):
    """Notices; a row that is taken is held until the transaction ends."""

    async def add(self, source: str, event_id: str, body: str, *, at: datetime) -> None:
        """Keep a notice, due at once, in one statement; one that is known stays as it is."""

    async def has_due(self, now: datetime) -> bool:
        """Whether anything is to be booked by now."""

    async def take(self, now: datetime) -> Event | None:
        """The notice that has been due for longest; one that another transaction holds is not."""

    async def take_one(self, source: str, event_id: str) -> Event | None:
        """That notice, if it waits and nobody holds it."""

    async def state(self, source: str, event_id: str) -> EventState | None:
        """How far it has come."""

    async def finish(self, number: int, state: EventState, *, at: datetime) -> None:
        """It is handled, or given up."""

    async def defer(self, number: int, *, until: datetime, error: str) -> None:
        """Count a failure and try again later."""

    async def reopen(self, source: str, event_id: str, *, attempts: int, until: datetime) -> bool:
        """Let one that was given up wait once more; False unless it was."""

    async def add_failed(
        self, source: str, event_id: str, body: str, *, error: str, at: datetime
    ) -> int:
        """Keep an update whose handling failed, and return its number; count another failure."""

    async def stuck(self, part: Part) -> tuple[StuckEvent, ...]:
        """What waits for the operator, oldest first."""

    async def get_stuck(self, number: int) -> StuckEvent | None:
        """One of these, locked."""

    async def repeat(self, number: int, *, at: datetime) -> None:
        """Let a failed update be handled again."""

    async def has_again(self, now: datetime) -> bool:
        """Whether any update is to be handled again by now."""

    async def take_again(self, now: datetime, *, until: datetime) -> Event | None:
        """The next update to be handled again, left alone by others until then."""

    async def close_update(self, number: int, *, dropped: bool, at: datetime) -> bool:
        """Forget the body of an update that was handled again, or is dropped; False if it failed
        once more meanwhile."""

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete notices that were handled long ago, with their bodies; how many."""


class Unplaced(Protocol):
    """Money that fits nothing, unique by (source, event id)."""

    async def add(self, charge: Charge, reason: Misfit, *, at: datetime) -> int | None:
        """Note it and return its number; of what is open already the reason is set anew.

        None if the operator has closed it.
        """

    async def get(self, number: int) -> UnplacedMoney | None:
        """One of them."""

    async def waiting(self, part: Part) -> tuple[UnplacedMoney, ...]:
        """Open ones, oldest first."""

    async def close(
        self, number: int, note: str, *, at: datetime, client_id: int | None = None
    ) -> bool:
        """Close it once; False if it was closed before. `client_id` was given the money."""

    async def reopen(self, number: int) -> None:
        """Let one wait again whose money could not be given to a client."""

    async def settle(self, source: str, event_id: str, note: str, *, at: datetime) -> bool:
        """Close what was open of a notice that has been booked or refunded; whether it was."""
