"""Planning reminders: once a day, as rows that exist before anything is sent."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.due_items import BATCH, DueItems
from billing.actions.reminders.recipients import DigestPlan, plan_digests, read_recipients
from billing.ports.reminders.items import PlannedItems, Recipient
from billing.rules.lease import LEASE
from billing.rules.reminders.hours import send_at
from billing.rules.shop.catalog import Catalog

log = logging.getLogger(__name__)

CLOCKS_DIFFER = timedelta(minutes=1)
"""By no more than that the clocks of several machines are apart."""

LONGEST_OVERDUE = timedelta(days=400)
"""As long as items are kept at all."""

LINK_LOOKBACK = timedelta(hours=1)
"""Ticks look back so far for new links: longer than it is from one tick to the next."""


@dataclass(frozen=True, slots=True)
class PlanReminders:
    """Write the items and digests of the day; any number of ticks and processes may call it.

    Everything is read without a lock and inserted where it is absent, so planners that meet do
    no harm. The day is marked as planned last of all, and nothing is sent on a day that is not:
    what an outage has left unsent first becomes part of the day's one message.
    """

    env: Environment

    async def __call__(self) -> int:
        """Plan what is missing and return the number of clients that were looked at."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            is_planned = await uow.reminders.is_planned(today)
            catalog = await uow.catalogs.current()
        if not is_planned:
            await self._withdraw_later_plans()
            async for page in DueItems(self.env, catalog, today).pages():
                await add_absent(self.env, page)
                # Quick reads of SQLite give nobody else a turn, and a page may add nothing.
                await asyncio.sleep(0)
        await self._retry_for_new_links()
        clients = await self._plan_digests(catalog, today)
        if not is_planned:
            async with self.env.work.writing() as uow:
                await uow.reminders.mark_planned(today)
                await uow.commit()
        return clients

    async def _withdraw_later_plans(self) -> None:
        """What a clock that was ahead has planned does not stand for the days until then."""
        async with self.env.work.writing() as uow:
            await uow.reminders.lock_planning()
            latest = self.env.now() + CLOCKS_DIFFER
            after = latest.astimezone(self.env.terms.timezone).date()
            withdrawn = await uow.reminders.withdraw_plans(
                after=after, planned_after=latest, due_from=after - LONGEST_OVERDUE
            )
            await uow.commit()
        if withdrawn:
            log.warning("%s plans for days to come are made anew: the clock was ahead", withdrawn)

    async def _retry_for_new_links(self) -> None:
        """Let those whom somebody was linked to just now hear what nobody could be told of."""
        since = self.env.now() - LINK_LOOKBACK
        async with self.env.work.reading() as uow:
            clients = await uow.reminders.newly_linked(since=since)
        if not clients:
            return
        async with self.env.work.writing() as uow:
            await uow.digests.wait_again(clients)
            await uow.commit()

    async def _plan_digests(self, catalog: Catalog, today: date) -> int:
        count = last = 0
        send_at_hour = sending_times(self.env, catalog, today)
        while True:
            async with self.env.work.reading() as uow:
                clients = await uow.reminders.clients_waiting(today, limit=BATCH, after=last)
                if not clients:
                    return count
                items = await uow.reminders.waiting_items(clients)
                recipients = await read_recipients(uow, clients)
            plan = plan_digests(items, recipients, today=today, send_at=send_at_hour)
            await self._save(plan, clients)
            count, last = count + len(clients), clients[-1]

    async def _save(self, plan: DigestPlan, clients: Sequence[int]) -> None:
        now, today = self.env.now(), self.env.today()
        async with self.env.work.writing() as uow:
            await uow.reminders.lock_planning()
            await uow.digests.adopt_unsent(clients, day=today, now=now, lease_until=now + LEASE)
            await uow.reminders.add_digests([*plan.digests, *plan.undelivered], day=today, at=now)
            for reason, item_ids in plan.unwanted.items():
                await uow.reminders.leave_out(item_ids, reason)
            for reason, item_ids in plan.undeliverable.items():
                await uow.reminders.leave_out(item_ids, reason, undeliverable=True)
            await uow.commit()


async def add_absent(env: Environment, page: PlannedItems) -> None:
    """Write those items that are not there yet."""
    async with env.work.reading() as uow:
        existing = await uow.reminders.find_existing(page.keys())
    absent = {item: reason for item, reason in page.items() if item not in existing}
    if not absent:
        return
    async with env.work.writing() as uow:
        await uow.reminders.lock_planning()
        await uow.reminders.add_items(absent, at=env.now())
        await uow.commit()


def sending_times(
    env: Environment, catalog: Catalog, day: date
) -> Callable[[Recipient], datetime]:
    """When each recipient gets their digest of a day: at their hour and zone, or the company's."""
    usual_hour = catalog.policy.reminders.hour

    def sending_time(recipient: Recipient) -> datetime:
        preferences = recipient.preferences
        hour = usual_hour if preferences.hour is None else preferences.hour
        zone, quiet = env.zone(recipient.timezone), preferences.quiet
        return send_at(recipient.client_id, zone, env.now(), today=day, hour=hour, quiet=quiet)

    return sending_time
