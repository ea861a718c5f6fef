"""What a user wants of reminders, on top of the operator's policy."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from billing.rules.reminders.stages import (
    ReminderItem,
    ReminderKind,
    ReminderReason,
    snoozed_until,
)

SNOOZE_DAYS = 366
"""So far ahead a reminder may be put off."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local hours (0 to 23) in which nobody is written to, from `starts` until `ends`.

    They may span midnight; the same hour twice means none at all.
    """

    starts: int = 20
    ends: int = 9

    def cover(self, local: time) -> bool:
        """Whether a local time is within them."""
        if self.starts <= self.ends:
            return self.starts <= local.hour < self.ends
        return local.hour >= self.starts or local.hour < self.ends


NIGHT = QuietHours()
"""Unless a user chose others."""


@dataclass(frozen=True, slots=True)
class ReminderPreferences:
    """One user's choices for one client; `hour` None is the company's.

    What is switched off is kept, not what is on: a stage that the operator adds later is on.
    """

    on: bool = True
    hour: int | None = None
    quiet: QuietHours = NIGHT
    stages_off: tuple[int, ...] = ()
    kinds_off: tuple[ReminderKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A user's wish not to be reminded of a service until a day, for one due date.

    `until` None is for good, `due_date` None for every due date; with `remind` they asked for a
    reminder on that day (a snooze).
    """

    user_id: int
    service_id: int
    due_date: date | None
    until: date | None
    remind: bool = False

    def silences(self, due_date: date, *, today: date) -> bool:
        """Whether nothing is to be said today about that due date."""
        if self.due_date not in (None, due_date):
            return False
        return self.until is None or today < self.until

    def asks_for(self, due_date: date, until: date) -> bool:
        """Whether they asked for a reminder of that due date on that day."""
        return self.remind and (self.due_date, self.until) == (due_date, until)


def objection(
    preferences: ReminderPreferences,
    pause: Pause | None,
    item: ReminderItem,
    *,
    kind: ReminderKind,
    today: date,
) -> ReminderReason | None:
    """Why a user does not want to be reminded of an item today, if so.

    Their own wish for a day counts even where they switched the stages of the policy off.
    """
    if not preferences.on or kind in preferences.kinds_off:
        return ReminderReason.SWITCHED_OFF
    until = snoozed_until(item.stage)
    if until is not None:
        is_wish = pause is not None and pause.asks_for(item.due_date, until)
        return None if is_wish else ReminderReason.PAUSED
    if kind is not ReminderKind.PROFORMA and int(item.stage) in preferences.stages_off:
        return ReminderReason.SWITCHED_OFF
    if pause is not None and pause.silences(item.due_date, today=today):
        return ReminderReason.PAUSED
    return None


def can_snooze(until: date, *, today: date) -> bool:
    """Whether a reminder may be put off to that day: one to come, and not too far ahead."""
    return today < until <= today + timedelta(days=SNOOZE_DAYS)
