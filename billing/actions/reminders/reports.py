"""What the operator asks about reminders: whom nothing reaches, and what became of them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.due_items import BATCH
from billing.actions.services.leaving import is_leaving
from billing.ports.reminders.preferences import RemindableService
from billing.rules.errors import NotFoundError
from billing.rules.money import total_known
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.quotes import price_line
from billing.views.reminders.reports import AtRisk, ServiceLog, UnreachableClient

ITEMS = 200
"""So many reminders of a service are listed, the newest: years of them."""


@dataclass(frozen=True, slots=True)
class ListUnreachable:
    """Clients who owe something soon, or have for a while, and whom no reminder reaches."""

    env: Environment

    async def __call__(self) -> AsyncIterator[UnreachableClient]:
        """Each once, by the nearest of their due dates; services being cancelled do not count."""
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
        before, after = catalog.reminder_horizon
        today = self.env.today()
        earliest, latest = today + timedelta(days=after), today + timedelta(days=before)
        last: AtRisk | None = None
        while True:
            async with self.env.work.reading() as uow:
                page = await uow.reminder_reports.unreachable(
                    earliest=earliest, latest=latest, after=last, limit=BATCH
                )
                owed = await uow.reminder_reports.owed_by(
                    {one.service.client_id for one in page}, earliest=earliest, latest=latest
                )
            if not page:
                return
            last = page[-1]
            by_client = _owed_by_client(owed, catalog, today)
            for one in page:
                theirs = by_client.get(one.service.client_id)
                # The others are on other pages, if they are many: a client is listed once.
                if theirs and theirs[0].id == one.service.id:
                    yield self._client(one, theirs)

    def _client(self, one: AtRisk, owed: Sequence[Service]) -> UnreachableClient:
        taxation = self.env.taxation_at(one.tax_rate)
        amounts = (service.amount for service in owed)
        gross = (a if a is None else price_line(a, taxation).gross for a in amounts)
        nearest = owed[0].next_due_date
        assert nearest is not None  # noqa: S101 - it is owed on a day
        return UnreachableClient(
            ref=one.client_ref,
            name=one.client_name,
            email=one.client_email,
            reason=one.reason,
            services=len(owed),
            nearest=nearest,
            at_risk=total_known(gross, owed[0].currency),
        )


def _owed_by_client(
    owed: Sequence[RemindableService], catalog: Catalog, today: date
) -> Mapping[int, list[Service]]:
    """What is owed and is not being cancelled, by client."""
    services: dict[int, list[Service]] = defaultdict(list)
    for one in owed:
        if not is_leaving(one, catalog, today=today):
            services[one.service.client_id].append(one.service)
    return services


@dataclass(frozen=True, slots=True)
class ReadReminderLog:
    """What became of the reminders of one service."""

    env: Environment

    async def __call__(self, name: str) -> ServiceLog:
        """By the company's id of the service, or by ours; NotFoundError if there is none."""
        async with self.env.work.reading() as uow:
            service = await uow.services.by_ref(name)
            if service is None:
                raise NotFoundError("no_such_service", ref=name)
            client = await uow.clients.get(service.client_id)
            items = await uow.reminder_reports.history(service.id, limit=ITEMS)
        assert client is not None  # noqa: S101 - a service is always a client's
        return ServiceLog(service, client, items)
