"""What reminders of a day will say, before anything is sent."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.reminders.stages import ReminderReason
from billing.views.account import ClientInfo
from billing.views.reminders.digests import Digest
from billing.views.reminders.reports import Sending


@dataclass(frozen=True, slots=True)
class PreviewedMessage:
    """One user's reminder: what it says and when it goes out, or what became of it already.

    `digest` is None where nothing is left to say; `sending` is there once it was planned.
    """

    user_id: int
    at: datetime
    digest: Digest | None
    sending: Sending | None = None

    @property
    def is_finished(self) -> bool:
        """Whether it was sent, or will not be sent any more."""
        return self.sending is not None and self.sending.finished_at is not None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is due and that nobody is told of on that day, and why."""

    title: str
    due_date: date
    stage: str
    reason: ReminderReason


@dataclass(frozen=True, slots=True)
class ClientPreview:
    """Everything of one client on that day."""

    client: ClientInfo
    messages: tuple[PreviewedMessage, ...]
    left_out: tuple[LeftOut, ...]
