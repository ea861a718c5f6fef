"""Not now: when to be reminded again, and of what not."""

from datetime import date, timedelta

from markupsafe import Markup

from billing.rules.reminders.preferences import SNOOZE_DAYS, can_snooze
from billing.views.reminders.digests import Digest, DigestItem
from handlers.buttons import (
    MuteFromDigest,
    OpenDays,
    OpenDigest,
    OpenNotNow,
    OpenQuieting,
    SnoozeDigest,
    UnmuteFromDigest,
)
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, rows_of
from handlers.chat.screens.wording import button_name, placed_title
from handlers.reminders.rows import MOST
from handlers.reminders.words import NOT_OFFERED, day_of, pause_line, when
from locales.text import Plain
from locales.translator import Translator


def choices(t: Translator, what: Digest) -> Screen:
    """When to be reminded of all of it again, or less of one service."""
    first_items = what.to_snooze[:MOST]
    return Screen(
        lines(
            t("🔕 <b>Not now</b>"),
            "",
            t("When shall we remind you again? Until then we keep quiet about what is due here."),
            t("We still remind you of an unpaid proforma.") if what.unpaid else None,
            "",
            t("Or tap on a service to hear less of that one alone."),
        ),
        (
            *_later_rows(t, what),
            *rows_of((_quieting(what, item) for item in first_items), 2),
            *_as_before_row(t, what),
            (back(t, OpenDigest(what.id, what.client_id)),),
        ),
    )


def _later_rows(t: Translator, what: Digest) -> tuple[Row, ...]:
    tomorrow, soon = (what.today + timedelta(days=days) for days in (1, 3))
    month = OpenDays(what.id, what.client_id, tomorrow.replace(day=1))
    return (
        (
            Button(t.plain("Tomorrow"), SnoozeDigest(what.id, what.client_id, tomorrow)),
            Button(t.plain("In 3 days"), SnoozeDigest(what.id, what.client_id, soon)),
        ),
        (Button(t.plain("📅 On another day"), month),),
    )


def _quieting(what: Digest, item: DigestItem) -> Button:
    sign = "🔔" if item.pause is None else "🔕"
    label = Plain(f"{sign} {button_name(item.service)}")
    return Button(label, OpenQuieting(what.id, what.client_id, item.service.id))


def _as_before_row(t: Translator, what: Digest) -> tuple[Row, ...]:
    """What was put off can be taken back at once; what was muted by itself is not meant."""
    if not any(item.pause and item.pause.remind for item in what.to_snooze):
        return ()
    undo = UnmuteFromDigest(what.id, what.client_id)
    return ((Button(t.plain("Remind me as before"), undo),),)


def days(t: Translator, what: Digest, month: date) -> Screen:
    """The days of a month; only those on which one can be reminded can be chosen."""
    first, last = what.today + timedelta(days=1), what.today + timedelta(days=SNOOZE_DAYS)
    month = min(max(month, first), last).replace(day=1)
    stay = OpenDays(what.id, what.client_id, month)
    weekdays = tuple(Button(name, stay) for name in t.weekdays())
    weeks = (
        tuple(_day(what, day, stay) for day in week)
        for week in t.weeks(month)
        if any(day.month == month.month and can_snooze(day, today=what.today) for day in week)
    )
    return Screen(
        lines(
            t("📅 <b>On which day shall we remind you?</b>"),
            "",
            t("Choose a day. Until then we keep quiet about what is due here."),
        ),
        (
            _month_row(t, what, month, (first, last)),
            weekdays,
            *weeks,
            (back(t, OpenNotNow(what.id, what.client_id)),),
        ),
    )


def _day(what: Digest, day: date, stay: OpenDays) -> Button:
    if day.month != stay.month.month or not can_snooze(day, today=what.today):
        return Button(NOT_OFFERED, stay)
    return Button(Plain(str(day.day)), SnoozeDigest(what.id, what.client_id, day))


def _month_row(t: Translator, what: Digest, month: date, span: tuple[date, date]) -> Row:
    first, last = span
    earlier, later = (month - timedelta(days=1)).replace(day=1), _next(month)
    name = Button(t.short_month(month), OpenDays(what.id, what.client_id, month))
    before = Button(Plain("‹"), OpenDays(what.id, what.client_id, earlier))
    after = Button(Plain("›"), OpenDays(what.id, what.client_id, later))
    return (
        *((before,) if month > first else ()),
        name,
        *((after,) if later <= last else ()),
    )


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def quieting(t: Translator, what: Digest, item: DigestItem) -> Screen:
    """How to hear less of one service, or as much as before."""
    return Screen(
        lines(
            placed_title(t, item),
            when(t, item.planned_for, item.days_left, what.soon_days),
            "",
            _state(t, what, item),
        ),
        (
            *_choice_rows(t, what, item),
            (back(t, OpenNotNow(what.id, what.client_id)),),
        ),
    )


def _state(t: Translator, what: Digest, item: DigestItem) -> Markup:
    if item.pause is None:
        return t("🔔 You are reminded of it.")
    if item.pause.remind and item.pause.until is not None:
        day = day_of(t, item.pause.until, what.today)
        return t("🔔 We will remind you on <b>{day}</b>.", day=day)
    return pause_line(t, item.pause)


def _choice_rows(t: Translator, what: Digest, item: DigestItem) -> tuple[Row, ...]:
    ids = what.id, what.client_id, item.service.id
    muted = item.pause is not None and not item.pause.remind
    rows: list[Row] = []
    if item.days_left > 0 and not muted:
        rows.append((Button(t.plain("Keep quiet until it is due"), MuteFromDigest(*ids)),))
    if item.pause is None or item.pause.until is not None:
        never = MuteFromDigest(*ids, for_good=True)
        rows.append((Button(t.plain("Never remind me of it"), never),))
    if item.pause is not None:
        rows.append((Button(t.plain("Remind me as before"), UnmuteFromDigest(*ids)),))
    return tuple(rows)
