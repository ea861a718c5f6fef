"""Messages that must go out once."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from typing import Protocol

from billing.rules.allowed import Allowed
from billing.rules.payments.invoices import Invoice
from billing.rules.reach import ClosedChat
from billing.views.account import ClientInfo
from billing.views.notices.money import PartPaid
from billing.views.notices.notice import Notice, UnreadableNotice
from billing.views.notices.operator import OperatorNotice
from billing.views.reminders.digests import Digest

OPERATOR_CHAT = "operator_chat"
"""The key of the note that waits for the operator's chat to take messages again."""

PART_PAID_KEY = "part:"
"""The key of the receipt of a part begins so; the payment's id follows."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Notification:
    """A notice that must go out once; `key` makes it unique.

    Without a `client_id` it speaks to the operator; `not_user` has seen it already on their
    screen. `user_id` speaks to that user alone, linked or not.
    """

    key: str
    notice: Notice
    _: KW_ONLY
    client_id: int | None = None
    not_user: int | None = None
    user_id: int | None = None

    def __post_init__(self) -> None:
        is_to_operator = self.client_id is None and self.user_id is None
        if is_to_operator is not isinstance(self.notice, OperatorNotice):
            raise ValueError(f"a {type(self.notice).__name__} is for somebody else")


@dataclass(frozen=True, slots=True)
class SentDigest:
    """A reminder as it is to be read by now, and the message with which it was sent."""

    digest: Digest
    message_id: int


@dataclass(frozen=True, slots=True)
class SentReceipt:
    """The receipt of a part payment, and the message with which it was sent."""

    part: PartPaid
    message_id: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notification claimed for one user (None: the operator's chat).

    At the moment of sending it is given the client it is about and what is allowed for them
    (nothing until then), whether the user acts for another one just then, the invoice where it
    speaks of its lines, and what is redrawn of reminders and of receipts of a part, the newest
    first.
    """

    id: int
    user_id: int | None
    notice: Notice | UnreadableNotice
    languages: tuple[str, ...]
    timezone: str
    attempts: int
    client_id: int | None
    allowed: Allowed
    client: ClientInfo | None = None
    is_elsewhere: bool = False
    invoice: Invoice | None = None
    redrawn: tuple[SentDigest, ...] = ()
    part_receipts: tuple[SentReceipt, ...] = ()
    key: str = ""
    added_at: datetime = LONG_AGO


class Outbox(Protocol):
    """Messages that must go out; written in the transaction that causes them."""

    async def add(self, notifications: Sequence[Notification], *, at: datetime) -> None:
        """One row per recipient, absent ones only.

        For a user who cannot be written to it is kept as undeliverable until they come back.
        """

    async def add_for_users(self, note: Notification, *, at: datetime) -> None:
        """The same for one message to the users of a client, in one statement."""

    async def revive(self, user_id: int, *, since: datetime, now: datetime) -> None:
        """The user can be reached again: what could not be delivered since then waits."""

    async def has(self, key: str) -> bool:
        """Whether that message was added before."""

    async def has_due(self, now: datetime) -> bool:
        """Whether a message is to go out by now."""

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

    async def to_operator(self, outgoing_id: int) -> Outgoing | None:
        """One message to the operator, also one that was sent; None once it is forgotten."""

    async def give_up_for_operator(self, *, before: datetime, now: datetime) -> None:
        """Finish those that were added before an instant as undeliverable."""

    async def give_back(self, now: datetime, *, lease_until: datetime, limit: int) -> int:
        """Let what was added or claimed while the clock was ahead be due again; how many.

        What somebody may have in hand is theirs until then, and no longer.
        """

    async def finish(
        self, outgoing_id: int, *, status: str, at: datetime, message_id: int | None = None
    ) -> None:
        """sent (as `message_id`, for what may be edited later), void, undeliverable or failed."""

    async def part_receipts(
        self, user_id: int, invoice_id: int, *, limit: int
    ) -> tuple[SentReceipt, ...]:
        """What this bot told a user of parts paid of an invoice, the newest first."""

    async def defer(self, outgoing_id: int, *, until: datetime) -> None:
        """Try again later."""

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete messages that were finished long ago; how many."""
