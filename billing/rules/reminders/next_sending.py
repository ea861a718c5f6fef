"""When a user is written to next: planning and sending, simulated without a database.

The simulation follows `billing.actions.reminders.plan` and `billing.actions.reminders.send` step
by step: each day with items is planned as it begins; a message that waits from an earlier day
takes them in and keeps its time; a message with nothing left to say is not sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from billing.rules.lease import LEASE
from billing.rules.reminders.hours import first_moment, next_open, send_at
from billing.rules.reminders.preferences import Pause, ReminderPreferences, objection
from billing.rules.reminders.stages import ReminderItem, ReminderKind


@dataclass(frozen=True, slots=True)
class UpcomingItem:
    """A reminder item of something that is still owed.

    `last_day` is the last on which it may be spoken of, `pause` the user's for its service.
    """

    item: ReminderItem
    kind: ReminderKind
    catch_up_days: int
    pause: Pause | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message that is planned: due at an instant, meant to go out on a company's day."""

    due_at: datetime
    send_day: date
    items: tuple[UpcomingItem, ...]
    attempts: int = 0

    def may_take(self, planned_at: datetime) -> bool:
        """Whether the plan of a new day may make it that day's."""
        if not self.attempts or self.due_at <= planned_at:
            return True
        return self.due_at > planned_at + LEASE


@dataclass(frozen=True, slots=True)
class SendingSimulation:
    """Simulates planning and sending for one user of a client."""

    client_id: int
    zone: ZoneInfo
    hour: int
    preferences: ReminderPreferences
    company_zone: ZoneInfo
    now: datetime

    def next_sending(
        self, messages: Iterable[PlannedMessage], plans: Mapping[date, Sequence[UpcomingItem]]
    ) -> datetime | None:
        """When the first message goes out that says something; None if none does.

        `messages` are planned already. `plans` are the client's items by the day whose plan takes
        them up: today's are taken up at once.
        """
        waiting = sorted(messages, key=attrgetter("due_at"))
        for day in sorted(plans):
            planned_at = max(self.now, first_moment(day, self.company_zone))
            sent_at, waiting = self._send(waiting, until=planned_at)
            if sent_at is not None:
                return sent_at
            waiting = self._plan(waiting, plans[day], day, planned_at)
        return self._send(waiting, until=None)[0]

    def _plan(
        self,
        waiting: Sequence[PlannedMessage],
        items: Sequence[UpcomingItem],
        day: date,
        planned_at: datetime,
    ) -> list[PlannedMessage]:
        new_items = tuple(item for item in items if self._wants(item, day))
        free = [message for message in waiting if message.may_take(planned_at)]
        in_hand = [message for message in waiting if not message.may_take(planned_at)]
        if free:
            late_items = tuple(item for message in free for item in message.items)
            messages = [replace(free[0], items=late_items + new_items), *in_hand]
        elif new_items:
            at = send_at(
                self.client_id, self.zone, planned_at,
                today=day, hour=self.hour, quiet=self.preferences.quiet,
            )  # fmt: skip
            messages = [PlannedMessage(at, self._day(at), new_items), *in_hand]
        else:
            messages = in_hand
        return sorted(messages, key=attrgetter("due_at"))

    def _send(
        self, waiting: Sequence[PlannedMessage], *, until: datetime | None
    ) -> tuple[datetime | None, list[PlannedMessage]]:
        """When the first goes out before an instant, and what still waits then."""
        sendings: list[datetime] = []
        still_waiting: list[PlannedMessage] = []
        for message in waiting:
            due_at = max(message.due_at, self.now)
            while until is None or due_at < until:
                if not self._says_anything(message, self._day(due_at)):
                    break
                open_at = next_open(self.client_id, self.zone, due_at, self.preferences.quiet)
                if open_at == due_at:
                    sendings.append(due_at)
                    break
                due_at = open_at
            else:
                still_waiting.append(replace(message, due_at=due_at))
        return min(sendings, default=None), still_waiting

    def _says_anything(self, message: PlannedMessage, today: date) -> bool:
        return any(self._says(item, message.send_day, today) for item in message.items)

    def _says(self, upcoming: UpcomingItem, send_day: date, today: date) -> bool:
        since = max(upcoming.item.day, send_day)
        return (today - since).days <= upcoming.catch_up_days and self._wants(upcoming, today)

    def _wants(self, upcoming: UpcomingItem, today: date) -> bool:
        if upcoming.last_day is not None and today > upcoming.last_day:
            return False
        reason = objection(
            self.preferences, upcoming.pause, upcoming.item, kind=upcoming.kind, today=today
        )
        return reason is None

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self.company_zone).date()
