"""Planning reminders: once a day, as rows that exist before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.actions.environment import Environment
from billing.actions.notify import LEASE
from billing.ports.reminders import PlannedItem
from billing.ports.work import UnitOfWork
from billing.rules.catalog import Catalog
from billing.rules.hours import send_at
from billing.rules.reminders import plan_stages
from billing.rules.services import Service

BATCH = 500


@dataclass(frozen=True, slots=True)
class PlanReminders:
    """Write the items and digests of the day; any number of ticks and processes may call it.

    The day is marked as planned last of all, and nothing is sent on a day that is not: what an
    outage has left unsent first becomes part of the day's one message.
    """

    env: Environment

    async def __call__(self) -> int:
        """Plan what is missing and return the number of clients who get a digest."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            planned = await uow.reminders.is_planned(today)
            catalog = await uow.catalogs.current()
        if not planned:
            await self._plan_items(catalog, today)
        clients = await self._plan_digests(catalog, today)
        if not planned:
            async with self.env.work.writing() as uow:
                await uow.reminders.mark_planned(today)
                await uow.commit()
        return clients

    async def _plan_items(self, catalog: Catalog, today: date) -> None:
        before, after = catalog.reminder_horizon
        last: Service | None = None
        while True:
            async with self.env.work.writing() as uow:
                found = await uow.reminders.candidates(
                    earliest=today + timedelta(days=after),
                    latest=today + timedelta(days=before),
                    after=last,
                    limit=BATCH,
                )
                if not found:
                    return
                last = found[-1]
                await self._add_items(uow, catalog, found, today)
                await uow.commit()

    async def _add_items(
        self, uow: UnitOfWork, catalog: Catalog, found: Sequence[Service], today: date
    ) -> None:
        silent = await uow.reminders.opens_on([service.id for service in found])
        known = await uow.reminders.known_stages(found)
        items = [
            item
            for service in found
            if service.id not in silent
            for item in plan_items(service, catalog, today)
            if (item.service_id, item.due_date, item.stage) not in known
        ]
        await uow.reminders.add_items(items, at=self.env.now())

    async def _plan_digests(self, catalog: Catalog, today: date) -> int:
        planned = 0
        while True:
            async with self.env.work.writing() as uow:
                clients = await uow.reminders.clients_waiting(today, limit=BATCH)
                if not clients:
                    return planned
                await self._add_digests(uow, catalog, clients, today)
                await uow.commit()
                planned += len(clients)

    async def _add_digests(
        self, uow: UnitOfWork, catalog: Catalog, clients: Sequence[int], today: date
    ) -> None:
        now, hour = self.env.now(), catalog.policy.reminders.hour
        await uow.reminders.adopt_unsent(clients, day=today, now=now, lease_until=now + LEASE)
        recipients = await uow.reminders.recipients(clients)
        timed = [
            (who, send_at(who.client_id, self.env.zone(who.timezone), now, today=today, hour=hour))
            for who in recipients
        ]
        await uow.reminders.add_digests(timed, day=today, at=now)
        reached = {recipient.client_id for recipient in recipients}
        nobody = [client_id for client_id in clients if client_id not in reached]
        await uow.reminders.note_undeliverable(nobody, day=today, at=now)


def plan_items(service: Service, catalog: Catalog, today: date) -> list[PlannedItem]:
    """The item to send for a service today, if any, and those it missed."""
    if service.next_due_date is None:
        return []
    policy = catalog.reminder_policy(service.product_id)
    window = catalog.policy.opens_days_before.get(service.cycle, 0)
    plan = plan_stages(
        service.next_due_date,
        policy.stages_for(service.cycle, opens_days_before=window),
        today=today,
        known_since=service.loaded_on or service.registered_on,
        catch_up_days=policy.catch_up_days,
    )
    stages = [(stage, True) for stage in plan.skipped]
    if plan.send is not None:
        stages.append((plan.send, False))
    return [
        PlannedItem(service.id, service.client_id, service.next_due_date, str(stage), skipped)
        for stage, skipped in stages
    ]
