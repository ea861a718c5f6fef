"""Notices to clients about money: proformas, payments, credit."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.orders import OrderState
from billing.rules.payments.superseded import Superseded
from billing.views.notices.services import NamedService


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proforma is paid."""

    topic: ClassVar[str] = "receipt"
    invoice_id: int
    number: str


@dataclass(frozen=True, slots=True)
class ReminderUpdate:
    """The reminders that spoke of what has changed are edited; nothing is sent.

    Those of what this invoice has paid (0: of none), and those of these services.
    """

    topic: ClassVar[str] = "reminder_update"
    invoice_id: int
    service_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PartPaid:
    """A payment covered a part of a proforma; `balance` is left to pay."""

    topic: ClassVar[str] = "part_paid"
    invoice_id: int
    number: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class MoneyToCredit:
    """More came for a proforma than was due; `amount` is the surplus."""

    topic: ClassVar[str] = "money_to_credit"
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SurplusSetAside:
    """The same where clients have no credit: the company decides what becomes of it."""

    topic: ClassVar[str] = "surplus_set_aside"
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class MoneyCameLate:
    """Money for a proforma that had lapsed; `status` says how.

    It is credit now, or unplaced money where `is_credit` is False.
    """

    topic: ClassVar[str] = "money_came_late"
    invoice_id: int
    number: str
    amount: Money
    status: InvoiceStatus
    is_credit: bool = True


@dataclass(frozen=True, slots=True)
class InvoiceExpired:
    """A proforma was not paid in time; what was paid for it is `released`.

    That is credit again, or unplaced money where `is_credit` is False.
    """

    topic: ClassVar[str] = "invoice_expired"
    invoice_id: int
    number: str
    released: Money
    is_credit: bool = True


@dataclass(frozen=True, slots=True)
class InvoiceClosed:
    """A proforma must not be paid any more, because of what was paid or ended elsewhere.

    `service` is the first one because of which, `more` counts further ones; `due_date` is until
    when it is paid, None if it ended. `others` counts the lines that are in the cart again.
    What is `released` is credit again, or unplaced money where `is_credit` is False.
    """

    topic: ClassVar[str] = "invoice_closed"
    number: str
    reason: Superseded
    service: NamedService
    released: Money
    due_date: date | None = None
    more: int = 0
    others: int = 0
    is_credit: bool = True


@dataclass(frozen=True, slots=True)
class CreditChanged:
    """The operator gave credit (or took some: `amount` below zero), with a note of their own."""

    topic: ClassVar[str] = "credit_changed"
    amount: Money
    balance: Money
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaymentArrived:
    """Money came that is not booked yet; to its payer, linked or not.

    `stated` is the amount as the provider states it, `amount` the same if it can be billed.
    `language` is that of the payer's app.
    """

    topic: ClassVar[str] = "payment_arrived"
    stated: str
    amount: Money | None
    language: str


@dataclass(frozen=True, slots=True)
class PaymentSetAside:
    """Money came that fits nothing; to its payer, linked or not. Fields as in PaymentArrived."""

    topic: ClassVar[str] = "payment_set_aside"
    stated: str
    amount: Money | None
    language: str


@dataclass(frozen=True, slots=True)
class PaymentCredited:
    """Money that fitted nothing became credit, or stands on the client's balance in the panel."""

    topic: ClassVar[str] = "payment_credited"
    amount: Money
    is_credit: bool = True


@dataclass(frozen=True, slots=True)
class InvoiceApplied:
    """The panel has carried out what was paid for with a proforma."""

    topic: ClassVar[str] = "invoice_applied"
    invoice_id: int
    number: str


@dataclass(frozen=True, slots=True)
class BalanceNotUsed:
    """The panel did not pay an invoice from the balance, as the client had asked."""

    topic: ClassVar[str] = "balance_not_used"
    invoice_id: int
    number: str


@dataclass(frozen=True, slots=True)
class OrderAnswered:
    """The panel has answered an order: it is placed or a part of it, refused, or withdrawn.

    `total` is what the client confirmed, `invoiced` what the panel asks for in `count` proformas,
    `left` what is still to be paid of that; `first_invoice_id` leads to the first of them.
    `refusal` is the panel's code.
    """

    topic: ClassVar[str] = "order_answered"
    order_id: int
    state: OrderState
    total: Money
    invoiced: Money
    left: Money
    count: int = 0
    first_invoice_id: int | None = None
    refusal: str = ""


PayerNotice = PaymentArrived | PaymentSetAside
PaymentNotice = PaymentArrived | PaymentSetAside | PaymentCredited
InvoiceNotice = (
    Receipt
    | PartPaid
    | MoneyToCredit
    | SurplusSetAside
    | MoneyCameLate
    | InvoiceExpired
    | InvoiceClosed
    | CreditChanged
)
PanelNotice = InvoiceApplied | BalanceNotUsed | OrderAnswered
