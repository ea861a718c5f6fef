"""What the operator asks about reminders."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from billing.views.reminder_reports import AtRisk, ItemHistory


class ReminderReports(Protocol):
    """Read-only views of what was planned, sent and not sent."""

    async def history(self, service_id: int, *, limit: int) -> tuple[ItemHistory, ...]:
        """The items of one service with what became of them, newest due date first."""

    async def counts(self, day: date) -> Mapping[str, int]:
        """The digests of a day by state, and under "deferred" those that were put off."""

    async def unreachable(
        self, *, earliest: date, latest: date, after: AtRisk | None, limit: int
    ) -> tuple[AtRisk, ...]:
        """Services due in that window whose client has nobody who can be written to, by date."""
