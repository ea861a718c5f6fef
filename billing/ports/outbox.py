"""Messages that must go out once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from billing.rules.invoices import Invoice
from billing.views.account import ClientInfo
from billing.views.reminders import Digest


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
    REDRAW = "redraw"
    OPERATOR = "operator"
    MONEY_CAME_LATE = "money_came_late"
    CREDIT_CHANGED = "credit_changed"


@dataclass(frozen=True, slots=True)
class Notification:
    """A message that must go out once; `key` makes it unique, `facts` fill its sentence.

    `client_id` None speaks to the operator; `not_user` has seen it already on his screen.
    """

    key: str
    topic: Topic
    client_id: int | None
    facts: Mapping[str, str | int]
    not_user: int | None = None


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


class Outbox(Protocol):
    """Messages that must go out; written in the transaction that causes them."""

    async def add(self, notifications: Sequence[Notification], *, at: datetime) -> None:
        """One row per recipient, absent ones only."""

    async def has(self, key: str) -> bool:
        """Whether that message was added before."""

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[Outgoing, ...]:
        """Take what is due, for one lease."""

    async def finish(self, outgoing_id: int, *, status: str, at: datetime) -> None:
        """sent, void, undeliverable or failed."""

    async def defer(self, outgoing_id: int, *, until: datetime) -> None:
        """Try again later."""

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete messages that were finished long ago; how many."""
