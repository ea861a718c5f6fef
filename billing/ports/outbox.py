"""Messages that must go out once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from billing.rules.invoices import Invoice
from billing.rules.reach import ClosedChat
from billing.views.account import ClientInfo
from billing.views.reminders import Digest

OPERATOR_CHAT = "operator_chat"
"""The key of the note that waits for the operator's chat to take messages again."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Topic(StrEnum):
    """Kinds of notifications, each a screen of its own; REDRAW only edits what was sent."""

    RECEIPT = "receipt"
    ORDER_ACCEPTED = "order_accepted"
    ORDER_REJECTED = "order_rejected"
    CANCELLATION_ACCEPTED = "cancellation_accepted"
    CANCELLATION_REJECTED = "cancellation_rejected"
    CANCELLED = "cancelled"
    PART_PAID = "part_paid"
    MONEY_TO_CREDIT = "money_to_credit"
    INVOICE_EXPIRED = "invoice_expired"
    INVOICE_CLOSED = "invoice_closed"
    PAYMENT_ARRIVED = "payment_arrived"
    PAYMENT_UNPLACED = "payment_unplaced"
    PAYMENT_CREDITED = "payment_credited"
    REDRAW = "redraw"
    OPERATOR = "operator"
    MONEY_CAME_LATE = "money_came_late"
    CREDIT_CHANGED = "credit_changed"


@dataclass(frozen=True, slots=True)
class Notification:
    """A message that must go out once; `key` makes it unique, `facts` fill its sentence.

    `client_id` None speaks to the operator; `not_user` has seen it already on their screen.
    `user_id` speaks to that user alone, linked or not; the fact "language" is that of their app.
    """

    key: str
    topic: Topic
    client_id: int | None
    facts: Mapping[str, str | int]
    not_user: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class SentDigest:
    """A reminder as it is to be read by now, and the message with which it was sent."""

    digest: Digest
    message_id: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notification claimed for one user (None: the operator's chat).

    At the moment of sending it is given the client it is about, whether the user acts for another
    one just then, the invoice where it speaks of its lines, and what is redrawn of reminders, the
    newest first.
    """

    id: int
    user_id: int | None
    topic: Topic
    facts: Mapping[str, str | int]
    languages: tuple[str, ...]
    timezone: str
    attempts: int
    client_id: int | None
    client: ClientInfo | None = None
    is_elsewhere: bool = False
    invoice: Invoice | None = None
    redrawn: tuple[SentDigest, ...] = ()
    key: str = ""
    added_at: datetime = LONG_AGO

    def number(self, name: str) -> int:
        """The fact of this name; 0 when it has none."""
        value = self.facts.get(name)
        return value if isinstance(value, int) else 0


class Outbox(Protocol):
    """Messages that must go out; written in the transaction that causes them."""

    async def add(self, notifications: Sequence[Notification], *, at: datetime) -> None:
        """One row per recipient, absent ones only.

        For a user who cannot be written to it is kept as undeliverable until they come back.
        """

    async def revive(self, user_id: int, *, since: datetime, now: datetime) -> None:
        """The user can be reached again: what could not be delivered since then waits."""

    async def has(self, key: str) -> bool:
        """Whether that message was added before."""

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[Outgoing, ...]:
        """Take what is due, for one lease.

        While the operator's chat is closed, of the messages for it only the note that waits.
        """

    async def close_chat(
        self, outgoing_id: int, why: ClosedChat, *, now: datetime, until: datetime
    ) -> None:
        """Keep the operator's messages, also this claimed one, behind a note due at an instant.

        The note exists once; it knows since when it waits and why.
        """

    async def open_chat(self) -> None:
        """Let the operator's messages be due again, in their order."""

    async def try_chat(self, *, now: datetime, lease_until: datetime) -> None:
        """Let the note be due now, unless somebody may have it on a lease until then."""

    async def closed_chat(self) -> ClosedChat | None:
        """Why the operator's chat is closed; None while it is not, as far as we know."""

    async def for_operator(self, *, limit: int) -> tuple[Outgoing, ...]:
        """The messages that wait for the operator, oldest first, without the note."""

    async def give_up_for_operator(self, *, before: datetime, now: datetime) -> None:
        """Finish those that were added before an instant as undeliverable."""

    async def give_back(self, now: datetime, *, lease_until: datetime, limit: int) -> int:
        """Let what was added or claimed while the clock was ahead be due again; how many.

        What somebody may have in hand is theirs until then, and no longer.
        """

    async def finish(self, outgoing_id: int, *, status: str, at: datetime) -> None:
        """sent, void, undeliverable or failed."""

    async def defer(self, outgoing_id: int, *, until: datetime) -> None:
        """Try again later."""

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete messages that were finished long ago; how many."""
