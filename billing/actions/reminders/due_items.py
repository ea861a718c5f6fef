"""What is due on a day, page by page: services, unpaid proformas, and what users asked for.

Each page is read in a short transaction of its own: planning a day writes little and may read
much, and nobody has to wait for it meanwhile.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.item_plans import plan_proforma, service_plans
from billing.actions.services.leaving import read_leaving
from billing.ports.reminders.items import DueService, OpenProforma, PlannedItems, Window
from billing.ports.work import UnitOfWork
from billing.rules.reminders.stages import ReminderItem
from billing.rules.shop.catalog import Catalog

BATCH = 500
"""Services, and clients, that are planned together.

Of more, a page would hold up taps: SQLite writes it, and Python works it out, in one go.
"""


@dataclass(frozen=True, slots=True)
class DueItems:
    """The items of a day, also those that exist already."""

    env: Environment
    catalog: Catalog
    day: date
    client_id: int | None = None

    async def pages(self) -> AsyncIterator[PlannedItems]:
        """Everybody's, or those of one client."""
        async for of_services in self._services():
            yield of_services
        async for of_proformas in self._proformas():
            yield of_proformas
        async for snoozed in self._snoozed():
            yield snoozed

    async def _services(self) -> AsyncIterator[PlannedItems]:
        before, after = self.catalog.reminder_horizon
        plan = service_plans(self.catalog, self.day)
        last: DueService | None = None
        while True:
            async with self.env.work.reading() as uow:
                services = await uow.reminders.candidates(
                    self._window(after, before), after=last, limit=BATCH
                )
                leaving = await self._leaving(uow, [service.id for service in services])
            if not services:
                return
            last = services[-1]
            yield {
                item: reason
                for service in services
                if service.id not in leaving
                for item, reason in plan(service).items()
            }

    async def _proformas(self) -> AsyncIterator[PlannedItems]:
        policy = self.catalog.policy.reminders
        last: OpenProforma | None = None
        while policy.proforma_stages:
            async with self.env.work.reading() as uow:
                proformas = await uow.reminders.expiring(
                    self._window(0, max(policy.proforma_stages)), after=last, limit=BATCH
                )
            if not proformas:
                return
            last = proformas[-1]
            yield {
                item: reason
                for one in proformas
                for item, reason in plan_proforma(self.env, one, self.catalog, self.day).items()
            }

    async def _snoozed(self) -> AsyncIterator[PlannedItems]:
        back = -self.catalog.policy.reminders.catch_up_days
        last: ReminderItem | None = None
        while True:
            async with self.env.work.reading() as uow:
                items = await uow.reminders.snoozed(self._window(back, 0), after=last, limit=BATCH)
                service_ids = [item.service_id for item in items if item.service_id is not None]
                leaving = await self._leaving(uow, service_ids)
            if not items:
                return
            last = items[-1]
            yield {item: None for item in items if item.service_id not in leaving}

    async def _leaving(self, uow: UnitOfWork, service_ids: Collection[int]) -> frozenset[int]:
        return await read_leaving(uow, service_ids, self.catalog, today=self.day)

    def _window(self, first: int, last: int) -> Window:
        day = self.day
        return Window(day + timedelta(days=first), day + timedelta(days=last), self.client_id)
