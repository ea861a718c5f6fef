"""An .ics file as a calendar application reads it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from locales.text import legible


@dataclass(frozen=True, slots=True)
class Entry:
    """An all-day event; spaces as one types them."""

    uid: str
    sequence: int
    made_at: datetime
    changed_at: datetime
    on: date
    status: str
    busy: bool
    repeats: bool
    summary: str
    description: str
    alarms: tuple[timedelta, ...]


def read_calendar(content: bytes) -> Any:
    """The whole file; nothing in it may be wrong."""
    calendar: Any = Calendar.from_ical(content)
    assert calendar.errors == []
    return calendar


def read_events(content: bytes) -> list[Entry]:
    """Its events, each of another UID."""
    entries = [_entry(event) for event in read_calendar(content).events]
    assert len({entry.uid for entry in entries}) == len(entries)
    return entries


def _entry(event: Any) -> Entry:
    assert event.errors == []
    assert event["DTSTART"].params == {"VALUE": "DATE"}
    alarms = event.walk("VALARM")
    assert all(alarm["ACTION"] == "DISPLAY" for alarm in alarms)
    return Entry(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        made_at=event["DTSTAMP"].dt,
        changed_at=event["LAST-MODIFIED"].dt,
        on=event["DTSTART"].dt,
        status=str(event["STATUS"]),
        busy=event["TRANSP"] != "TRANSPARENT",
        repeats="RRULE" in event or "RDATE" in event,
        summary=legible(event["SUMMARY"]),
        description=legible(event.get("DESCRIPTION", "")),
        alarms=tuple(alarm["TRIGGER"].dt for alarm in alarms),
    )
