"""Planning reminders: items and digests, written before anything is sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from billing.ports.reminders.preferences import RemindableService
from billing.rules.cycles import BillingCycle
from billing.rules.reach import Unreachable
from billing.rules.reminders.preferences import ReminderPreferences
from billing.rules.reminders.stages import ReminderItem, ReminderKind, ReminderReason

PlannedItems = Mapping[ReminderItem, ReminderReason | None]
"""Items of a day, with the reason where one is not sent."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days, both included, and the client whose things are meant (None: everybody's)."""

    earliest: date
    latest: date
    client_id: int | None = None


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item by the number under which it is kept, and what kind of thing it speaks of."""

    id: int
    item: ReminderItem
    kind: ReminderKind


@dataclass(frozen=True, slots=True)
class Recipient:
    """A user linked to a client, the zone that decides the hour, and what they want.

    `unreachable` says why they cannot be written to, if so.
    """

    client_id: int
    user_id: int
    timezone: str
    preferences: ReminderPreferences = field(default_factory=ReminderPreferences)
    unreachable: Unreachable | None = None


@dataclass(frozen=True, slots=True)
class NewDigest:
    """A digest to plan, with the items it will speak of.

    With `undelivered` it is kept as not delivered, for that reason: its user cannot be written to,
    and gets it on coming back.
    """

    client_id: int
    user_id: int
    send_at: datetime
    item_ids: tuple[int, ...]
    undelivered: ReminderReason | None = None


@dataclass(frozen=True, slots=True)
class DueService:
    """A service that is owed on a day: what planning needs of it.

    `known_since` is the first day that counts: that on which it was loaded, else registered.
    """

    id: int
    client_id: int
    product_id: str
    cycle: BillingCycle
    due_date: date
    known_since: date


@dataclass(frozen=True, slots=True)
class OpenProforma:
    """An unpaid proforma that will expire: what planning needs of it."""

    id: int
    client_id: int
    created_at: datetime
    expires_on: date


class Reminders(Protocol):
    """What is due and who waits for it; each query starts from an index on that."""

    async def lock_planning(self) -> None:
        """Let nobody else write plans until the transaction ends.

        Planners write many rows, and two on the same ones could wait for each other in a circle.
        """

    async def is_planned(self, day: date) -> bool:
        """Whether the items of that day were planned already."""

    async def mark_planned(self, day: date) -> None:
        """Note that they were."""

    async def forget_plan(self) -> None:
        """Plan again at the next tick: services have changed in bulk."""

    async def withdraw_plans(self, *, after: date, planned_after: datetime, due_from: date) -> int:
        """Delete the unsent plans of later days, and items planned in the future; how many.

        Only a clock that was ahead leaves such: as if it had not been, the day is planned anew.
        Items due before `due_from` are not looked at: nothing is planned for them any more.
        """

    async def candidates(
        self, window: Window, *, after: DueService | None, limit: int
    ) -> tuple[DueService, ...]:
        """Services that are owed, with a due date in that window, by due date, one indexed query.

        `after` is the last one of the page before, as it was read then.
        """

    async def expiring(
        self, window: Window, *, after: OpenProforma | None, limit: int
    ) -> tuple[OpenProforma, ...]:
        """Unpaid proformas that expire in that window, by that day, paged in the same way."""

    async def snoozed(
        self, window: Window, *, after: ReminderItem | None, limit: int
    ) -> tuple[ReminderItem, ...]:
        """Reminders that users asked for on a day in that window, of what is still owed so."""

    async def cancelling(self, service_ids: Collection[int]) -> tuple[RemindableService, ...]:
        """Of these, the ones with an open cancellation (own or the parent's)."""

    async def find_existing(self, items: Collection[ReminderItem]) -> frozenset[ReminderItem]:
        """Items that exist for these subjects and due dates (and for later ones)."""

    async def add_items(self, items: PlannedItems, *, at: datetime) -> None:
        """Insert the absent ones."""

    async def clients_waiting(self, day: date, *, limit: int, after: int = 0) -> tuple[int, ...]:
        """Clients with waiting items who have no digest of that day yet, from the next one on."""

    async def newly_linked(self, *, since: datetime) -> tuple[int, ...]:
        """Clients whom somebody was linked to since then, with items that found nobody before."""

    async def waiting_items(self, client_ids: Collection[int]) -> tuple[StoredItem, ...]:
        """Their items that wait for a digest."""

    async def recipients(self, client_ids: Collection[int]) -> tuple[Recipient, ...]:
        """Every user linked to them, also those who cannot be reached or want nothing."""

    async def add_digests(self, planned: Sequence[NewDigest], *, day: date, at: datetime) -> None:
        """Insert the absent digests (unique by client, day, user) and bind their items.

        An item that found no digest still to be sent goes on waiting: it may not be lost between
        two planners.
        """

    async def leave_out(
        self, item_ids: Collection[int], reason: ReminderReason, *, undeliverable: bool = False
    ) -> None:
        """Nobody is sent these waiting items, and why."""

    async def prune(self, *, before: date, limit: int) -> int:
        """Delete items of due dates long ago that no digest holds any more; how many."""
