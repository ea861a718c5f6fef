"""What reminders are to come, for clients and for single users of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.item_plans import (
    due_service,
    plan_proforma,
    service_plans,
    stages_of,
)
from billing.actions.reminders.recipients import Pauses
from billing.ports.reminders.items import OpenProforma, Recipient
from billing.ports.reminders.plans import ReminderPlan
from billing.ports.work import UnitOfWork
from billing.rules.reminders.next_sending import PlannedMessage, SendingSimulation, UpcomingItem
from billing.rules.reminders.stages import ReminderItem, ReminderKind, snooze_stage
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog

AHEAD_DAYS = 60
"""Days beyond the longest stage in which reminders are looked for."""


@dataclass(frozen=True, slots=True)
class UpcomingReminders:
    """What some clients owe, and how far reminders of it are planned.

    `stored` are the items of today that exist already.
    """

    env: Environment
    catalog: Catalog
    services: Mapping[int, Service]
    proformas: Mapping[int, OpenProforma]
    pauses: Pauses
    plan: ReminderPlan
    stored: frozenset[ReminderItem] = frozenset()

    def next_sending(self, recipient: Recipient) -> datetime | None:
        """When this user is written to next; None if nothing is in sight."""
        hour = recipient.preferences.hour
        simulation = SendingSimulation(
            client_id=recipient.client_id,
            zone=self.env.zone(recipient.timezone),
            hour=self.catalog.policy.reminders.hour if hour is None else hour,
            preferences=recipient.preferences,
            company_zone=self.env.terms.timezone,
            now=self.env.now(),
        )
        return simulation.next_sending(self._messages(recipient), self._plans(recipient))

    def _messages(self, recipient: Recipient) -> list[PlannedMessage]:
        return [
            PlannedMessage(
                digest.due_at,
                digest.send_at.astimezone(self.env.terms.timezone).date(),
                tuple(self._upcoming(digest.items, recipient)),
                digest.attempts,
            )
            for digest in self.plan.digests
            if (digest.client_id, digest.user_id) == (recipient.client_id, recipient.user_id)
        ]

    def _plans(self, recipient: Recipient) -> dict[date, list[UpcomingItem]]:
        """By the day whose plan takes them up: what comes, and what no digest holds yet."""
        today = first_day = self.env.today()
        if recipient.client_id in self.plan.clients_with_digest:
            # The client's digest of today is planned: what turns up now waits for tomorrow's.
            first_day += timedelta(days=1)
        plans: dict[date, list[UpcomingItem]] = defaultdict(list)
        new_items = () if self.plan.is_day_planned else self.items_of_today()
        waiting = (*self.plan.items, *(item for item in new_items if item not in self.stored))
        if first_items := self._upcoming(waiting, recipient):
            plans[first_day] += first_items
        for upcoming in self._upcoming(self._items_after(today), recipient):
            plans[upcoming.item.day].append(upcoming)
        return plans

    def items_of_today(self) -> tuple[ReminderItem, ...]:
        """What the plan of today takes up, also what has been missed lately."""
        today = self.env.today()
        earliest = today - timedelta(days=self.catalog.policy.reminders.catch_up_days)
        plan = service_plans(self.catalog, today)
        of_services = (plan(due_service(one)) for one in self.services.values())
        of_proformas = (
            plan_proforma(self.env, one, self.catalog, today) for one in self.proformas.values()
        )
        plans = (*of_services, *of_proformas)
        return (
            *(item for plan in plans for item, reason in plan.items() if reason is None),
            *(item for item in self._snoozed_items() if earliest <= item.day <= today),
        )

    def _items_after(self, today: date) -> list[ReminderItem]:
        proforma_stages = self.catalog.policy.reminders.proforma_stages
        of_services = (
            _item(service, str(stage))
            for service in self.services.values()
            for stage in stages_of(service.product_id, service.cycle, self.catalog)
        )
        of_proformas = (
            ReminderItem(one.client_id, one.expires_on, str(stage), invoice_id=one.id)
            for one in self.proformas.values()
            for stage in proforma_stages
        )
        items = (*of_services, *of_proformas, *self._snoozed_items())
        return [item for item in items if item.day > today]

    def _snoozed_items(self) -> list[ReminderItem]:
        """What users asked to be reminded of, on whatever day."""
        return [
            _item(service, snooze_stage(pause.until))
            for pause in self.pauses.values()
            if pause.remind and pause.until and (service := self.services.get(pause.service_id))
            if service.next_due_date == pause.due_date
        ]

    def _upcoming(self, items: Sequence[ReminderItem], recipient: Recipient) -> list[UpcomingItem]:
        """Those of this user's client whose subject has not moved on."""
        of_client = (item for item in items if item.client_id == recipient.client_id)
        upcoming = (self._upcoming_item(item, recipient) for item in of_client)
        return [one for one in upcoming if one is not None]

    def _upcoming_item(self, item: ReminderItem, recipient: Recipient) -> UpcomingItem | None:
        if item.invoice_id is not None:
            proforma = self.proformas.get(item.invoice_id)
            if proforma is None:
                return None
            days = self.catalog.policy.reminders.catch_up_days
            return UpcomingItem(item, ReminderKind.PROFORMA, days, last_day=proforma.expires_on)
        service = self.services.get(item.service_id or 0)
        if service is None or service.next_due_date != item.due_date:
            return None
        kind = ReminderKind.ADDON if service.is_addon else ReminderKind.SERVICE
        days = self.catalog.reminder_policy(service.product_id).catch_up_days
        pause = self.pauses.get((recipient.user_id, service.id))
        return UpcomingItem(item, kind, days, pause)


def _item(service: Service, stage: str) -> ReminderItem:
    due = due_service(service)
    return ReminderItem(due.client_id, due.due_date, stage, due.id)


async def read_upcoming(
    env: Environment,
    uow: UnitOfWork,
    catalog: Catalog,
    client_ids: Sequence[int],
    services: Sequence[Service],
    proformas: Sequence[OpenProforma],
    pauses: Pauses,
) -> UpcomingReminders:
    """Read how far reminders are planned: one statement, or two on a day not planned yet.

    `services` are owed on some day and not being cancelled.
    """
    plan = await uow.reminder_plans.read(client_ids, env.today())
    services_by_id = {one.id: one for one in services if one.next_due_date is not None}
    proformas_by_id = {one.id: one for one in proformas}
    upcoming = UpcomingReminders(env, catalog, services_by_id, proformas_by_id, pauses, plan)
    if plan.is_day_planned:
        return upcoming
    return replace(upcoming, stored=await uow.reminders.find_existing(upcoming.items_of_today()))
