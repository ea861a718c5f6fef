"""What the operator asks about reminders."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Protocol

from billing.ports.reminders.digests import DueDigest
from billing.ports.reminders.preferences import RemindableService
from billing.rules.reminders.stages import ReminderItem, ReminderReason
from billing.views.reminders.reports import AtRisk, DigestCounts, ItemHistory, Sending


class ReminderReports(Protocol):
    """Read-only views of what was planned, sent and not sent."""

    async def history(self, service_id: int, *, limit: int) -> tuple[ItemHistory, ...]:
        """The items of one service with what became of them, newest due date first."""

    async def counts(
        self, days: tuple[date, date], *, since: datetime, until: datetime
    ) -> DigestCounts:
        """The digests of these days that were finished in that time, or wait."""

    async def of_day(
        self, day: date, *, client_id: int | None = None, after: int = 0, limit: int
    ) -> tuple[tuple[DueDigest, Sending], ...]:
        """The digests of a day (of that client) with what became of each, by their ids.

        Those of earlier days that still wait go out with them.
        """

    async def left_out(
        self, items: Collection[ReminderItem]
    ) -> Mapping[ReminderItem, ReminderReason]:
        """Of these items, the ones that were planned and that nobody is sent, and why."""

    async def unreachable(
        self, *, earliest: date, latest: date, after: AtRisk | None, limit: int
    ) -> tuple[AtRisk, ...]:
        """Services due in that window whose client has nobody who can be written to, by date."""

    async def owed_by(
        self, client_ids: Collection[int], *, earliest: date, latest: date
    ) -> tuple[RemindableService, ...]:
        """What these clients owe in that window, by date and id; also what is being cancelled."""
