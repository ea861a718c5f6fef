"""When the next reminder will go out: for everybody (the sandbox asks), or for one user."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.due_items import BATCH, plan_items, plan_proforma, stages_of
from billing.actions.reminders.recipients import Pauses, read_readers
from billing.actions.services.leaving import is_leaving
from billing.ports.outlook import Outlook
from billing.ports.reminders import OpenProforma, Recipient, Window
from billing.ports.work import UnitOfWork
from billing.rules.catalog import Catalog
from billing.rules.foresight import ComingItem, Foresight, WaitingMessage
from billing.rules.reminders import ReminderItem, ReminderKind, snooze_stage
from billing.rules.services import Service

AHEAD_DAYS = 60
"""So far is looked ahead beyond the longest stage."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is owed and how reminders of it stand; `known` are items that exist already."""

    env: Environment
    catalog: Catalog
    services: Mapping[int, Service]
    proformas: Mapping[int, OpenProforma]
    pauses: Pauses
    outlook: Outlook
    known: frozenset[ReminderItem] = frozenset()

    def next_for(self, who: Recipient) -> datetime | None:
        """When this user is written to next, as far as can be foreseen."""
        usual = self.catalog.policy.reminders.hour
        foresight = Foresight(
            client_id=who.client_id,
            zone=self.env.zone(who.timezone),
            hour=usual if who.preferences.hour is None else who.preferences.hour,
            wishes=who.preferences,
            company=self.env.terms.timezone,
            now=self.env.now(),
        )
        return foresight.next_sending(self._messages(who), self._plans(who))

    def _messages(self, who: Recipient) -> list[WaitingMessage]:
        return [
            WaitingMessage(
                one.due_at,
                one.send_at.astimezone(self.env.terms.timezone).date(),
                tuple(item for each in one.items if (item := self._coming(each, who))),
                one.attempts,
            )
            for one in self.outlook.messages
            if (one.client_id, one.user_id) == (who.client_id, who.user_id)
        ]

    def _plans(self, who: Recipient) -> dict[date, list[ComingItem]]:
        """By the day whose plan takes them up: what comes, and what no message holds yet."""
        today = self.env.today()
        taken_up = today
        if who.client_id in self.outlook.with_digest:
            # The client's message of today is planned: what turns up now waits for tomorrow's.
            taken_up += timedelta(days=1)
        plans: dict[date, list[ComingItem]] = defaultdict(list)
        late = () if self.outlook.is_planned else self.late_items()
        unheld = [one for one in late if one not in self.known]
        for planned in (*self.outlook.waiting, *unheld):
            if planned.client_id == who.client_id and (item := self._coming(planned, who)):
                plans[taken_up].append(item)
        for planned in self._to_come(today):
            if planned.client_id == who.client_id and (item := self._coming(planned, who)):
                plans[planned.day].append(item)
        return plans

    def late_items(self) -> tuple[ReminderItem, ...]:
        """What the plan of today takes up, also what has been missed lately."""
        today = self.env.today()
        earliest = today - timedelta(days=self.catalog.policy.reminders.catch_up_days)
        plans = (
            *(plan_items(one, self.catalog, today) for one in self.services.values()),
            *(
                plan_proforma(self.env, one, self.catalog, today)
                for one in self.proformas.values()
            ),
        )
        return (
            *(item for plan in plans for item, reason in plan.items() if reason is None),
            *(item for item in self._asked_for() if earliest <= item.day <= today),
        )

    def _to_come(self, today: date) -> list[ReminderItem]:
        """Items of the days after today."""
        stages = self.catalog.policy.reminders.proforma_stages
        every = (
            *(
                _planned(service, str(stage))
                for service in self.services.values()
                for stage in stages_of(service, self.catalog)
            ),
            *(
                ReminderItem(one.client_id, one.expires_on, str(stage), invoice_id=one.id)
                for one in self.proformas.values()
                for stage in stages
            ),
            *self._asked_for(),
        )
        return [item for item in every if item.day > today]

    def _asked_for(self) -> list[ReminderItem]:
        """What users asked to be reminded of, on whatever day."""
        return [
            _planned(service, snooze_stage(pause.until))
            for pause in self.pauses.values()
            if pause.remind and pause.until and (service := self.services.get(pause.service_id))
            if service.next_due_date == pause.due_date
        ]

    def _coming(self, item: ReminderItem, who: Recipient) -> ComingItem | None:
        """An item as this user would hear of it; None when its subject has moved on."""
        if item.invoice_id is not None:
            proforma = self.proformas.get(item.invoice_id)
            if proforma is None:
                return None
            days = self.catalog.policy.reminders.catch_up_days
            return ComingItem(item, ReminderKind.PROFORMA, days, last_day=proforma.expires_on)
        service = self.services.get(item.service_id or 0)
        if service is None or service.next_due_date != item.due_date:
            return None
        kind = ReminderKind.ADDON if service.is_addon else ReminderKind.SERVICE
        days = self.catalog.reminder_policy(service.product_id).catch_up_days
        pause = self.pauses.get((who.user_id, service.id))
        return ComingItem(item, kind, days, pause)


def _planned(service: Service, stage: str) -> ReminderItem:
    due = service.next_due_date
    assert due is not None  # noqa: S101 - only what is owed on a day has stages
    return ReminderItem(service.client_id, due, stage, service.id)


async def foresee(
    env: Environment,
    uow: UnitOfWork,
    catalog: Catalog,
    client_ids: Sequence[int],
    services: Sequence[Service],
    proformas: Sequence[OpenProforma],
    pauses: Pauses,
) -> Foreseen:
    """Look at what is to come of some clients: one statement, or two on a day not planned yet.

    `services` are owed on some day and not being cancelled.
    """
    outlook = await uow.outlooks.of(client_ids, env.today())
    by_service = {one.id: one for one in services if one.next_due_date is not None}
    by_proforma = {one.id: one for one in proformas}
    seen = Foreseen(env, catalog, by_service, by_proforma, pauses, outlook)
    if outlook.is_planned:
        return seen
    return replace(seen, known=await uow.reminders.known(seen.late_items()))


@dataclass(frozen=True, slots=True)
class NextReminder:
    """When the next reminder of all will go out."""

    env: Environment

    async def __call__(self) -> datetime | None:
        """The instant, or None when nothing is due in the coming weeks."""
        today, seen = self.env.today(), set[int]()
        moments: list[datetime] = []
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
            window = Window(today, today + timedelta(days=AHEAD_DAYS))
            proformas = await uow.reminders.expiring(window, after=None, limit=BATCH)
            asked = await uow.reminders.snoozed(window, after=None, limit=BATCH)
            clients = {one.client_id for one in proformas} | {one.client_id for one in asked}
            async for due in _due(uow, catalog, today):
                fresh = sorted((clients | due) - seen)
                seen |= clients | due
                moments += await self._moments(uow, catalog, fresh, proformas)
        return min(moments, default=None)

    async def _moments(
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
        open_ = [one for one in proformas if one.client_id in clients]
        readers = await read_readers(uow, clients)
        seen = await foresee(self.env, uow, catalog, clients, services, open_, readers.pauses)
        people = (who for client in clients for who in readers.recipients.get(client, ()))
        found = (seen.next_for(who) for who in people if not who.unreachable)
        return [moment for moment in found if moment is not None]


async def _due(uow: UnitOfWork, catalog: Catalog, today: date) -> AsyncIterator[set[int]]:
    """Clients who owe something in the coming weeks, page by page, and nobody at the end."""
    before, after = catalog.reminder_horizon
    window = Window(today + timedelta(days=after), today + timedelta(days=before + AHEAD_DAYS))
    last: Service | None = None
    while found := await uow.reminders.candidates(window, after=last, limit=BATCH):
        last = found[-1]
        yield {service.client_id for service in found}
    yield set()
