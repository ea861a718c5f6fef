"""Screens of what cannot be read in a connected panel: up to when they are true, less to do."""

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Screen, without_buttons
from handlers.chat.screens.widgets import lines
from locales.text import Plain
from locales.translator import Translator


def while_away(
    t: Translator,
    screen: Screen,
    asks_panel: frozenset[type[Payload]],
    as_of: datetime | None,
    *,
    now: datetime,
    is_unread: bool = False,
) -> Screen:
    """The screen without what would be refused; what shows data says up to when it is true.

    The panel does not answer; `is_unread`: it does, and some row of the client cannot be read.
    """
    less = without_buttons(screen, asks_panel)
    rows = (tuple(button for button in row if not button.asks_panel) for row in less.rows)
    less = replace(less, rows=tuple(row for row in rows if row))
    note = _unread_note if is_unread else _note
    if screen.is_of_panel:
        # A screen without a list may end with the empty line that would stand above it.
        return replace(less, text=lines(less.text.rstrip("\n"), "", note(t, as_of, now)))
    return less


def _note(t: Translator, as_of: datetime | None, now: datetime) -> Markup:
    if as_of is None:
        return t(
            "⚠️ <i>Our panel does not answer just now. Orders, some cancellations and your balance "
            "have to wait.</i>"
        )
    return t(
        "⚠️ <i>As of {instant}: our panel does not answer just now. Orders, some cancellations and "
        "your balance have to wait.</i>",
        instant=_time(t, as_of, now),
    )


def _unread_note(t: Translator, as_of: datetime | None, now: datetime) -> Markup:
    if as_of is None:
        return t(
            "⚠️ <i>We cannot read your account in our panel yet, so what you have is not shown. We "
            "know of it.</i>"
        )
    return t(
        "⚠️ <i>As of {instant}: we cannot read all of your account in our panel just now, and know "
        "of it. Orders, some cancellations and your balance have to wait.</i>",
        instant=_time(t, as_of, now),
    )


def _time(t: Translator, as_of: datetime, now: datetime) -> Plain:
    """The time of day, with its date unless it is today's."""
    local = as_of.astimezone(t.zone)
    if local.date() == now.astimezone(t.zone).date():
        return t.clock(local.time())
    return t.instant(as_of)
