"""Planning reminders: once a day, as rows that exist before anything is sent."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.actions.environment import Environment
from billing.ports.reminders import PlannedItem, Recipient
from billing.ports.work import UnitOfWork
from billing.rules.catalog import Catalog
from billing.rules.reminders import plan_stages
from billing.rules.services import Service

BATCH = 500
WINDOW = (time(9), time(20))
"""Local hours within which reminders are sent; outside of them they wait, never drop."""


@dataclass(frozen=True, slots=True)
class PlanReminders:
    """Write the items and digests of the day; any number of ticks and processes may call it."""

    env: Environment

    async def __call__(self) -> int:
        """Plan what is missing and return the number of new digests' clients."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            planned = await uow.reminders.is_planned(today)
            catalog = await uow.catalogs.current()
        if not planned:
            await self._plan_items(catalog, today)
        return await self._plan_digests(catalog, today)

    async def _plan_items(self, catalog: Catalog, today: date) -> None:
        before, after = widest_horizon(catalog)
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
                    await uow.reminders.mark_planned(today)
                    await uow.commit()
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
                now = self.env.now()
                recipients = await uow.reminders.recipients(clients)
                hour = catalog.policy.reminders.hour
                timed = [(r, send_at(r, now, today=today, hour=hour)) for r in recipients]
                await uow.reminders.add_digests(timed, day=today, at=now)
                reached = {recipient.client_id for recipient in recipients}
                nobody = [client_id for client_id in clients if client_id not in reached]
                await uow.reminders.note_undeliverable(nobody, day=today, at=now)
                await uow.commit()
                planned += len(clients)


def widest_horizon(catalog: Catalog) -> tuple[int, int]:
    """Days from today to the furthest and nearest due dates any policy may remind of."""
    policies = [catalog.policy.reminders]
    policies += [p.reminder_policy for p in catalog.products if p.reminder_policy]
    return (
        max(policy.horizon[0] for policy in policies),
        min(policy.horizon[1] for policy in policies),
    )


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


def send_at(recipient: Recipient, now: datetime, *, today: date, hour: int) -> datetime:
    """When a digest goes out: about that hour in the recipient's zone, within the window.

    A stable offset of up to an hour per client spreads the clients; late ones go at once while the
    window is open, else when it opens next.
    """
    zone = ZoneInfo(recipient.timezone)
    offset = zlib.crc32(str(recipient.client_id).encode()) % 3600
    wished = datetime.combine(today, time(hour), zone) + timedelta(seconds=offset)
    local = max(wished, now.astimezone(zone))
    opens, closes = WINDOW
    if local.time() < opens:
        local = datetime.combine(local.date(), opens, zone) + timedelta(seconds=offset)
    elif local.time() >= closes:
        next_day = local.date() + timedelta(days=1)
        local = datetime.combine(next_day, opens, zone) + timedelta(seconds=offset)
    return local.astimezone(UTC)
