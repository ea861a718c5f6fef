"""Screens while a connected panel does not answer: up to when they are true, and less to do."""

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Screen, without_buttons
from handlers.chat.screens.widgets import lines
from locales.translator import Translator


def while_away(
    t: Translator, screen: Screen, asks_panel: frozenset[type[Payload]], as_of: datetime | None
) -> Screen:
    """The screen without what would be refused; what shows data says up to when it is true."""
    less = without_buttons(screen, asks_panel)
    if screen.is_of_panel:
        return replace(less, text=lines(less.text, "", _note(t, as_of)))
    return less


def _note(t: Translator, as_of: datetime | None) -> Markup:
    if as_of is None:
        return t(
            "⚠️ <i>Our panel does not answer just now. Orders, cancellations and your balance have "
            "to wait.</i>"
        )
    return t(
        "⚠️ <i>As of {instant}: our panel does not answer just now. Orders, cancellations and your "
        "balance have to wait.</i>",
        instant=t.instant(as_of),
    )
