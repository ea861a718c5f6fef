"""What the operator is told about reminders."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.money import PartialSum
from billing.rules.reminders.stages import ReminderReason
from billing.rules.services.service import Service
from billing.views.account import ClientInfo


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of an item in one user's digest; `deferrals` are (at, until, reason)."""

    user_id: int
    state: str
    planned_at: datetime
    send_at: datetime
    finished_at: datetime | None
    message_id: int | None
    reason: ReminderReason | None
    dropped: ReminderReason | None
    deferrals: tuple[tuple[datetime, datetime, ReminderReason], ...] = ()

    @property
    def until(self) -> datetime:
        """When it is to be sent, put off as it may be."""
        return self.deferrals[-1][1] if self.deferrals else self.send_at


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """One reminder item of a service: planned when, and what followed."""

    id: int
    due_date: date
    stage: str
    state: str
    planned_at: datetime
    reason: ReminderReason | None
    sendings: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestCounts:
    """How many digests ended in each state, or wait; `deferred` were put off, in any state."""

    sent: int = 0
    deferred: int = 0
    waiting: int = 0
    void: int = 0
    undeliverable: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A service due soon of a client whom nothing reaches, and why.

    Nobody is linked, or those who are never started the bot, block it, or are deactivated.
    """

    service: Service
    client_ref: str
    client_name: str
    client_email: str
    tax_rate: int | None
    reason: ReminderReason


@dataclass(frozen=True, slots=True)
class UnreachableClient:
    """A client whom nothing reaches: what they owe soon, and gross what is at risk with it."""

    ref: str
    name: str
    email: str
    reason: ReminderReason
    services: int
    nearest: date
    at_risk: PartialSum


@dataclass(frozen=True, slots=True)
class ServiceLog:
    """A service, whose it is, and what became of its reminders, newest due date first."""

    service: Service
    client: ClientInfo
    items: tuple[ItemHistory, ...]
