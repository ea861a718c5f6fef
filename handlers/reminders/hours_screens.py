"""The hour of reminders, and the hours in which none comes."""

from collections.abc import Iterable
from datetime import time

from billing.rules.reminders.preferences import QuietHours
from billing.views.reminders.settings import ReminderSettings
from handlers.buttons import (
    ChooseQuietHour,
    ChooseReminderHour,
    DropQuietHours,
    OpenQuietHours,
    OpenReminders,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, rows_of
from handlers.reminders.settings_words import hour_name, next_reminder, quiet_name
from handlers.reminders.words import NOT_OFFERED
from locales.text import Plain
from locales.translator import Translator

HOURS = range(24)
IN_ROW = 4


def hours(t: Translator, settings: ReminderSettings, origin: Origin) -> Screen:
    """The hours at which reminders may come."""
    quiet, current = settings.preferences.quiet, settings.preferences.hour
    offered = (hour for hour in HOURS if not quiet.cover(time(hour)))
    automatic = t.plain("Automatic")
    return Screen(
        lines(
            t("🕙 <b>At about which hour shall we remind you?</b>"),
            "",
            next_reminder(t, settings),
            "",
            t("In quiet hours ({hours}) we send nothing.", hours=quiet_name(t, quiet)),
        ),
        (
            *rows_of((_hour(t, hour, current, origin) for hour in offered), IN_ROW),
            (Button(_with_mark(automatic, current is None), ChooseReminderHour(origin=origin)),),
            (back(t, OpenReminders(origin)),),
        ),
    )


def _hour(t: Translator, hour: int, current: int | None, origin: Origin) -> Button:
    label = _with_mark(hour_name(t, hour), hour == current)
    return Button(label, ChooseReminderHour(hour, origin))


def quiet_hours(
    t: Translator, settings: ReminderSettings, origin: Origin, *, ends: bool = False
) -> Screen:
    """When the quiet hours begin, then when they end."""
    quiet = settings.preferences.quiet
    question = t("Choose when they end:") if ends else t("Choose when they begin:")
    return Screen(
        lines(
            t("🌙 <b>Quiet hours: {hours}</b>", hours=quiet_name(t, quiet)),
            "",
            t("We send nothing in them; a reminder that is due then comes when they end."),
            next_reminder(t, settings),
            "",
            question,
        ),
        (
            *rows_of(_quiet_hours(t, quiet, origin, ends=ends), IN_ROW),
            *_other_rows(t, quiet, origin, ends=ends),
            (back(t, OpenReminders(origin)),),
        ),
    )


def _quiet_hours(
    t: Translator, quiet: QuietHours, origin: Origin, *, ends: bool
) -> Iterable[Button]:
    """Every hour; one that begins and ends them at once would be the end of them."""
    current, other = (quiet.ends, quiet.starts) if ends else (quiet.starts, quiet.ends)
    for hour in HOURS:
        if hour == other:
            yield Button(NOT_OFFERED, OpenQuietHours(ends, origin))
        else:
            label = _with_mark(hour_name(t, hour), hour == current)
            yield Button(label, ChooseQuietHour(hour, ends, origin))


def _other_rows(
    t: Translator, quiet: QuietHours, origin: Origin, *, ends: bool
) -> tuple[Row, ...]:
    if quiet.starts == quiet.ends:
        return ()
    other = t.plain("Change the beginning") if ends else t.plain("Change the end")
    return (
        (Button(other, OpenQuietHours(not ends, origin)),),
        (Button(t.plain("No quiet hours"), DropQuietHours(origin)),),
    )


def _with_mark(label: Plain, chosen: bool) -> Plain:
    return Plain(f"✓ {label}") if chosen else label
