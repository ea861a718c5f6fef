"""What a user wants of reminders: looked at and changed; each change says what comes of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from billing.rules.reminders.preferences import QuietHours, ReminderPreferences
from billing.views.reminders.settings import ReminderSettings
from handlers.buttons import (
    ChooseQuietHour,
    ChooseReminderHour,
    DropQuietHours,
    OpenKinds,
    OpenQuietHours,
    OpenRemindedServices,
    OpenReminderHours,
    OpenReminders,
    OpenServiceReminders,
    OpenStages,
    SwitchKind,
    SwitchReminders,
    SwitchServiceReminders,
    SwitchStage,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import stale
from handlers.reminders import hours_screens, settings_screens
from handlers.reminders.settings_words import next_reminder
from locales.text import Plain

T = TypeVar("T")
LAST_HOUR = 23


async def open_reminders(ctx: Context, tapped: OpenReminders) -> None:
    """All of it."""
    await ctx.show(settings_screens.reminders(ctx.t, await _read(ctx), tapped.origin))


async def switch(ctx: Context, tapped: SwitchReminders) -> None:
    """On or off, for this user and this account."""
    settings = await _change(ctx, lambda preferences: replace(preferences, on=tapped.on))
    await ctx.show(
        settings_screens.reminders(ctx.t, settings, tapped.origin), _note(ctx, settings)
    )


async def open_stages(ctx: Context, tapped: OpenStages) -> None:
    """The days."""
    await ctx.show(settings_screens.stages(ctx.t, await _read(ctx), tapped.origin))


async def switch_stage(ctx: Context, tapped: SwitchStage) -> None:
    """A day on or off."""
    stage = -tapped.days if tapped.late else tapped.days

    def change(preferences: ReminderPreferences) -> ReminderPreferences:
        off = _switch_one(preferences.stages_off, stage, on=tapped.on)
        return replace(preferences, stages_off=tuple(sorted(off, reverse=True)))

    settings = await _change(ctx, change)
    await ctx.show(settings_screens.stages(ctx.t, settings, tapped.origin), _note(ctx, settings))


async def open_kinds(ctx: Context, tapped: OpenKinds) -> None:
    """What reminders speak of."""
    await ctx.show(settings_screens.kinds(ctx.t, await _read(ctx), tapped.origin))


async def switch_kind(ctx: Context, tapped: SwitchKind) -> None:
    """One of them on or off."""

    def change(preferences: ReminderPreferences) -> ReminderPreferences:
        off = _switch_one(preferences.kinds_off, tapped.kind, on=tapped.on)
        return replace(preferences, kinds_off=tuple(sorted(off)))

    settings = await _change(ctx, change)
    await ctx.show(settings_screens.kinds(ctx.t, settings, tapped.origin), _note(ctx, settings))


async def open_hours(ctx: Context, tapped: OpenReminderHours) -> None:
    """The hours to choose from."""
    await ctx.show(hours_screens.hours(ctx.t, await _read(ctx), tapped.origin))


async def choose_hour(ctx: Context, tapped: ChooseReminderHour) -> None:
    """An hour, or the company's."""
    if tapped.hour is not None and tapped.hour > LAST_HOUR:
        raise StaleButton("no such hour", back=OpenReminderHours(tapped.origin))
    settings = await _change(ctx, lambda preferences: replace(preferences, hour=tapped.hour))
    await ctx.show(
        settings_screens.reminders(ctx.t, settings, tapped.origin), _note(ctx, settings)
    )


async def open_quiet(ctx: Context, tapped: OpenQuietHours) -> None:
    """When they begin or end."""
    settings = await _read(ctx)
    screen = hours_screens.quiet_hours(ctx.t, settings, tapped.origin, ends=tapped.ends)
    await ctx.show(screen)


async def choose_quiet(ctx: Context, tapped: ChooseQuietHour) -> None:
    """After their beginning their end is asked for."""
    if tapped.hour > LAST_HOUR:
        raise StaleButton("no such hour", back=OpenQuietHours(tapped.ends, tapped.origin))

    def change(preferences: ReminderPreferences) -> ReminderPreferences:
        quiet = preferences.quiet
        starts, ends = (quiet.starts, tapped.hour) if tapped.ends else (tapped.hour, quiet.ends)
        return replace(preferences, quiet=QuietHours(starts, ends))

    settings, t, origin = await _change(ctx, change), ctx.t, tapped.origin
    if tapped.ends:
        screen = settings_screens.reminders(t, settings, origin)
    else:
        screen = hours_screens.quiet_hours(t, settings, origin, ends=True)
    await ctx.show(screen, _note(ctx, settings))


async def drop_quiet(ctx: Context, tapped: DropQuietHours) -> None:
    """None at all; the hour of their end stays, to begin with when they are wanted again."""

    def change(preferences: ReminderPreferences) -> ReminderPreferences:
        ends = preferences.quiet.ends
        return replace(preferences, quiet=QuietHours(ends, ends))

    settings = await _change(ctx, change)
    await ctx.show(
        settings_screens.reminders(ctx.t, settings, tapped.origin), _note(ctx, settings)
    )


async def open_services(ctx: Context, tapped: OpenRemindedServices) -> None:
    """Service by service."""
    settings = await _read(ctx)
    await ctx.show(settings_screens.services(ctx.t, settings, tapped.origin, tapped.page))


async def open_service(ctx: Context, tapped: OpenServiceReminders) -> None:
    """One service alone."""
    await _show_service(ctx, await _read(ctx), tapped)


async def switch_service(ctx: Context, tapped: SwitchServiceReminders) -> None:
    """Never of a service, or as before, whatever had kept it quiet."""
    settings = await ctx.actions.switch_service_reminders(
        ctx.visitor, ctx.client, tapped.service, on=tapped.on
    )
    note = _note(ctx, settings)
    if tapped.page is None:
        await _show_service(ctx, settings, tapped, note)
    else:
        screen = settings_screens.services(ctx.t, settings, tapped.origin, tapped.page)
        await ctx.show(screen, note)


async def _show_service(
    ctx: Context,
    settings: ReminderSettings,
    tapped: OpenServiceReminders | SwitchServiceReminders,
    note: Plain | None = None,
) -> None:
    """The service a button names; of one that is not due any more nobody is reminded."""
    for one in settings.services:
        if one.service.id == tapped.service:
            screen = settings_screens.service(ctx.t, settings, one, tapped.origin)
            await ctx.show(screen, note)
            return
    await ctx.show(settings_screens.reminders(ctx.t, settings, tapped.origin), stale(ctx.t))


def _note(ctx: Context, settings: ReminderSettings) -> Plain:
    return Plain.of(next_reminder(ctx.t, settings))


def _switch_one(off: tuple[T, ...], what: T, *, on: bool) -> set[T]:
    """What is switched off, after one more was switched."""
    return set(off) - {what} if on else {*off, what}


async def _read(ctx: Context) -> ReminderSettings:
    return await ctx.actions.show_reminder_settings(ctx.visitor, ctx.client)


async def _change(
    ctx: Context, change: Callable[[ReminderPreferences], ReminderPreferences]
) -> ReminderSettings:
    return await ctx.actions.change_reminder_settings(ctx.visitor, ctx.client, change)
