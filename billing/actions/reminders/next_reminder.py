"""When the next reminder of all goes out; the sandbox moves its clock there."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.due_items import BATCH
from billing.actions.reminders.recipients import read_recipients
from billing.actions.reminders.upcoming import AHEAD_DAYS, read_upcoming
from billing.actions.services.leaving import is_leaving
from billing.ports.reminders.items import DueService, OpenProforma, Window
from billing.ports.work import UnitOfWork
from billing.rules.shop.catalog import Catalog


@dataclass(frozen=True, slots=True)
class NextReminder:
    """When the next reminder of all will go out."""

    env: Environment

    async def __call__(self) -> datetime | None:
        """The instant, or None when nothing is due in the coming weeks."""
        today, read_clients = self.env.today(), set[int]()
        instants: list[datetime] = []
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
            window = Window(today, today + timedelta(days=AHEAD_DAYS))
            proformas = await uow.reminders.expiring(window, after=None, limit=BATCH)
            snoozed = await uow.reminders.snoozed(window, after=None, limit=BATCH)
            clients = {one.client_id for one in proformas} | {one.client_id for one in snoozed}
            async for owing in _owing_clients(uow, catalog, today):
                new_clients = sorted((clients | owing) - read_clients)
                read_clients |= clients | owing
                instants += await self._instants(uow, catalog, new_clients, proformas)
        return min(instants, default=None)

    async def _instants(
        self,
        uow: UnitOfWork,
        catalog: Catalog,
        clients: Sequence[int],
        proformas: Sequence[OpenProforma],
    ) -> list[datetime]:
        """When each user of these clients is written to next."""
        owed = await uow.reminder_reports.owed_by(clients, earliest=date.min, latest=date.max)
        today = self.env.today()
        services = [one.service for one in owed if not is_leaving(one, catalog, today=today)]
        of_clients = [one for one in proformas if one.client_id in clients]
        recipients = await read_recipients(uow, clients)
        upcoming = await read_upcoming(
            self.env, uow, catalog, clients, services, of_clients, recipients.pauses
        )
        users = (user for client in clients for user in recipients.of(client))
        instants = (upcoming.next_sending(user) for user in users if not user.unreachable)
        return [instant for instant in instants if instant is not None]


async def _owing_clients(
    uow: UnitOfWork, catalog: Catalog, today: date
) -> AsyncIterator[set[int]]:
    """Clients who owe something in the coming weeks, page by page, and nobody at the end."""
    before, after = catalog.reminder_horizon
    window = Window(today + timedelta(days=after), today + timedelta(days=before + AHEAD_DAYS))
    last: DueService | None = None
    while services := await uow.reminders.candidates(window, after=last, limit=BATCH):
        last = services[-1]
        yield {service.client_id for service in services}
    yield set()
