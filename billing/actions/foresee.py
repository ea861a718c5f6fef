"""When the next reminder will go out: asked by the sandbox's time machine."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.actions.environment import Environment
from billing.actions.plan import BATCH, plan_items
from billing.actions.remind import read_digest
from billing.ports.work import UnitOfWork
from billing.rules.catalog import Catalog
from billing.rules.hours import first_moment, next_open, send_at
from billing.rules.services import Service

WAITING = 50
"""Of the digests that wait, so many are looked at: with the first of them that is not void the
question is answered."""


@dataclass(frozen=True, slots=True)
class NextReminder:
    """When the next reminder will go out: planned already, or found by looking ahead."""

    env: Environment

    async def __call__(self) -> datetime | None:
        """The instant, or None when nothing is due in the coming weeks."""
        async with self.env.work.reading() as uow:
            moments = [await self._planned(uow), await self._foreseen(uow)]
        return min((moment for moment in moments if moment is not None), default=None)

    async def _planned(self, uow: UnitOfWork) -> datetime | None:
        """When the first waiting digest goes out that still has something to say."""
        for due, due_at in await uow.reminders.waiting(limit=WAITING):
            digest = await read_digest(self.env, uow, due)
            if digest is not None:
                zone = self.env.zone(digest.timezone)
                return next_open(due.client_id, zone, max(due_at, self.env.now()))
        return None

    async def _foreseen(self, uow: UnitOfWork) -> datetime | None:
        """When the first one goes out of those that are still to be planned."""
        catalog = await uow.catalogs.current()
        first_day = self.env.today()
        if await uow.reminders.is_planned(first_day):
            first_day += timedelta(days=1)
        clients: dict[date, set[int]] = defaultdict(set)
        clients[first_day].update(await uow.reminders.clients_waiting(first_day, limit=BATCH))
        async for service, day in self._stages(uow, catalog, first_day):
            clients[day].add(service.client_id)
        moments: list[datetime] = []
        for day in sorted(clients):
            found = await self._moments(uow, catalog, day, clients[day])
            if moments:
                # A day's last messages, far in the west, may be later than the next day's first.
                return min(moments + found)
            moments = found
        return min(moments, default=None)

    async def _stages(
        self, uow: UnitOfWork, catalog: Catalog, first_day: date
    ) -> AsyncIterator[tuple[Service, date]]:
        """Services with the day, from the first on, for which their next item will be planned."""
        before, after = catalog.reminder_horizon
        last: Service | None = None
        while True:
            found = await uow.reminders.candidates(
                earliest=first_day + timedelta(days=after),
                latest=first_day + timedelta(days=2 * max(before, 30)),
                after=last,
                limit=BATCH,
            )
            if not found:
                return
            last = found[-1]
            silent = await uow.reminders.opens_on([service.id for service in found])
            known = await uow.reminders.known_stages(found)
            for service in found:
                day = planned_on(service, catalog, first_day, known)
                if day is not None and service.id not in silent:
                    yield service, day

    async def _moments(
        self, uow: UnitOfWork, catalog: Catalog, day: date, client_ids: Iterable[int]
    ) -> list[datetime]:
        hour = catalog.policy.reminders.hour
        planned_at = max(self.env.now(), first_moment(day, self.env.terms.timezone))
        return [
            send_at(who.client_id, self.env.zone(who.timezone), planned_at, today=day, hour=hour)
            for who in await uow.reminders.recipients(tuple(client_ids))
        ]


def planned_on(
    service: Service, catalog: Catalog, first_day: date, known: Iterable[tuple[int, date, str]]
) -> date | None:
    """The first day, from that one on, on which an item that is not known will be planned."""
    if service.next_due_date is None:
        return None
    for item in plan_items(service, catalog, first_day):
        if not item.skipped and (service.id, item.due_date, item.stage) not in known:
            return first_day
    policy = catalog.reminder_policy(service.product_id)
    window = catalog.policy.opens_days_before.get(service.cycle, 0)
    stages = policy.stages_for(service.cycle, opens_days_before=window)
    days = (service.next_due_date - timedelta(days=stage) for stage in stages)
    return min((day for day in days if day > first_day), default=None)
