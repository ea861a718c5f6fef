"""At which instant a reminder goes out: the recipient's clock decides, nobody is woken up."""

import zlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WINDOW = (time(9), time(20))
"""Local hours within which reminders are sent; outside of them they wait, never drop."""


def spread(client_id: int) -> timedelta:
    """A stable part of an hour for each client, so that not all are written to at once."""
    return timedelta(seconds=zlib.crc32(str(client_id).encode()) % 3600)


def send_at(client_id: int, zone: ZoneInfo, now: datetime, *, today: date, hour: int) -> datetime:
    """When a digest of a day goes out: about that hour in the zone, within the window.

    One that is late goes at once while the window is open, else when it opens next.
    """
    wished = datetime.combine(today, time(hour), zone) + spread(client_id)
    return next_open(client_id, zone, max(wished.astimezone(UTC), now))


def next_open(client_id: int, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant itself while the window is open there, else when it opens next."""
    local = now.astimezone(zone)
    opens, closes = WINDOW
    if opens <= local.time() < closes:
        return now
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return (datetime.combine(day, opens, zone) + spread(client_id)).astimezone(UTC)


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone; later than midnight where that hour is left out."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
