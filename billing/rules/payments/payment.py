"""Payments: attempts to pay an invoice, and what a confirmed one does to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice


class PaymentStatus(StrEnum):
    """pending → paid, or expired on the way; money that comes after that still makes it paid."""

    PENDING = "pending"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt through one gateway; `charge_id` is the provider's key, unique per gateway.

    A bank transfer that pays several invoices has the same key on each: `share` is 0 on the one
    it was booked on first, and the invoice's id on the others.
    """

    id: int
    invoice_id: int
    client_id: int
    gateway: str
    status: PaymentStatus
    amount: Money
    created_at: datetime
    charge_id: str | None = None
    paid_at: datetime | None = None
    share: int = 0


@dataclass(frozen=True, slots=True)
class Application:
    """How received money is used: for the invoice, and the surplus for the client's credit."""

    to_invoice: Money
    surplus: Money
    settles: bool


def apply_money(invoice: Invoice, money: Money) -> Application:
    """Split received money between an invoice's balance and credit.

    A closed invoice takes nothing: money that comes for it is the client's credit. ValueError for
    money of another currency or below zero.
    """
    if money.minor < 0:
        raise ValueError("money that is received is never below zero")
    if money.currency != invoice.currency:
        raise ValueError("payments and invoices share one currency")
    balance = invoice.balance if invoice.is_open else Money.zero(invoice.currency)
    applied = min(balance, money)
    return Application(applied, money - applied, settles=invoice.is_open and applied == balance)


class CreditReason(StrEnum):
    """Why credit moved."""

    LOADED = "loaded"
    ADJUSTED = "adjusted"
    APPLIED = "applied"
    RELEASED = "released"
    SURPLUS = "surplus"
    REJECTED = "rejected"
    UNDELIVERED = "undelivered"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class CreditMovement:
    """One entry of the credit's history; amounts are signed, `balance` is the credit after it."""

    id: int
    client_id: int
    amount: Money
    balance: Money
    reason: CreditReason
    at: datetime
    invoice_number: str = ""
