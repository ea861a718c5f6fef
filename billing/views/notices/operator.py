"""Notices to the operator: what they have to do, decide or know.

One with a `client_id` is about that client, whose name is read when it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from billing.rules.money import Money
from billing.rules.payments.charges import Misfit
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.reach import ClosedChat
from billing.rules.reminders.stages import ReminderReason
from billing.views.account import Reach
from billing.views.desk import NONE, CompanyStanding, Tally
from billing.views.notices.panel import (
    CallNeedsYou,
    NotCarriedOut,
    PanelAnswers,
    PanelAway,
    PanelRowsUnread,
    PanelRowUnread,
    ServiceInTrouble,
    ServicesMovedAway,
)
from billing.views.notices.services import NamedService
from billing.views.notices.work import ProformaPaid, TasksOpened
from billing.views.reminders.reports import DigestCounts
from billing.views.services import CancelWhen


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """A new order that waits to be accepted; `amount` is gross."""

    topic: ClassVar[str] = "order_paid"
    client_id: int
    service: NamedService
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LineUndelivered:
    """A paid line could not be carried out.

    Its gross price is credit, or a part of unplaced money where `is_credit` is False.
    """

    topic: ClassVar[str] = "line_undelivered"
    client_id: int
    service: NamedService
    number: str
    amount: Money
    is_credit: bool = True


@dataclass(frozen=True, slots=True)
class RenewedAfterMove:
    """A service was renewed although its due date had moved since the proforma."""

    topic: ClassVar[str] = "renewed_after_move"
    client_id: int
    service: NamedService
    number: str
    amount: Money
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class CancellationRequested:
    """A request to cancel that waits for a decision; `reason` is the client's own words.

    `task_id` is that of the task where a panel has to be told by hand, by `effective_on`. Where
    the panel `ends_it` by itself, there is nothing to do.
    """

    topic: ClassVar[str] = "cancellation_requested"
    client_id: int
    request_id: int
    service: NamedService
    when: CancelWhen
    reason: str = ""
    effective_on: date | None = None
    task_id: int | None = None
    ends_it: bool = False


@dataclass(frozen=True, slots=True)
class CancellationWithdrawn:
    """A client took their request to cancel back."""

    topic: ClassVar[str] = "cancellation_withdrawn"
    client_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class Overpaid:
    """More came for a proforma than was due; the surplus is credit."""

    topic: ClassVar[str] = "overpaid"
    client_id: int
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PaidTooLate:
    """Money came for a lapsed proforma and is credit; `reach`: whether the client hears of it."""

    topic: ClassVar[str] = "paid_too_late"
    client_id: int
    invoice_id: int
    number: str
    amount: Money
    status: InvoiceStatus
    reach: Reach


@dataclass(frozen=True, slots=True)
class UnplacedPayment:
    """Money that fits nothing; `unplaced_id` is its number in the operator's list.

    `stated` is the amount as the provider states it, `amount` the same if it can be billed.
    `charge_id` and `payload` are the provider's words, shortened. `client_id` is whose proforma it
    was meant for and `user_id` who has paid, as far as that is known. `can_credit` where clients
    have credit with us or a balance in the panel. `reach` says whether the client hears of it.
    """

    topic: ClassVar[str] = "unplaced_payment"
    unplaced_id: int
    misfit: Misfit
    stated: str
    amount: Money | None = None
    charge_id: str = ""
    payload: str = ""
    number: str = ""
    user_id: int | None = None
    client_id: int | None = None
    can_credit: bool = True
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class UnreachableClients:
    """How many clients nothing reaches, by reason; their services due soon and what is at risk.

    `at_risk` has one gross amount per currency in which something is known to be; the prices that
    are not known yet, those of `unpriced` services, are in none of them.
    """

    count: int
    services: int
    at_risk: tuple[Money, ...]
    reasons: Mapping[ReminderReason, int]
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class ReminderSummary:
    """What was paid on a day, what became of its reminders, and how things stand.

    `unreachable` is None where everybody can be reached, `standing` of a day that is over.
    """

    topic: ClassVar[str] = "reminder_summary"
    day: date
    digests: DigestCounts
    unreachable: UnreachableClients | None = None
    paid: Tally = NONE
    standing: CompanyStanding | None = None


@dataclass(frozen=True, slots=True)
class WrongCodes:
    """Many wrong link codes within an hour, of so many users."""

    topic: ClassVar[str] = "wrong_codes"
    guesses: int
    users: int


@dataclass(frozen=True, slots=True)
class MessagesWaited:
    """The operator's chat was closed; how many messages waited is counted when this is sent."""

    topic: ClassVar[str] = "messages_waited"
    why: ClosedChat
    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class UpdateFailed:
    """An update could not be handled: `number` in the operator's list, `error` in the log's words.

    `error` begins with the incident's number if its user was given one.
    """

    topic: ClassVar[str] = "update_failed"
    number: int
    error: str


ClientMatter = (
    OrderPaid
    | LineUndelivered
    | RenewedAfterMove
    | CancellationRequested
    | CancellationWithdrawn
    | Overpaid
    | PaidTooLate
    | UnplacedPayment
    | CallNeedsYou
    | NotCarriedOut
    | ProformaPaid
    | TasksOpened
    | ServicesMovedAway
    | ServiceInTrouble
)
"""Notices about a client."""

OperatorNotice = (
    ClientMatter
    | ReminderSummary
    | WrongCodes
    | MessagesWaited
    | UpdateFailed
    | PanelAway
    | PanelAnswers
    | PanelRowUnread
    | PanelRowsUnread
)
