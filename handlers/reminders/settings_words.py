"""What somebody wants of reminders, in words, and what comes of it."""

from datetime import datetime, time, timedelta

from markupsafe import Markup

from billing.rules.reminders.preferences import Pause, QuietHours
from billing.rules.reminders.stages import ReminderKind
from billing.views.reminders.settings import PausedService, ReminderSettings
from handlers.chat.screens.widgets import lines
from handlers.chat.screens.wording import facts, placed_title
from handlers.reminders.words import day_of, when
from locales.labels import date_or_unknown
from locales.text import Plain
from locales.translator import Translator

QUARTER = timedelta(minutes=15)


def next_reminder(t: Translator, settings: ReminderSettings) -> Markup:
    """When the next reminder comes, if any does: what every change leads to."""
    if not settings.preferences.on:
        return t("Reminders are off: we send nothing.")
    if settings.next_at is None:
        return t("No reminder is in sight.")
    local = nearest_quarter(settings.next_at).astimezone(t.zone)
    day = day_of(t, local.date(), settings.today)
    return t("Next reminder: <b>{day}</b>, about {time}", day=day, time=t.clock(local.time()))


def nearest_quarter(moment: datetime) -> datetime:
    """An instant as one says it: nobody waits for a reminder by the minute."""
    since = timedelta(
        minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment - since + round(since / QUARTER) * QUARTER


def stage_name(t: Translator, stage: int) -> Plain:
    """How long before (negative: after) the due date."""
    if stage > 0:
        return t.text(t.n("{n} day before", "{n} days before", stage))
    if stage < 0:
        return t.text(t.n("{n} day after", "{n} days after", -stage))
    return t.plain("on the day")


def hour_name(t: Translator, hour: int) -> Plain:
    """A whole hour on the clock."""
    return t.clock(time(hour))


def quiet_name(t: Translator, quiet: QuietHours) -> Plain:
    """From when until when, if at all."""
    if quiet.starts == quiet.ends:
        return t.plain("none")
    return Plain(f"{hour_name(t, quiet.starts)}–{hour_name(t, quiet.ends)}")


def kind_name(t: Translator, kind: ReminderKind) -> Plain:
    """What reminders speak of."""
    match kind:
        case ReminderKind.SERVICE:
            return t.plain("Services")
        case ReminderKind.ADDON:
            return t.plain("Add-ons")
        case ReminderKind.PROFORMA:
            return t.plain("Unpaid proformas")
        case ReminderKind.OFFER:
            return t.plain("Offers")


def kinds_of(settings: ReminderSettings) -> tuple[ReminderKind, ...]:
    """What may be chosen: offers only where the company makes them."""
    return tuple(
        kind for kind in ReminderKind if kind is not ReminderKind.OFFER or settings.offers
    )


def toggle_label(label: Plain, *, on: bool) -> Plain:
    """A button that says how things are and changes them."""
    return Plain(f"🔔 {label}" if on else f"🔕 {label}")


def service_entry(
    t: Translator, settings: ReminderSettings, one: PausedService, number: int
) -> Markup:
    """One service of a numbered list: when it is due, and how long it is quiet."""
    title = Markup("{}. {}").format(number, placed_title(t, one))
    pause = facts(silence(t, settings, one.pause)) if one.pause is not None else None
    return lines(title, due_line(t, settings, one), pause)


def due_line(t: Translator, settings: ReminderSettings, one: PausedService) -> Markup | None:
    """When it is due."""
    due = one.service.next_due_date
    if one.service.has_unknown_due_date:
        return facts(date_or_unknown(t, None))
    if due is None:
        return None
    return facts(when(t, due, (due - settings.today).days, settings.soon_days))


def silence(t: Translator, settings: ReminderSettings, pause: Pause) -> Markup:
    """How long nothing is said, and whether it was asked for then."""
    if pause.until is None:
        return t("🔕 no reminders")
    day = day_of(t, pause.until, settings.today)
    if pause.remind:
        return t("🔔 again on {date}", date=day)
    return t("🔕 quiet until {date}", date=day)
