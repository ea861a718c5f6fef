"""What reminders of a day will say: planned and drawn as they would be, and written nowhere.

For a day to come things are taken as they stand: nothing is paid until then, and what is due on
the days before goes out on its day. Of today's reminders those that were planned are shown as
they are, whatever the policy says by now.

It calls what the planner and the sender call (`DueItems`, `plan_digests`, `draw_digest`) and not
the planner itself, rolled back: that would keep everybody else from writing meanwhile, and catch
up what by that day has gone out.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from billing.actions.environment import Environment
from billing.actions.find_client import find_client
from billing.actions.reminders.due_items import BATCH, DueItems
from billing.actions.reminders.preview_client import ClientDay, read_previews
from billing.rules.reminders.hours import first_moment
from billing.rules.reminders.stages import ReminderItem
from billing.rules.shop.catalog import Catalog
from billing.views.reminders.preview import ClientPreview

TOGETHER = 50
"""Clients that are drawn in one transaction."""


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that shows the instant it was given."""

    instant: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.instant


@dataclass(frozen=True, slots=True)
class PreviewReminders:
    """Look at the reminders of a day; only reads."""

    env: Environment

    async def __call__(
        self, day: date, *, client_ref: str | None = None, catalog: Catalog | None = None
    ) -> AsyncIterator[ClientPreview]:
        """Client by client; `catalog` in place of the one that is loaded.

        ValueError for a day that is over, NotFoundError if there is no such client.
        """
        if day < self.env.today():
            raise ValueError("that day is over")
        client_id = await self._client_id(client_ref)
        async with self.env.work.reading() as uow:
            catalog = catalog or await uow.catalogs.current()
        days = await self._read_day(day, catalog, client_id)
        clients = sorted(days)
        for first in range(0, len(clients), TOGETHER):
            batch = {number: days[number] for number in clients[first : first + TOGETHER]}
            for preview in await self._draw(batch, catalog, day):
                yield preview

    async def _client_id(self, ref: str | None) -> int | None:
        if ref is None:
            return None
        async with self.env.work.reading() as uow:
            return (await find_client(uow, ref)).id

    def _env_of(self, day: date) -> Environment:
        """The present, or the first moment of a day to come."""
        if day == self.env.today():
            return self.env
        return replace(self.env, clock=FixedClock(first_moment(day, self.env.terms.timezone)))

    async def _read_day(
        self, day: date, catalog: Catalog, client_id: int | None
    ) -> Mapping[int, ClientDay]:
        """By client. It grows with what is due on the day."""
        days: dict[int, ClientDay] = defaultdict(ClientDay)
        is_today = day == self.env.today()
        if is_today:
            await self._read_digests(day, client_id, days)
        async for page in DueItems(self._env_of(day), catalog, day, client_id).pages():
            items = [item for item, reason in page.items() if reason is None]
            if is_today:
                await self._add_items(items, day, days)
                continue
            for item in items:
                if item.day == day:
                    days[item.client_id].items.append(item)
        return days

    async def _read_digests(
        self, day: date, client_id: int | None, days: Mapping[int, ClientDay]
    ) -> None:
        """The digests that are planned already."""
        last = 0
        while True:
            async with self.env.work.reading() as uow:
                page = await uow.reminder_reports.of_day(
                    day, client_id=client_id, after=last, limit=BATCH
                )
            if not page:
                return
            for due, sending in page:
                days[due.client_id].digests.append((due, sending))
            last = page[-1][0].id

    async def _add_items(
        self, items: Collection[ReminderItem], day: date, days: Mapping[int, ClientDay]
    ) -> None:
        """Add what is not planned yet; and what was, for nobody.

        What turns up after a client's message of the day was planned waits for the next day; what
        is left of earlier days joins it.
        """
        async with self.env.work.reading() as uow:
            existing = await uow.reminders.find_existing(items)
            left_out = await uow.reminder_reports.left_out(items)
        with_digest = {
            client_id
            for client_id, client_day in days.items()
            if any(due.day == day for due, _ in client_day.digests)
        }
        for item in items:
            reason = left_out.get(item)
            if reason is not None and item.day == day:
                days[item.client_id].items.append(item)
                days[item.client_id].left_out[item] = reason
            elif item not in existing and item.client_id not in with_digest:
                days[item.client_id].items.append(item)

    async def _draw(
        self, days: Mapping[int, ClientDay], catalog: Catalog, day: date
    ) -> list[ClientPreview]:
        """Drawn at one moment, and shown when the database is free again."""
        async with self.env.work.reading() as uow:
            previews = await read_previews(self._env_of(day), uow, catalog, day, days)
            return [await previews.draw(client_id) for client_id in days]
