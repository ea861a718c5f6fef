"""What a user may choose about reminders."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.reminders.preferences import Pause, ReminderPreferences
from billing.rules.services.service import Placed, Service
from billing.views.account import ClientInfo


@dataclass(frozen=True, slots=True)
class PausedService(Placed):
    """A service that reminders speak of, and the pause that keeps it silent now, if any.

    `parent` is what an add-on belongs to, if reminders speak of that one too.
    """

    parent: Service | None = None
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """The settings of reminders for one client.

    `stages` are those of the operator's policy (days before, negative: after), the earliest first;
    `hour` is the user's or the company's; `next_at` is when the next reminder comes, None when
    none is in sight; `services` are all that reminders speak of.
    """

    client: ClientInfo
    preferences: ReminderPreferences
    stages: tuple[int, ...]
    hour: int
    offers: bool
    next_at: datetime | None
    services: tuple[PausedService, ...]
    today: date
    soon_days: int = 14
