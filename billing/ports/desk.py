"""What is counted over all clients, for staff."""

from datetime import date, datetime
from typing import Protocol

from billing.views.desk import OverdueGroup, Tally, ToDo


class Desk(Protocol):
    """Counts and sums over all clients; as many statements however many those are."""

    async def money(
        self, *, since: datetime, until: datetime, lapses_by: date
    ) -> tuple[Tally, Tally, Tally]:
        """What came in that time; the open proformas; those of them that lapse by that day.

        One statement. An open proforma counts with what is left to pay.
        """

    async def overdue(self, *, today: date, long_before: date) -> tuple[OverdueGroup, ...]:
        """Services past their due date that go on; `is_long` those due before the other day."""

    async def todo(self, *, earliest: date, latest: date) -> ToDo:
        """How much waits for staff; the unreachable are those who owe something in that window."""
