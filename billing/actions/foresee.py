"""When the next reminder will go out: for everybody (the sandbox asks), or for one user."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.actions.drafts import Pauses, read_readers
from billing.actions.due_items import BATCH, plan_items, plan_proforma, stages_of
from billing.actions.environment import Environment
from billing.actions.leaving import read_leaving
from billing.actions.plan import sending_times
from billing.actions.read_digests import read_digests
from billing.ports.reminders import OpenProforma, PlannedItem, Recipient, Window
from billing.ports.work import UnitOfWork
from billing.rules.catalog import Catalog
from billing.rules.hours import first_moment, next_open
from billing.rules.preferences import Pause, objection
from billing.rules.reminders import ReminderKind, snooze_stage, stage_day
from billing.rules.services import Service

WAITING = 50
"""Of the digests that wait, so many are looked at: with the first of them that is not void the
question is answered."""

AHEAD_DAYS = 60
"""So far is looked ahead beyond the longest stage."""

Stage = tuple[Pause | None, ReminderKind, PlannedItem, date]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What will be due of some clients from a first day on; `late` is still sent on that day."""

    env: Environment
    catalog: Catalog
    first_day: date
    services: Sequence[Service]
    proformas: Sequence[OpenProforma] = ()
    late: Sequence[PlannedItem] = ()

    def next_for(self, who: Recipient, pauses: Pauses) -> datetime | None:
        """When this user is written to next, as far as can be foreseen."""
        day = min(self._days(who, pauses), default=None)
        if day is None:
            return None
        begins = max(self.env.now(), first_moment(day, self.env.terms.timezone))
        return sending_times(self.env, self.catalog, day, now=begins)(who)

    def has_on(self, day: date, who: Recipient, pauses: Pauses) -> bool:
        """Whether there is something on that day that this user wants to hear."""
        return day in self._days(who, pauses)

    def _days(self, who: Recipient, pauses: Pauses) -> Iterator[date]:
        for pause, kind, item, day in self._stages(who, pauses):
            if day < self.first_day:
                continue
            refused = objection(
                who.preferences, pause, kind=kind, due_date=item.due_date, stage=item.stage,
                today=day,
            )  # fmt: skip
            if refused is None:
                yield day

    def _stages(self, who: Recipient, pauses: Pauses) -> Iterator[Stage]:
        """Every stage of what is his client's, with his pause and the day on which it comes."""
        addons = {service.id for service in self.services if service.is_addon}
        for item in (*self.late, *self._of_services(), *self._of_proformas()):
            if item.client_id != who.client_id:
                continue
            is_late = item in self.late
            day = self.first_day if is_late else stage_day(item.due_date, item.stage)
            pause = pauses.get((who.user_id, item.service_id or 0))
            yield pause, _kind(item, addons), item, day
        for service in self.services:
            pause = pauses.get((who.user_id, service.id))
            if service.client_id == who.client_id and pause and pause.remind and pause.until:
                item = _planned(service, snooze_stage(pause.until))
                yield pause, _kind(item, addons), item, pause.until

    def _of_services(self) -> Iterator[PlannedItem]:
        for service in self.services:
            if service.next_due_date is not None:
                for stage in stages_of(service, self.catalog):
                    yield _planned(service, str(stage))

    def _of_proformas(self) -> Iterator[PlannedItem]:
        for proforma in self.proformas:
            for stage in self.catalog.policy.reminders.proforma_stages:
                yield PlannedItem(
                    proforma.client_id, proforma.expires_on, str(stage), invoice_id=proforma.id
                )


def _planned(service: Service, stage: str) -> PlannedItem:
    due = service.next_due_date
    assert due is not None  # noqa: S101 - only what is owed on a day has stages
    return PlannedItem(service.client_id, due, stage, service.id)


def _kind(item: PlannedItem, addons: Collection[int]) -> ReminderKind:
    if item.service_id is None:
        return ReminderKind.PROFORMA
    return ReminderKind.ADDON if item.service_id in addons else ReminderKind.SERVICE


@dataclass(frozen=True, slots=True)
class NextReminder:
    """When the next reminder of all will go out: planned already, or found by looking ahead."""

    env: Environment

    async def __call__(self) -> datetime | None:
        """The instant, or None when nothing is due in the coming weeks."""
        async with self.env.work.reading() as uow:
            moments = [await self._planned(uow), await self._foreseen(uow)]
        return min((moment for moment in moments if moment is not None), default=None)

    async def _planned(self, uow: UnitOfWork) -> datetime | None:
        """When the first waiting digest goes out that still has something to say."""
        waiting = await uow.digests.waiting(limit=WAITING)
        drawn = await read_digests(self.env, uow, [due for due, _ in waiting])
        for due, due_at in waiting:
            found = drawn.get(due.id)
            if found is not None and found.digest is not None:
                zone = self.env.zone(found.digest.timezone)
                return next_open(due.client_id, zone, max(due_at, self.env.now()), found.quiet)
        return None

    async def _foreseen(self, uow: UnitOfWork) -> datetime | None:
        """When the first one goes out of those that are still to be planned."""
        catalog = await uow.catalogs.current()
        first_day = self.env.today()
        if await uow.reminders.is_planned(first_day):
            first_day += timedelta(days=1)
        before, after = catalog.reminder_horizon
        window = Window(
            first_day + timedelta(days=after),
            first_day + timedelta(days=before + AHEAD_DAYS),
        )
        moments: list[datetime] = []
        last: Service | None = None
        while found := await uow.reminders.candidates(window, after=last, limit=BATCH):
            last = found[-1]
            moments += await self._moments(uow, catalog, first_day, found)
        moments += await self._of_proformas(uow, catalog, first_day)
        return min(moments, default=None)

    async def _of_proformas(
        self, uow: UnitOfWork, catalog: Catalog, first_day: date
    ) -> list[datetime]:
        window = Window(first_day, first_day + timedelta(days=AHEAD_DAYS))
        found = await uow.reminders.expiring(window, after=None, limit=BATCH)
        return await self._moments(uow, catalog, first_day, (), found)

    async def _moments(
        self,
        uow: UnitOfWork,
        catalog: Catalog,
        first_day: date,
        services: Sequence[Service],
        proformas: Sequence[OpenProforma] = (),
    ) -> list[datetime]:
        ids = [service.id for service in services]
        silent = await read_leaving(uow, ids, catalog, today=first_day)
        loud = [service for service in services if service.id not in silent]
        late = [
            *(item for service in loud for item in plan_items(service, catalog, first_day)),
            *(i for one in proformas for i in plan_proforma(self.env, one, catalog, first_day)),
        ]
        known = await uow.reminders.known(late)
        late = [item for item in late if not item.skipped and item.key not in known]
        ahead = Foreseen(self.env, catalog, first_day, loud, proformas, late)
        clients = sorted({s.client_id for s in loud} | {p.client_id for p in proformas})
        readers = await read_readers(uow, clients)
        people = (who for client in clients for who in readers.recipients.get(client, ()))
        found = (ahead.next_for(who, readers.pauses) for who in people if not who.unreachable)
        return [moment for moment in found if moment is not None]
