"""The file with the due dates, and how to use it."""

import re

from markupsafe import Markup

from billing.views.calendar import DueCalendar
from handlers.buttons import OpenCosts, OpenHome, OpenServices
from handlers.calendar.sender import Sender
from handlers.chat.screens.screen import Button, FileScreen, Row, Screen
from handlers.chat.screens.widgets import lines
from handlers.chat.screens.wording import estimate_hint
from locales.text import Plain
from locales.translator import Translator

COMPANY_LIMIT = 30
KIND = "text/calendar"


def calendar(t: Translator, due_dates: DueCalendar, sender: Sender) -> FileScreen:
    """The file, named after the company."""
    # A process that never makes such a file does without the library.
    from handlers.calendar.file import calendar_file  # noqa: PLC0415

    return FileScreen(
        name=_name(t, due_dates.company),
        kind=KIND,
        content=calendar_file(t, due_dates, sender),
        caption=lines(t("📅 <b>Due dates</b>"), *_what(t, due_dates)),
        rows=_rows(t),
    )


def nothing(t: Translator, undated: int = 0) -> Screen:
    """There is no due date to put into a calendar; so many are not known yet."""
    why = (t("You have nothing that will be due."),) if not undated else _undated(t, undated)
    return Screen(lines(t("📅 <b>Due dates</b>"), "", *why), _rows(t))


def _undated(t: Translator, number: int) -> tuple[Markup, ...]:
    """How many services are left out."""
    if not number:
        return ()
    return (
        t.n(
            "{n} service is left out: its due date is not known yet.",
            "{n} services are left out: their due dates are not known yet.",
            number,
        ),
    )


def _what(t: Translator, due_dates: DueCalendar) -> tuple[str | Markup, ...]:
    undated = _undated(t, due_dates.undated)
    if not due_dates.upcoming:
        return (
            *(undated or (t("Nothing will be due any more."),)),
            "",
            t("Open the file in your calendar, and it takes the earlier dates away."),
        )
    return (
        t.n(
            "{n} date, {last}",
            "{n} dates, the last on {last}",
            len(due_dates.upcoming),
            last=t.date(max(upcoming.dates[0] for upcoming in due_dates.upcoming)),
        ),
        *undated,
        *((estimate_hint(t),) if due_dates.is_estimate else ()),
        "",
        t(
            "Open the file in your calendar: Google, Apple, Outlook or another. "
            "It reminds you 7 days and 1 day before each date."
        ),
        "",
        t(
            "After a payment or a change, send /calendar again and open the new file: "
            "dates move, nothing doubles."
        ),
    )


def _name(t: Translator, company: str) -> Plain:
    words = re.sub(r"\W+", "-", company.casefold()).strip("-")
    if len(words) > COMPANY_LIMIT:
        words = words[:COMPANY_LIMIT].rpartition("-")[0] or words[:COMPANY_LIMIT]
    return t.plain("{company}-due-dates.ics", company=words or "panelik")


def _rows(t: Translator) -> tuple[Row, ...]:
    return (
        (Button(t.plain("Services"), OpenServices()), Button(t.plain("Costs"), OpenCosts())),
        (Button(t.plain("Menu"), OpenHome()),),
    )
