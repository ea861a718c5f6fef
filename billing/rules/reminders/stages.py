"""Which reminder is due for a service on a day, and the key that makes it unique.

A stage is a number of days before the due date (30 … 0) or after it (-1, -3, -7), or a date the
client chose (snooze).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from billing.rules.cycles import BillingCycle

DEFAULT_STAGES = (30, 14, 7, 3, 1, 0, -1, -3, -7)
SHORTEST_CYCLE_FOR = {30: 12, 14: 3}
"""Stages that make sense only for long cycles: days before -> least months of the cycle."""

SHORTEST_MONTH = 28

PROFORMA_STAGES = (3, 1)
"""Days before an unpaid proforma expires; by then the client knows it for a while."""

SNOOZE = "snooze:"


class ReminderKind(StrEnum):
    """What a reminder speaks of; a user may switch each off."""

    SERVICE = "service"
    ADDON = "addon"
    PROFORMA = "proforma"
    OFFER = "offer"


class ReminderReason(StrEnum):
    """Why something was not sent, or not yet."""

    SUPERSEDED = "superseded"
    TOO_LATE = "too_late"
    SWITCHED_OFF = "switched_off"
    PAUSED = "paused"
    RENEWED = "renewed"
    ENDED = "ended"
    FREE = "free"
    NO_DATE = "no_date"
    CANCELLING = "cancelling"
    CLOSED = "closed"
    NOBODY_LINKED = "nobody_linked"
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    UNLINKED = "unlinked"
    REFUSED = "refused"
    QUIET_HOURS = "quiet_hours"
    PANEL_AWAY = "panel_away"
    ASKED_TO_WAIT = "asked_to_wait"
    NO_ANSWER = "no_answer"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """The stages in days before the due date (negative: after) and how far back to catch up."""

    stages: tuple[int, ...] = DEFAULT_STAGES
    catch_up_days: int = 3
    hour: int = 10
    proforma_stages: tuple[int, ...] = PROFORMA_STAGES
    offers: bool = True

    def stages_for(self, cycle: BillingCycle, *, opens_days_before: int = 0) -> tuple[int, ...]:
        """The stages planned for a cycle, earliest first.

        `opens_days_before` is the renewal window (0: always open); a stage before it opens is not
        planned, because the client could not act on it. Neither is one as long as the cycle: its
        day would be before the previous due date.
        """
        longest = cycle.fewest_days - 1
        if opens_days_before:
            longest = min(longest, opens_days_before)
        least = {stage: months * SHORTEST_MONTH for stage, months in SHORTEST_CYCLE_FOR.items()}
        stages = {
            stage
            for stage in self.stages
            if stage <= longest and cycle.fewest_days >= least.get(stage, 1)
        }
        return tuple(sorted(stages, reverse=True))

    @property
    def horizon(self) -> tuple[int, int]:
        """Days from today to the furthest and nearest due dates that may need a stage."""
        return max(self.stages, default=0), min(self.stages, default=0) - self.catch_up_days


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What to do about one due date today: the stage to send, and those missed on the way.

    A missed stage was `superseded` by a more urgent one, or it is `too_late` for it.
    """

    send: int | None
    superseded: tuple[int, ...] = ()
    too_late: tuple[int, ...] = ()

    @property
    def skipped(self) -> tuple[tuple[int, ReminderReason], ...]:
        """Every stage that is not sent, with the reason."""
        return (
            *((stage, ReminderReason.TOO_LATE) for stage in self.too_late),
            *((stage, ReminderReason.SUPERSEDED) for stage in self.superseded),
        )


@dataclass(frozen=True, slots=True)
class ReminderItem:
    """A reminder of a service (or add-on) or of an unpaid proforma, for one due date and stage.

    Unique by these. The client is whose it is, and no part of what makes two items equal.
    """

    client_id: int = field(compare=False)
    due_date: date
    stage: str
    service_id: int | None = None
    invoice_id: int | None = None

    @property
    def day(self) -> date:
        """The day for which it is planned: its stage's, or the one the client chose."""
        return snoozed_until(self.stage) or self.due_date - timedelta(days=int(self.stage))


def snooze_stage(until: date) -> str:
    """The stage key of a reminder the client asked for on a date."""
    return f"{SNOOZE}{until.isoformat()}"


def snoozed_until(stage: str) -> date | None:
    """The date the client asked for; None for a stage of the policy."""
    return date.fromisoformat(stage.removeprefix(SNOOZE)) if stage.startswith(SNOOZE) else None


def plan_stages(
    due: date, stages: Iterable[int], *, today: date, known_since: date, catch_up_days: int
) -> StagePlan:
    """Choose the most urgent stage whose day has come, skipping what is too old to send.

    A stage's day is `due - stage days`; it may be sent for `catch_up_days` after that, so an
    outage is caught up with one message. Days before the service was known do not count at all:
    going live with many overdue services sends no flood. The answer is the same however often it
    is asked on one day; what was sent before is known by its unique row, not here.
    """
    passed = []
    for stage in stages:
        day = due - timedelta(days=stage)
        if known_since <= day <= today:
            passed.append((day, stage))
    passed.sort()
    fresh = [stage for day, stage in passed if (today - day).days <= catch_up_days]
    late = [stage for day, stage in passed if (today - day).days > catch_up_days]
    return StagePlan(fresh[-1] if fresh else None, tuple(fresh[:-1]), tuple(late))
