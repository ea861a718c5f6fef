"""How far a connected panel was read, and since when it does not answer."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

NIGHT_HOUR = 3
"""The hour in the company's zone from which on everything is read once a day."""


CLOCKS_APART = timedelta(minutes=1)
"""So far apart may the clocks of two processes be; a later time is of a clock that was ahead."""


@dataclass(frozen=True, slots=True)
class Sight:
    """When a client's rows were last read, and since when they are known to have changed there.

    `unread_at` is when the latest reading began of which a row could not be read: what we have is
    as of `seen_at` then.
    """

    seen_at: datetime | None = None
    stale_since: datetime | None = None
    unread_at: datetime | None = None

    @property
    def is_unread(self) -> bool:
        """Whether the latest reading showed something that cannot be read."""
        return self.unread_at is not None

    @property
    def is_behind(self) -> bool:
        """Whether more has happened there than we have."""
        return self.is_unread or self.stale_since is not None

    @property
    def tried_at(self) -> datetime | None:
        """When the latest reading began, whatever came of it; None before the first."""
        return max(filter(None, (self.seen_at, self.unread_at)), default=None)


UNSEEN = Sight()
"""Of a client who was never read, as with the embedded panel."""


@dataclass(frozen=True, slots=True)
class PanelState:
    """What is known of the connected panel as a whole; with the embedded one nothing ever is.

    `cursor` is where its change feed goes on, "" before the first reading. Until
    `changes_read_at` all changes are known. Where `everything_read_at` is None,
    that reading is due. `away_since` is when it stopped to answer.
    """

    cursor: str = ""
    changes_read_at: datetime | None = None
    everything_read_at: datetime | None = None
    away_since: datetime | None = None
    away_told_at: datetime | None = None

    @property
    def is_away(self) -> bool:
        """Whether the panel did not answer when it was last asked."""
        return self.away_since is not None

    def as_of(self, sight: Sight) -> datetime | None:
        """Up to when our copy of a client's rows is true; None for one that was never read."""
        if sight.seen_at is None or sight.is_behind or self.changes_read_at is None:
            return sight.seen_at
        return max(sight.seen_at, self.changes_read_at)

    def is_recent(self, sight: Sight, *, now: datetime, age: timedelta) -> bool:
        """Whether that is not longer ago than `age`."""
        as_of = self.as_of(sight)
        return as_of is not None and now - as_of <= age

    def is_everything_due(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether everything was not read since the last night, or has to be read at once."""
        read_at = self.everything_read_at
        if read_at is None or read_at > now + CLOCKS_APART:
            return True
        return read_at < last_night(now, zone)


UNREAD = PanelState()
"""Of a panel that was never asked, as of the embedded one."""


def last_night(now: datetime, zone: ZoneInfo) -> datetime:
    """When the last night's reading was due, in UTC as `now`."""
    local = now.astimezone(zone)
    day = local.date() if local.hour >= NIGHT_HOUR else local.date() - timedelta(days=1)
    return datetime.combine(day, time(NIGHT_HOUR), zone).astimezone(now.tzinfo)
