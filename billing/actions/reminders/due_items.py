"""What is due on a day, page by page: services, unpaid proformas, and what users asked for.

Each page is read in a short transaction of its own: planning a day writes little and may read
much, and nobody has to wait for it meanwhile.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.actions.environment import Environment
from billing.actions.services.leaving import read_leaving
from billing.ports.reminders.items import OpenProforma, PlannedItems, Window
from billing.ports.work import UnitOfWork
from billing.rules.reminders.stages import ReminderItem, StagePlan, plan_stages
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog

BATCH = 200
"""Services, and clients, that are planned together."""


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
        last: Service | None = None
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
                for item, reason in plan_items(service, self.catalog, self.day).items()
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


def service_item(service: Service, stage: str) -> ReminderItem:
    """The item of a service that is owed on some day."""
    due_date = service.next_due_date
    assert due_date is not None  # noqa: S101 - only what is owed on a day has stages
    return ReminderItem(service.client_id, due_date, stage, service.id)


def plan_items(service: Service, catalog: Catalog, today: date) -> PlannedItems:
    """The item to send for a service today, if any, and those it missed."""
    if service.next_due_date is None:
        return {}
    policy = catalog.reminder_policy(service.product_id)
    plan = plan_stages(
        service.next_due_date,
        stages_of(service, catalog),
        today=today,
        known_since=service.loaded_on or service.registered_on,
        catch_up_days=policy.catch_up_days,
    )
    return _items(plan, service_item(service, stage=""))


def plan_proforma(
    env: Environment, proforma: OpenProforma, catalog: Catalog, today: date
) -> PlannedItems:
    """The same for an unpaid proforma; nobody is reminded of it on the day it was made."""
    policy = catalog.policy.reminders
    made_on = proforma.created_at.astimezone(env.terms.timezone).date()
    plan = plan_stages(
        proforma.expires_on,
        policy.proforma_stages,
        today=today,
        known_since=made_on + timedelta(days=1),
        catch_up_days=policy.catch_up_days,
    )
    item = ReminderItem(proforma.client_id, proforma.expires_on, "", invoice_id=proforma.id)
    return _items(plan, item)


def stages_of(service: Service, catalog: Catalog) -> tuple[int, ...]:
    """The policy's stages for a service, earliest first."""
    window = catalog.policy.opens_days_before.get(service.cycle, 0)
    policy = catalog.reminder_policy(service.product_id)
    return policy.stages_for(service.cycle, opens_days_before=window)


def _items(plan: StagePlan, item: ReminderItem) -> PlannedItems:
    """The item at each stage of the plan."""
    items = {replace(item, stage=str(stage)): reason for stage, reason in plan.skipped}
    if plan.send is None:
        return items
    return {**items, replace(item, stage=str(plan.send)): None}
