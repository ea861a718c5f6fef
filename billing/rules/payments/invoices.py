"""Invoices (to clients: proformas): immutable snapshots of a checked-out cart."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from billing.rules.errors import InvoiceClosedError
from billing.rules.money import Money
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts, Quote, seal_of


class InvoiceStatus(StrEnum):
    """Unpaid until paid, cancelled by the client, or expired.

    "Being applied" is paid with lines that the panel still owes: the money has come, and the
    services are not renewed or ordered yet. Drafts and refunds exist in panels only.
    """

    DRAFT = "draft"
    UNPAID = "unpaid"
    BEING_APPLIED = "being_applied"
    PAID = "paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class Born(StrEnum):
    """Where an invoice was made: here from a cart, or by the panel."""

    CART = "cart"
    PANEL = "panel"


HOLDING = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.UNPAID, InvoiceStatus.BEING_APPLIED})
"""Statuses in which nothing that is on the invoice can be bought a second time."""

COVERED = frozenset({InvoiceStatus.BEING_APPLIED, InvoiceStatus.PAID})
"""The money for it has come in full."""

LAPSED = frozenset({InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED})
"""Closed without being paid: money that comes for one of these has come too late."""

TRANSITIONS = {
    InvoiceStatus.DRAFT: frozenset[InvoiceStatus](),
    InvoiceStatus.UNPAID: frozenset(
        {
            InvoiceStatus.BEING_APPLIED,
            InvoiceStatus.PAID,
            InvoiceStatus.CANCELLED,
            InvoiceStatus.EXPIRED,
        }
    ),
    InvoiceStatus.BEING_APPLIED: frozenset[InvoiceStatus](),
    InvoiceStatus.PAID: frozenset[InvoiceStatus](),
    InvoiceStatus.CANCELLED: frozenset[InvoiceStatus](),
    InvoiceStatus.EXPIRED: frozenset[InvoiceStatus](),
    InvoiceStatus.REFUNDED: frozenset[InvoiceStatus](),
}
"""What Panelik may make of an invoice. A panel says itself what became of its own."""


class Outcome(StrEnum):
    """What happened to a line when its invoice was paid.

    The price of a line that could not be carried out is credit, or (undelivered) unplaced money.
    """

    RENEWED = "renewed"
    RENEWED_AFTER_MOVE = "renewed_after_move"
    ACTIVATED = "activated"
    ORDERED = "ordered"
    CREDITED = "credited"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class StatedLine:
    """A line of a panel's invoice: amounts, and as much of the rest as the panel says.

    `kind` is None for anything else than a renewal, an add-on or a product: a fee, a discount.
    `service_id` is the service that the line is about.
    """

    name: str
    amounts: Amounts
    kind: LineKind | None = None
    domain: str = ""
    service_id: int | None = None
    period_from: date | None = None
    period_to: date | None = None

    @property
    def gross(self) -> Money:
        """What this line costs."""
        return self.amounts.gross


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line as it was sold here or stated by a panel; applied exactly once.

    `service_id` after application names the service that was renewed, activated or created.
    """

    id: int
    item: Quote | StatedLine
    applied_at: datetime | None = None
    outcome: Outcome | None = None
    due_date: date | None = None
    service_id: int | None = None

    @property
    def quote(self) -> Quote:
        """The quote it was sold by; TypeError for a panel's line, which has none."""
        if isinstance(self.item, StatedLine):
            raise TypeError("a panel's line has no quote")
        return self.item

    @property
    def until(self) -> date | None:
        """Until when a renewal is paid, as far as that is known."""
        return self.due_date or self.item.period_to

    @property
    def owed_on(self) -> date | None:
        """When the renewal on it is due; None for anything else, or while that is not known."""
        if self.item.kind is not LineKind.RENEWAL:
            return None
        sold_due = self.item.due_date if isinstance(self.item, Quote) else None
        return sold_due or self.item.period_from

    @property
    def amounts(self) -> Amounts:
        """What it costs. ValueError without a price: no invoice is made before it is known."""
        if self.item.amounts is None:
            raise ValueError("an invoice line without a price")
        return self.item.amounts


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is to be paid; `paid` counts credit and payments, in the same currency.

    Born of a cart it is an immutable snapshot of it. Born of a panel (`ref` is its id there) it
    is what the panel says: its totals need not be the sums of its lines, and it may never expire.
    `address` is the panel's own page where it is paid, "" where there is none.
    `order_id` is the order that it belongs to, as far as that is known.
    """

    id: int
    client_id: int
    number: str
    status: InvoiceStatus
    currency: str
    lines: tuple[InvoiceLine, ...]
    created_at: datetime
    expires_on: date | None
    paid: Money
    totals: Amounts
    paid_at: datetime | None = None
    order_id: int | None = None
    born: Born = Born.CART
    ref: str = ""
    address: str = ""

    @property
    def gross(self) -> Money:
        """What the invoice asks for."""
        return self.totals.gross

    @property
    def balance(self) -> Money:
        """What is still to be paid; never below zero."""
        return max(self.gross - self.paid, Money.zero(self.currency))

    @property
    def seal(self) -> int:
        """A hash of what is left to pay of it; an equal seal means that this is the same."""
        return seal_of(self.number, self.currency, self.balance.minor)

    @property
    def most_urgent(self) -> InvoiceLine | None:
        """The renewal on it that is due first; None if nothing on it has a due date."""
        owed = [(line.owed_on, line.id, line) for line in self.lines if line.owed_on]
        return min(owed, key=lambda one: one[:2])[2] if owed else None

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

    @property
    def is_covered(self) -> bool:
        """Whether the money for it has come in full."""
        return self.status in COVERED


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
