"""What the operator asks about reminders: whom nothing reaches, and what became of them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.actions.due_items import BATCH
from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotFoundError
from billing.rules.money import total
from billing.rules.quotes import price_line
from billing.rules.services import Service
from billing.views.reminder_reports import AtRisk, ServiceLog, UnreachableClient

ITEMS = 200
"""So many reminders of a service are told of, the newest: years of them."""


@dataclass(frozen=True, slots=True)
class ListUnreachable:
    """Clients who owe something soon, or have for a while, and whom no reminder reaches."""

    env: Environment

    async def __call__(self) -> AsyncIterator[UnreachableClient]:
        """Each once, by the nearest of his due dates; services being cancelled do not count."""
        async with self.env.work.reading() as uow:
            before, after = (await uow.catalogs.current()).reminder_horizon
        today = self.env.today()
        earliest, latest = today + timedelta(days=after), today + timedelta(days=before)
        last: AtRisk | None = None
        while True:
            async with self.env.work.reading() as uow:
                page = await uow.reminder_reports.unreachable(
                    earliest=earliest, latest=latest, after=last, limit=BATCH
                )
                owed = await _owed(uow, page, earliest, latest)
            if not page:
                return
            last = page[-1]
            for one in page:
                theirs = owed.get(one.service.client_id)
                # The others are on other pages, if they are many: their client is told of once.
                if theirs and theirs[0].id == one.service.id:
                    yield self._told(one, theirs)

    def _told(self, one: AtRisk, owed: Sequence[Service]) -> UnreachableClient:
        taxation = self.env.taxation_at(one.tax_rate)
        gross = (price_line(service.amount, taxation).gross for service in owed)
        nearest = owed[0].next_due_date
        assert nearest is not None  # noqa: S101 - it is owed on a day
        return UnreachableClient(
            ref=one.client_ref,
            name=one.client_name,
            email=one.client_email,
            reason=one.reason,
            services=len(owed),
            nearest=nearest,
            at_risk=total(gross, owed[0].amount.currency),
        )


async def _owed(
    uow: UnitOfWork, page: Sequence[AtRisk], earliest: date, latest: date
) -> Mapping[int, list[Service]]:
    """What the clients of a page owe in that window, by client."""
    found: dict[int, list[Service]] = defaultdict(list)
    clients = {one.service.client_id for one in page}
    for service in await uow.reminder_reports.owed_by(clients, earliest=earliest, latest=latest):
        found[service.client_id].append(service)
    return found


@dataclass(frozen=True, slots=True)
class ReadReminderLog:
    """What became of the reminders of one service."""

    env: Environment

    async def __call__(self, name: str) -> ServiceLog:
        """By the company's id of the service, or by ours; NotFoundError if there is none."""
        async with self.env.work.reading() as uow:
            service = await uow.services.named(name)
            if service is None:
                raise NotFoundError("no_such_service", ref=name)
            client = await uow.clients.get(service.client_id)
            items = await uow.reminder_reports.history(service.id, limit=ITEMS)
        assert client is not None  # noqa: S101 - a service is always a client's
        return ServiceLog(service, client, items)
