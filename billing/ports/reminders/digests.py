"""Digests on their way: claimed, read as things stand, sent or put off, marked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.reach import Unreachable
from billing.rules.reminders.preferences import Pause, ReminderPreferences
from billing.rules.reminders.stages import ReminderItem, ReminderReason
from billing.views.account import ClientInfo
from billing.views.services import OwnedService


@dataclass(frozen=True, slots=True)
class Deferral:
    """One time that a digest was put off, for later in the same hours or for another try."""

    at: datetime
    until: datetime
    reason: ReminderReason


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that has been claimed for sending; `send_at` is when it was meant to go out."""

    id: int
    client_id: int
    user_id: int
    day: date
    attempts: int
    deferrals: tuple[Deferral, ...] = ()
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a digest is for: their own choices, and the client they act for at the moment.

    `preferences` is None when they are linked to the digest's client no longer.
    """

    user_id: int
    client: ClientInfo
    language: str | None = None
    timezone: str | None = None
    acts_for: int | None = None
    preferences: ReminderPreferences | None = None


@dataclass(frozen=True, slots=True)
class Proforma:
    """A proforma that a reminder speaks of, as it stands; `due_date` is its last day."""

    id: int
    number: str
    status: InvoiceStatus
    gross: Money
    balance: Money
    expires_on: date


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """An item in a digest, and its subject as it is now: a service or a proforma.

    `dropped` says why the message, once it was sent, said nothing of it.
    """

    digest_id: int
    item_id: int
    item: ReminderItem
    dropped: ReminderReason | None = None
    owned_service: OwnedService | None = None
    pause: Pause | None = None
    proforma: Proforma | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in digests, and all services that matter for their prices."""

    entries: tuple[DigestEntry, ...]
    own_services: tuple[OwnedService, ...]


@dataclass(frozen=True, slots=True)
class DigestResult:
    """What became of a claimed digest: finished (`status`), or put off until an instant.

    `dropped` names the items of which it said nothing, with the reasons; `unreachable` says why
    its user cannot be written to any more.
    """

    digest: DueDigest
    status: str = ""
    message_id: int | None = None
    reason: ReminderReason | None = None
    deferral: Deferral | None = None
    dropped: Mapping[int, ReminderReason] | None = None
    counts_as_attempt: bool = True
    unreachable: Unreachable | None = None


class Digests(Protocol):
    """Digests from the moment they are planned until they are sent."""

    async def has_due(self, now: datetime) -> bool:
        """Whether a digest is to go out by now."""

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[DueDigest, ...]:
        """Take digests whose time has come, for one lease."""

    async def give_back(self, now: datetime, *, lease_until: datetime, limit: int) -> int:
        """Let what was claimed or put off while the clock was ahead be due again; how many.

        What somebody may have in hand is theirs until then, and no longer.
        """

    async def readers(self, digest_ids: Collection[int]) -> Mapping[int, Reader]:
        """Whom these digests are for, in one statement."""

    async def contents(
        self, digests: Sequence[tuple[int, int, int]], *, also: Collection[int] = ()
    ) -> Contents:
        """What is in digests (each by its id, client and user), in one statement.

        With the services come their parents and add-ons, and the services `also` named with
        theirs. What is not that user's of that client is not found.
        """

    async def record(self, results: Sequence[DigestResult], *, at: datetime) -> None:
        """Keep what became of claimed digests."""

    async def adopt_unsent(
        self, client_ids: Collection[int], *, day: date, now: datetime, lease_until: datetime
    ) -> None:
        """Make these clients' unsent digests of earlier days that day's, one for each user.

        What somebody may have in hand (on a lease until then at the latest) is left alone.
        """

    async def revive(self, user_id: int, *, since: date, day: date | None, now: datetime) -> None:
        """The user can be reached again: what they were not sent since a day waits once more.

        It becomes one digest for each client: of the `day`, unless that is still to be planned
        (None), when the plan takes it up. What found no reader of a client of theirs at all is
        planned again.
        """

    async def wait_again(self, client_ids: Collection[int]) -> None:
        """Let what found no reader of these clients wait for a digest once more."""

    async def latest(self, client_id: int, user_id: int) -> int | None:
        """The last digest that this user was sent for this client."""

    async def sent_about(
        self,
        client_id: int,
        user_id: int,
        service_ids: Collection[int],
        invoice_id: int,
        *,
        since: date,
        limit: int,
    ) -> Mapping[DueDigest, int]:
        """A user's last digests since a day that speak of these services, or of the invoice.

        With their messages, the newest first.
        """

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete digests that were finished long ago, with what they held; how many."""
