"""How far reminders are planned: digests that wait, and items that wait for one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from billing.rules.reminders.stages import ReminderItem


@dataclass(frozen=True, slots=True)
class WaitingDigest:
    """A digest that waits to be sent to a user, with its items."""

    user_id: int
    client_id: int
    due_at: datetime
    send_at: datetime
    attempts: int
    items: tuple[ReminderItem, ...]


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """What is planned for some clients by a day.

    `is_day_planned` is whether the day's items are; `clients_with_digest` have one of the day, so
    their new items wait for the next day's; `items` are those that no digest holds yet.
    """

    is_day_planned: bool
    clients_with_digest: frozenset[int]
    digests: tuple[WaitingDigest, ...]
    items: tuple[ReminderItem, ...]


class ReminderPlans(Protocol):
    """Reads what is planned."""

    async def read(self, client_ids: Collection[int], day: date) -> ReminderPlan:
        """The plan of these clients, in one statement."""
