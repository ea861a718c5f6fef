"""What a user wants of reminders: shown, changed, and what it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.recipients import Pauses
from billing.actions.reminders.upcoming import AHEAD_DAYS, read_upcoming
from billing.actions.services.leaving import is_leaving
from billing.ports.reminders.items import Recipient, Window
from billing.ports.reminders.preferences import RemindableService
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotFoundError
from billing.rules.reminders.preferences import Pause, ReminderPreferences
from billing.rules.shop.catalog import Catalog
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders.settings import PausedService, ReminderSettings

Change = Callable[[ReminderPreferences], ReminderPreferences]
"""What becomes of somebody's choices."""

MOST_OPEN = 50
"""So many of a client's unpaid proformas are looked at."""


@dataclass(frozen=True, slots=True)
class ShowReminderSettings:
    """What the settings of reminders show."""

    env: Environment

    async def __call__(self, visitor: Visitor, client: ClientInfo) -> ReminderSettings:
        """Read them with what follows from them; NotFoundError without a link."""
        async with self.env.work.reading() as uow:
            return await read_settings(self.env, uow, visitor, client)


@dataclass(frozen=True, slots=True)
class ChangeReminderSettings:
    """Change one of a user's choices and keep the others."""

    env: Environment

    async def __call__(
        self, visitor: Visitor, client: ClientInfo, change: Change
    ) -> ReminderSettings:
        """Store it and return the settings with what follows; NotFoundError without a link."""
        async with self.env.work.writing(client.id) as uow:
            settings = await read_settings(self.env, uow, visitor, client, change)
            await uow.preferences.save(visitor.user_id, client.id, settings.preferences)
            await uow.commit()
        return settings


@dataclass(frozen=True, slots=True)
class SwitchServiceReminders:
    """Reminders of one service on or off for this user, for good."""

    env: Environment

    async def __call__(
        self, visitor: Visitor, client: ClientInfo, service_id: int, *, on: bool
    ) -> ReminderSettings:
        """Keep it and return the settings; a service that is not the client's changes nothing."""
        async with self.env.work.writing(client.id) as uow:
            if on:
                await uow.preferences.end_pauses(visitor.user_id, client.id, [service_id])
            else:
                pause = Pause(visitor.user_id, service_id, due_date=None, until=None)
                await uow.preferences.pause(client.id, [pause])
            settings = await read_settings(self.env, uow, visitor, client)
            await uow.commit()
        return settings


def keep(preferences: ReminderPreferences) -> ReminderPreferences:
    """Change nothing."""
    return preferences


async def read_settings(
    env: Environment,
    uow: UnitOfWork,
    visitor: Visitor,
    client: ClientInfo,
    change: Change = keep,
) -> ReminderSettings:
    """What was chosen, what may be, and when the next reminder comes: three statements.

    With a `change`, as it is then.
    """
    inputs = await uow.preferences.read_settings_inputs(visitor.user_id, client.id)
    if inputs.preferences is None:
        raise NotFoundError
    preferences, owed, catalog = change(inputs.preferences), inputs.owed, inputs.catalog
    recipient = Recipient(
        client.id, visitor.user_id, visitor.timezone or client.timezone, preferences
    )
    policy = catalog.policy.reminders
    return ReminderSettings(
        client=client,
        preferences=preferences,
        stages=_stages(owed, catalog),
        hour=policy.hour if preferences.hour is None else preferences.hour,
        offers=policy.offers,
        next_at=await _next_at(env, uow, catalog, recipient, owed),
        services=_services(env, owed),
        today=env.today(),
        soon_days=catalog.policy.soon_days,
    )


def _services(env: Environment, owed: tuple[RemindableService, ...]) -> tuple[PausedService, ...]:
    services = {one.service.id: one.service for one in owed}
    return tuple(
        PausedService(one.service, services.get(one.service.parent_id or 0), _active(env, one))
        for one in owed
    )


def _active(env: Environment, owed: RemindableService) -> Pause | None:
    due = owed.service.next_due_date
    if owed.pause is None or due is None:
        return None
    return owed.pause if owed.pause.silences(due, today=env.today()) else None


def _stages(owed: tuple[RemindableService, ...], catalog: Catalog) -> tuple[int, ...]:
    """The stages that the operator sends for what the client has; without anything, all."""
    policies = {catalog.reminder_policy(one.service.product_id) for one in owed}
    stages = {stage for policy in policies for stage in policy.stages}
    return tuple(sorted(stages or catalog.policy.reminders.stages, reverse=True))


async def _next_at(
    env: Environment,
    uow: UnitOfWork,
    catalog: Catalog,
    recipient: Recipient,
    owed: tuple[RemindableService, ...],
) -> datetime | None:
    today = env.today()
    services = [one.service for one in owed if not is_leaving(one, catalog, today=today)]
    pauses: Pauses = {(recipient.user_id, one.service.id): one.pause for one in owed if one.pause}
    window = Window(today, today + timedelta(days=AHEAD_DAYS), recipient.client_id)
    proformas = await uow.reminders.expiring(window, after=None, limit=MOST_OPEN)
    upcoming = await read_upcoming(
        env, uow, catalog, [recipient.client_id], services, proformas, pauses
    )
    return upcoming.next_sending(recipient)
