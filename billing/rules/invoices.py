"""Invoices (to clients: proformas): immutable snapshots of a checked-out cart."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from billing.rules.errors import InvoiceClosedError
from billing.rules.money import Money, total
from billing.rules.quotes import Amounts, Quote


class InvoiceStatus(StrEnum):
    """Unpaid until paid, cancelled by the client, or expired."""

    UNPAID = "unpaid"
    PAID = "paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


LAPSED = frozenset({InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED})
"""Closed without being paid: money that comes for one of these has come too late."""

TRANSITIONS = {
    InvoiceStatus.UNPAID: frozenset(
        {InvoiceStatus.PAID, InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED}
    ),
    InvoiceStatus.PAID: frozenset[InvoiceStatus](),
    InvoiceStatus.CANCELLED: frozenset[InvoiceStatus](),
    InvoiceStatus.EXPIRED: frozenset[InvoiceStatus](),
}


class Outcome(StrEnum):
    """What happened to a line when its invoice was paid."""

    RENEWED = "renewed"
    RENEWED_AFTER_MOVE = "renewed_after_move"
    ACTIVATED = "activated"
    ORDERED = "ordered"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One quoted line as it was sold; applied exactly once.

    `service_id` after application names the service that was renewed, activated or created.
    """

    id: int
    quote: Quote
    applied_at: datetime | None = None
    outcome: Outcome | None = None
    due_date: date | None = None
    service_id: int | None = None

    @property
    def amounts(self) -> Amounts:
        """What it costs. ValueError without a price: no invoice is made before it is known."""
        if self.quote.amounts is None:
            raise ValueError("an invoice line without a price")
        return self.quote.amounts


@dataclass(frozen=True, slots=True)
class Invoice:
    """A snapshot of what was bought; `paid` counts credit and payments, in the same currency."""

    id: int
    client_id: int
    number: str
    status: InvoiceStatus
    currency: str
    lines: tuple[InvoiceLine, ...]
    created_at: datetime
    expires_on: date
    paid: Money
    paid_at: datetime | None = None

    @property
    def totals(self) -> Amounts:
        """Sums of the lines, the same as the cart's."""
        amounts = [line.amounts for line in self.lines]
        return Amounts(
            total((a.net for a in amounts), self.currency),
            total((a.tax for a in amounts), self.currency),
            total((a.gross for a in amounts), self.currency),
        )

    @property
    def gross(self) -> Money:
        """What the invoice asks for."""
        return self.totals.gross

    @property
    def balance(self) -> Money:
        """What is still to be paid; never below zero."""
        return max(self.gross - self.paid, Money.zero(self.currency))

    @property
    def renewed(self) -> tuple[int, ...]:
        """The services that it has renewed."""
        renewals = (Outcome.RENEWED, Outcome.RENEWED_AFTER_MOVE)
        numbers = (line.service_id for line in self.lines if line.outcome in renewals)
        return tuple(number for number in numbers if number is not None)

    @property
    def is_open(self) -> bool:
        """Whether it can still be paid."""
        return self.status is InvoiceStatus.UNPAID


def check_transition(invoice: Invoice, to: InvoiceStatus) -> None:
    """Raise InvoiceClosedError unless the invoice may become `to`."""
    if to not in TRANSITIONS[invoice.status]:
        raise InvoiceClosedError(
            status=invoice.status, number=invoice.number, invoice_id=invoice.id
        )


NUMBER_DIGITS = 4
"""How many random digits end a number."""

_WITHOUT_DIGITS = re.compile(r"PRO-[0-9]{6}-[0-9]{5,}")


def invoice_number(day: date, sequence: int, digits: int) -> str:
    """The number clients quote in a transfer: month, running number, four random digits.

    A database that is restored from a copy counts the same running numbers again. The digits
    keep a transfer for a number it has forgotten from paying somebody else's invoice.
    """
    return f"PRO-{day:%Y%m}-{sequence:05d}-{digits:0{NUMBER_DIGITS}d}"


def lacks_digits(number: str) -> bool:
    """Whether a number ends before the random digits: one of an older version, or cut off."""
    return _WITHOUT_DIGITS.fullmatch(number) is not None
