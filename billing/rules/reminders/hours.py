"""At which instant a reminder goes out: the recipient's clock decides, nobody is woken up."""

import zlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.rules.reminders.preferences import NIGHT, QuietHours


def spread(client_id: int) -> timedelta:
    """A stable part of an hour for each client, so that not all are written to at once."""
    return timedelta(seconds=zlib.crc32(str(client_id).encode()) % 3600)


def send_at(
    client_id: int,
    zone: ZoneInfo,
    now: datetime,
    *,
    today: date,
    hour: int,
    quiet: QuietHours = NIGHT,
) -> datetime:
    """When a digest of a day goes out: about that hour in the zone, outside the quiet hours.

    One that is late goes at once, or when the quiet hours end.
    """
    wished = datetime.combine(today, time(hour), zone) + spread(client_id)
    return next_open(client_id, zone, max(wished.astimezone(UTC), now), quiet)


def next_open(
    client_id: int, zone: ZoneInfo, now: datetime, quiet: QuietHours = NIGHT
) -> datetime:
    """The instant itself outside the quiet hours there, else when they end."""
    local = now.astimezone(zone)
    if not quiet.cover(local.time()):
        return now
    ends = time(quiet.ends)
    day = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return (datetime.combine(day, ends, zone) + spread(client_id)).astimezone(UTC)


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone; later than midnight where that hour is left out."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
