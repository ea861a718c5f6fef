"""Due dates as an iCalendar file (RFC 5545) that can be imported again and again.

Each service is one event, all day, on its next due date. Its UID names the bot and the service
and never changes, and its SEQUENCE grows with every file, so importing a later file moves the
event and doubles nothing. A service that is no longer due is CANCELLED, so that its event goes.

There is no event for every due date of a year, because a file cannot remove events that it does
not name. Dates that were paid ahead, or vanished with another cycle, would stay in the calendar as
if they were owed. Events do not repeat either: Outlook has no rule for "the 31st, or the month's
last day", and refuses events with a list of dates (RDATE). So the description names later dates.
"""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vText

from billing.rules.services.service import Service
from billing.rules.shop.forecast import Upcoming
from billing.views.calendar import DueCalendar
from handlers.calendar.sender import Sender
from locales.labels import price_per_cycle
from locales.text import Plain
from locales.translator import Translator

ALARM_DAYS = (7, 1)
ALARM_HOUR = 9
"""All-day events begin at midnight, which is no good hour for an alarm."""

FIRST_SEQUENCE = datetime(2026, 1, 1, tzinfo=UTC)
"""Sequences are seconds since then, and fit 32 bits for sixty years."""


def calendar_file(t: Translator, due_dates: DueCalendar, sender: Sender) -> bytes:
    """The file's content, in the language of the translator."""
    calendar = Calendar()
    calendar.add("prodid", "-//Panelik//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(_clean(due_dates.company)))
    for upcoming in due_dates.upcoming:
        calendar.add_component(_event(t, upcoming, due_dates, sender))
    for service in due_dates.withdrawn:
        calendar.add_component(_cancelled_event(service, due_dates, sender))
    content: bytes = calendar.to_ical()
    return content


def _event(t: Translator, upcoming: Upcoming, due_dates: DueCalendar, sender: Sender) -> Event:
    event = _new_event(upcoming.service, due_dates, sender)
    price = price_per_cycle(t, upcoming.gross, upcoming.service.cycle)
    known_price = price if upcoming.gross is not None else ""
    parts = (upcoming.service.title, upcoming.domain, known_price)
    summary = _clean(" · ".join(part for part in parts if part))
    event.add("dtstart", upcoming.dates[0])
    event.add("summary", summary)
    event.add("description", "\n".join(_description_lines(t, upcoming, price, due_dates, sender)))
    event.add("status", "CONFIRMED")
    event.add("url", sender.link)
    for days in ALARM_DAYS:
        event.add_component(_alarm(summary, days))
    return event


def _cancelled_event(service: Service, due_dates: DueCalendar, sender: Sender) -> Event:
    event = _new_event(service, due_dates, sender)
    event.add("dtstart", service.next_due_date)
    event.add("summary", _clean(service.title))
    event.add("status", "CANCELLED")
    return event


def _new_event(service: Service, due_dates: DueCalendar, sender: Sender) -> Event:
    event = Event()
    event.add("uid", f"panelik-{sender.bot_id}-service-{service.id}@t.me")
    event.add("sequence", int((due_dates.made_at - FIRST_SEQUENCE).total_seconds()))
    event.add("dtstamp", due_dates.made_at)
    event.add("last-modified", due_dates.made_at)
    # A due date does not make a person busy.
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(summary: str, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(days=-days, hours=ALARM_HOUR))
    return alarm


def _description_lines(
    t: Translator, upcoming: Upcoming, price: Plain, due_dates: DueCalendar, sender: Sender
) -> Iterator[str]:
    if upcoming.parent_name:
        yield t.plain("Add-on of {service}", service=_clean(upcoming.parent_name))
    if upcoming.gross is None:
        yield t.plain("Price: not known yet")
    else:
        yield t.plain("Price: {price}", price=price)
    if later := upcoming.dates[1:]:
        yield t.plain("Later due dates: {dates}", dates="; ".join(map(t.date, later)))
    if due_dates.is_estimate:
        yield t.plain("The price and later dates are estimates.")
    yield t.plain(
        "From the client panel of {company}: {link}",
        company=_clean(due_dates.company),
        link=sender.link,
    )
    yield t.plain(
        "After a payment or a change, send /calendar there and import the new file: "
        "this date moves, nothing doubles."
    )


def _clean(text: str) -> str:
    """A name without control characters, which the file's lines must not contain."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text).strip()
