"""When the next reminder will go out: asked by the sandbox's time machine."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.actions.environment import Environment
from billing.actions.plan import BATCH, send_at, widest_horizon
from billing.rules.catalog import Catalog
from billing.rules.services import Service


@dataclass(frozen=True, slots=True)
class NextReminder:
    """When the next reminder will go out: planned already, or found by looking ahead."""

    env: Environment

    async def __call__(self) -> datetime | None:
        """The instant, or None when nothing is due in the coming weeks."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            if planned := await uow.reminders.next_at():
                return planned
            catalog = await uow.catalogs.current()
            before, _ = widest_horizon(catalog)
            found = await uow.reminders.candidates(
                earliest=today - timedelta(days=before),
                latest=today + timedelta(days=2 * before),
                after=None,
                limit=BATCH,
            )
            first: tuple[date, Service] | None = None
            for service in found:
                day = next_stage_day(service, catalog, today)
                if day and (first is None or day < first[0]):
                    first = (day, service)
            if first is None:
                return None
            recipients = await uow.reminders.recipients([first[1].client_id])
        hour = catalog.policy.reminders.hour
        moments = [send_at(r, self.env.now(), today=first[0], hour=hour) for r in recipients]
        return min(moments, default=None)


def next_stage_day(service: Service, catalog: Catalog, today: date) -> date | None:
    """The first day after today on which a stage of the service falls."""
    if service.next_due_date is None:
        return None
    policy = catalog.reminder_policy(service.product_id)
    window = catalog.policy.opens_days_before.get(service.cycle, 0)
    stages = policy.stages_for(service.cycle, opens_days_before=window)
    days = (service.next_due_date - timedelta(days=stage) for stage in stages)
    return min((day for day in days if day > today), default=None)
