"""The operator's summary of a day: its money, what is to be done, and its reminders."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from billing.actions.desk.standing import read_standing
from billing.actions.environment import Environment
from billing.actions.reminders.reports import ListUnreachable
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.reminders.stages import ReminderReason
from billing.views.notices.operator import (
    ReminderSummary,
    UnreachableClients,
)
from billing.views.reminders.reports import DigestCounts

EVENING = time(20)
"""From then on a day is told of: the hours at which reminders go out in the company's zone are
over."""

MORNING = time(8)
"""From then on the day before, if its evening was missed; what is older is not told any more."""

OLDEST = timedelta(days=7)
"""Before that nothing is tried any more."""


@dataclass(frozen=True, slots=True)
class TellSummary:
    """Tell the operator once a day how it went and what there is to do; any tick may call it."""

    env: Environment

    async def __call__(self) -> bool:
        """Whether there is something to tell now that was not told before."""
        day = self._day()
        if day is None:
            return False
        key = f"summary:{day}"
        async with self.env.work.reading() as uow:
            if await uow.outbox.has(key):
                return False
            digests = await self._counts(uow, day)
            since, until = self._times(day)
            paid, standing = await read_standing(self.env, uow, since=since, until=until)
        summary = ReminderSummary(day, digests, paid=paid)
        # Of a day that is over only what happened on it is told, not how things stand today.
        if day == self.env.today():
            now = None if standing.is_nothing else standing
            summary = replace(summary, unreachable=await self._unreachable(), standing=now)
        if summary == ReminderSummary(day, DigestCounts()):
            return False
        async with self.env.work.writing() as uow:
            await uow.outbox.add([Notification(key, summary)], at=self.env.now())
            await uow.commit()
        return True

    def _day(self) -> date | None:
        """The day to tell of at this time of day."""
        local = self.env.now().astimezone(self.env.terms.timezone)
        if local.time() >= EVENING:
            return local.date()
        return local.date() - timedelta(days=1) if local.time() >= MORNING else None

    async def _counts(self, uow: UnitOfWork, day: date) -> DigestCounts:
        """What went out since the evening before, whatever day it was planned for."""
        since, until = self._times(day)
        return await uow.reminder_reports.counts((day - OLDEST, day), since=since, until=until)

    def _times(self, day: date) -> tuple[datetime, datetime]:
        """From the evening before until its own: what comes later belongs to the next day."""
        return self._evening(day - timedelta(days=1)), self._evening(day)

    def _evening(self, day: date) -> datetime:
        return datetime.combine(day, EVENING, self.env.terms.timezone).astimezone(UTC)

    async def _unreachable(self) -> UnreachableClients | None:
        """Whom nothing reaches, why, and what is at risk with them; None where all can be."""
        clients = services = unpriced = 0
        at_risk: dict[str, Money] = {}
        reasons: Counter[ReminderReason] = Counter()
        async for one in ListUnreachable(self.env)():
            clients, services = clients + 1, services + one.services
            reasons[one.reason] += 1
            known, unpriced = one.at_risk.known, unpriced + one.at_risk.unknown
            at_risk[known.currency] = known + at_risk.get(known.currency, known * 0)
        if not clients:
            return None
        amounts = tuple(at_risk[currency] for currency in sorted(at_risk) if at_risk[currency])
        return UnreachableClients(clients, services, amounts, dict(reasons), unpriced)
