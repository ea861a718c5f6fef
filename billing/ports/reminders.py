"""Reminder items and digests."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from billing.rules.services import Service
from billing.views.services import OwnedService


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A reminder item to keep: unique by (service, due date, stage)."""

    service_id: int
    client_id: int
    due_date: date
    stage: str
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """A user who gets a client's digest, and the zone that decides the hour."""

    client_id: int
    user_id: int
    timezone: str


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that has been claimed for sending."""

    id: int
    client_id: int
    user_id: int
    day: date
    attempts: int


DigestRow = tuple[OwnedService, date | None, str | None]
"""A service as it is now, and what was planned for it, if anything was."""


class Reminders(Protocol):
    """Items and digests; both exist before anything is sent."""

    async def is_planned(self, day: date) -> bool:
        """Whether the items of that day were planned already."""

    async def mark_planned(self, day: date) -> None:
        """Note that they were."""

    async def forget_plan(self) -> None:
        """Plan again at the next tick: services have changed in bulk."""

    async def candidates(
        self, *, earliest: date, latest: date, after: Service | None, limit: int
    ) -> tuple[Service, ...]:
        """Services that are owed, with a due date in that window, by due date, one indexed query.

        `after` is the last one of the page before, as it was read then.
        """

    async def opens_on(self, services: Collection[int]) -> frozenset[int]:
        """Of these, the ones with an open cancellation (own or the parent's): never reminded."""

    async def known_stages(self, services: Sequence[Service]) -> frozenset[tuple[int, date, str]]:
        """Items that exist for these services and due dates."""

    async def add_items(self, items: Sequence[PlannedItem], *, at: datetime) -> None:
        """Insert the absent ones."""

    async def clients_waiting(self, day: date, *, limit: int) -> tuple[int, ...]:
        """Clients with unsent, unskipped items who have no digest of that day yet."""

    async def recipients(self, client_ids: Collection[int]) -> tuple[Recipient, ...]:
        """Their linked users with reminders on."""

    async def add_digests(
        self, digests: Sequence[tuple[Recipient, datetime]], *, day: date, at: datetime
    ) -> None:
        """Insert the absent digests (unique by client, day, user) and bind the waiting items."""

    async def adopt_unsent(
        self, client_ids: Collection[int], *, day: date, now: datetime, lease_until: datetime
    ) -> None:
        """Make these clients' unsent digests of earlier days that day's, one for each user.

        What somebody may have in hand (on a lease until then at the latest) is left alone.
        """

    async def note_undeliverable(
        self, client_ids: Collection[int], *, day: date, at: datetime
    ) -> None:
        """Nobody to send to: keep it for the operator."""

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[DueDigest, ...]:
        """Take digests whose time has come, for one lease."""

    async def items_of(
        self, client_id: int, digest_id: int, user_id: int, *, also: Collection[int] = ()
    ) -> tuple[DigestRow, ...]:
        """The services of a user's digest, with the due date and stage planned for each.

        With them, in the same statement and with neither, their parents and add-ons, and the
        services `also` named with theirs. A service planned twice comes twice.
        """

    async def finish(
        self, digest_id: int, *, status: str, at: datetime, message_id: int | None = None
    ) -> None:
        """sent, void, undeliverable or failed."""

    async def defer(self, digest_id: int, *, until: datetime) -> None:
        """Try again later."""

    async def postpone(self, digest_id: int, *, until: datetime) -> None:
        """Wait for the hours in which one may be written to: no attempt was made."""

    async def latest(self, client_id: int, user_id: int) -> int | None:
        """The last digest that this user was sent for this client."""

    async def waiting(self, *, limit: int) -> tuple[tuple[DueDigest, datetime], ...]:
        """The digests that are to be sent next, and when."""
