"""Digests."""

from dataclasses import dataclass
from datetime import date

from billing.rules.money import Money, total
from billing.rules.renewals import Refusal
from billing.rules.services import Service
from billing.views.services import InvoiceRef


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One service in a digest: what is due, when, at what price, or the invoice to finish.

    `done` items need nothing any more: renewed, ended or about to be cancelled since the message
    was sent; `refusal` says why an item cannot be renewed, if that is so.
    """

    service: Service
    parent_name: str
    stage: str
    planned_for: date
    days_left: int
    gross: Money
    done: bool = False
    refusal: Refusal | None = None
    opens_on: date | None = None
    in_cart: bool = False
    invoice: InvoiceRef | None = None

    @property
    def is_renewed(self) -> bool:
        """Whether its due date has moved on since the reminder was planned."""
        due = self.service.next_due_date
        return due is not None and due > self.planned_for

    @property
    def can_add(self) -> bool:
        """Whether it can be put into the cart now."""
        return not (self.done or self.in_cart or self.refusal or self.invoice)


@dataclass(frozen=True, slots=True)
class Digest:
    """A reminder message to one user, read again at the moment of sending.

    `account` names the client when the user acts for another one at the moment; `tax_rate` in
    basis points.
    """

    id: int
    client_id: int
    user_id: int
    items: tuple[DigestItem, ...]
    languages: tuple[str, ...]
    timezone: str
    today: date
    cart_total: Money
    cart_lines: int = 0
    tax_rate: int = 0
    account: str = ""

    @property
    def due(self) -> tuple[DigestItem, ...]:
        """What still has to be paid, most urgent first."""
        return tuple(item for item in self.items if not item.done)

    @property
    def total(self) -> Money:
        """The sum of what still has to be paid, gross."""
        return total((item.gross for item in self.due), self.cart_total.currency)

    @property
    def to_add(self) -> int:
        """How many can be put into the cart now."""
        return sum(item.can_add for item in self.items)
