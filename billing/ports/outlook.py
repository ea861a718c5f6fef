"""What is known of the reminders to come: planned messages, and items that wait for one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from billing.rules.reminders import ReminderItem


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A digest that waits to be sent to a user, with its items."""

    user_id: int
    client_id: int
    due_at: datetime
    send_at: datetime
    attempts: int
    items: tuple[ReminderItem, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How reminders of some clients stand on a day.

    `is_planned` is whether the day's items are; `with_digest` are the clients who have one of the
    day, whose new items wait for the next; `waiting` are items that no digest holds yet.
    """

    is_planned: bool
    with_digest: frozenset[int]
    messages: tuple[OnItsWay, ...]
    waiting: tuple[ReminderItem, ...]


class Outlooks(Protocol):
    """Reads outlooks."""

    async def of(self, client_ids: Collection[int], day: date) -> Outlook:
        """The outlook of these clients, in one statement."""
