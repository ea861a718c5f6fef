"""What reminders of a day will say: planned and drawn as they would be, and written nowhere.

For a day to come things are taken as they stand: nothing is paid until then, and what is due on
the days before goes out on its day. Of today's reminders those that were planned are shown as
they are, whatever the policy says by now.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from billing.actions.environment import Environment
from billing.actions.reminders.due_items import BATCH, DueItems
from billing.actions.reminders.preview_client import open_preview
from billing.ports.digests import DueDigest
from billing.rules.catalog import Catalog
from billing.rules.errors import NotFoundError
from billing.rules.hours import first_moment
from billing.rules.reminders import ReminderItem, ReminderReason
from billing.views.reminder_preview import ClientPreview
from billing.views.reminder_reports import Sending

TOGETHER = 50
"""Clients that are drawn in one transaction."""


@dataclass(frozen=True, slots=True)
class Standstill:
    """A clock that shows the instant it was given."""

    instant: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.instant


@dataclass(slots=True)
class _Found:
    """What a day has for one client."""

    items: list[ReminderItem] = field(default_factory=list)
    refused: dict[ReminderItem, ReminderReason] = field(default_factory=dict)
    digests: list[tuple[DueDigest, Sending]] = field(default_factory=list)


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
        found = await self._find(day, catalog, client_id)
        clients = sorted(found)
        for first in range(0, len(clients), TOGETHER):
            batch = {number: found[number] for number in clients[first : first + TOGETHER]}
            for drawn in await self._draw(batch, catalog, day):
                yield drawn

    async def _client_id(self, ref: str | None) -> int | None:
        if ref is None:
            return None
        async with self.env.work.reading() as uow:
            client = await uow.clients.by_ref(ref)
        if client is None:
            raise NotFoundError("no_such_client", ref=ref)
        return client.id

    def _env_of(self, day: date) -> Environment:
        """The present, or the first moment of a day to come."""
        if day == self.env.today():
            return self.env
        return replace(self.env, clock=Standstill(first_moment(day, self.env.terms.timezone)))

    async def _find(
        self, day: date, catalog: Catalog, client_id: int | None
    ) -> Mapping[int, _Found]:
        """By client. It grows with what is due on the day."""
        found: dict[int, _Found] = defaultdict(_Found)
        is_today = day == self.env.today()
        if is_today:
            await self._find_planned(day, client_id, found)
        async for page in DueItems(self._env_of(day), catalog, day, client_id).pages():
            items = [item for item, reason in page.items() if reason is None]
            if is_today:
                await self._find_new(items, day, found)
            else:
                for item in items:
                    if item.day == day:
                        found[item.client_id].items.append(item)
        return found

    async def _find_planned(
        self, day: date, client_id: int | None, found: Mapping[int, _Found]
    ) -> None:
        last = 0
        while True:
            async with self.env.work.reading() as uow:
                page = await uow.reminder_reports.of_day(
                    day, client_id=client_id, after=last, limit=BATCH
                )
            if not page:
                return
            for due, sending in page:
                found[due.client_id].digests.append((due, sending))
            last = page[-1][0].id

    async def _find_new(
        self, items: Sequence[ReminderItem], day: date, found: Mapping[int, _Found]
    ) -> None:
        """What is not planned yet; and what was, for nobody.

        What turns up after a client's message of the day was planned waits for the next day; what
        is left of earlier days joins it.
        """
        async with self.env.work.reading() as uow:
            known = await uow.reminders.known(items)
            refused = await uow.reminder_reports.left_out(items)
        planned = {
            client_id
            for client_id, of in found.items()
            if any(due.day == day for due, _ in of.digests)
        }
        for item in items:
            why = refused.get(item)
            if why is not None and item.day == day:
                found[item.client_id].items.append(item)
                found[item.client_id].refused[item] = why
            elif item not in known and item.client_id not in planned:
                found[item.client_id].items.append(item)

    async def _draw(
        self, found: Mapping[int, _Found], catalog: Catalog, day: date
    ) -> list[ClientPreview]:
        """Drawn at one moment, and shown when the database is free again."""
        async with self.env.work.reading() as uow:
            digests = {client_id: of.digests for client_id, of in found.items()}
            drawing = await open_preview(self._env_of(day), uow, catalog, day, digests)
            return [
                await drawing.draw(client_id, of.items, of.refused, of.digests)
                for client_id, of in found.items()
            ]
