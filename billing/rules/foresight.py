"""When a user is written to next: planning and sending as they will happen, without a database.

It follows `billing.actions.reminders.plan` and `billing.actions.reminders.send` step by step: each
day with items is planned as it begins; a message that waits from an earlier day takes them in and
keeps its time; whatever has nothing left to say when its time comes is not sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from billing.rules.hours import first_moment, next_open, send_at
from billing.rules.lease import LEASE
from billing.rules.preferences import Pause, ReminderPreferences, objection
from billing.rules.reminders import ReminderItem, ReminderKind


@dataclass(frozen=True, slots=True)
class ComingItem:
    """A reminder item of something that is still owed.

    `last_day` is the last on which it may be spoken of, `pause` the user's for its service.
    """

    item: ReminderItem
    kind: ReminderKind
    catch_up_days: int
    pause: Pause | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that is planned: due at an instant, meant to go out on a company's day."""

    due_at: datetime
    send_day: date
    items: tuple[ComingItem, ...]
    attempts: int = 0

    def may_take(self, planned_at: datetime) -> bool:
        """Whether the plan of a new day may make it that day's."""
        if not self.attempts or self.due_at <= planned_at:
            return True
        return self.due_at > planned_at + LEASE


@dataclass(frozen=True, slots=True)
class Foresight:
    """One user of a client: their hours and wishes, and the company's zone."""

    client_id: int
    zone: ZoneInfo
    hour: int
    wishes: ReminderPreferences
    company: ZoneInfo
    now: datetime

    def next_sending(
        self, messages: Iterable[WaitingMessage], plans: Mapping[date, Sequence[ComingItem]]
    ) -> datetime | None:
        """When the first message goes out that says something; None if none does.

        `messages` are planned already. `plans` are the client's items by the day whose plan takes
        them up: today's are taken up at once.
        """
        waiting = sorted(messages, key=attrgetter("due_at"))
        for day in sorted(plans):
            planned_at = max(self.now, first_moment(day, self.company))
            sent, waiting = self._send(waiting, until=planned_at)
            if sent is not None:
                return sent
            waiting = self._plan(waiting, plans[day], day, planned_at)
        return self._send(waiting, until=None)[0]

    def _plan(
        self,
        waiting: Sequence[WaitingMessage],
        items: Sequence[ComingItem],
        day: date,
        planned_at: datetime,
    ) -> list[WaitingMessage]:
        wanted = tuple(item for item in items if self._wants(item, day))
        free = [message for message in waiting if message.may_take(planned_at)]
        held = [message for message in waiting if not message.may_take(planned_at)]
        if free:
            said = tuple(item for message in free for item in message.items)
            made = [replace(free[0], items=said + wanted)]
        elif wanted:
            at = send_at(
                self.client_id, self.zone, planned_at,
                today=day, hour=self.hour, quiet=self.wishes.quiet,
            )  # fmt: skip
            made = [WaitingMessage(at, self._day(at), wanted)]
        else:
            made = []
        return sorted([*held, *made], key=attrgetter("due_at"))

    def _send(
        self, waiting: Sequence[WaitingMessage], *, until: datetime | None
    ) -> tuple[datetime | None, list[WaitingMessage]]:
        """When the first goes out before an instant, and what still waits then."""
        sent: list[datetime] = []
        left: list[WaitingMessage] = []
        for message in waiting:
            due_at = max(message.due_at, self.now)
            while until is None or due_at < until:
                if not self._has_news(message, self._day(due_at)):
                    break
                opens = next_open(self.client_id, self.zone, due_at, self.wishes.quiet)
                if opens == due_at:
                    sent.append(due_at)
                    break
                due_at = opens
            else:
                left.append(replace(message, due_at=due_at))
        return min(sent, default=None), left

    def _has_news(self, message: WaitingMessage, today: date) -> bool:
        """Whether anything of it is to be said on a day."""
        return any(self._says(item, message.send_day, today) for item in message.items)

    def _says(self, coming: ComingItem, send_day: date, today: date) -> bool:
        since = max(coming.item.day, send_day)
        return (today - since).days <= coming.catch_up_days and self._wants(coming, today)

    def _wants(self, coming: ComingItem, today: date) -> bool:
        if coming.last_day is not None and today > coming.last_day:
            return False
        reason = objection(self.wishes, coming.pause, coming.item, kind=coming.kind, today=today)
        return reason is None

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.company).date()
