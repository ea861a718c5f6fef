"""Digests."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.money import Money, PartialSum, total_known
from billing.rules.reminders.preferences import Pause
from billing.rules.services.service import Placed
from billing.rules.shop.catalog import Banner, Product
from billing.rules.shop.quotes import Quote
from billing.rules.shop.renewals import Refusal
from billing.views.services import InvoiceRef


@dataclass(frozen=True, slots=True)
class DigestItem(Placed):
    """One service in a digest: what is due, when, at what price, or the invoice to finish.

    `done` items need nothing any more: renewed, ended or about to be cancelled since the message
    was sent; `refusal` says why an item cannot be renewed, if that is so. `pause` is there while
    the reader wants to hear nothing of it for this due date. `payable` is the quote of its
    renewal, as it is in the cart or would be, where that can be paid now. `gross` is None while
    the price is not known.
    """

    stage: str
    planned_for: date
    days_left: int
    gross: Money | None
    done: bool = False
    refusal: Refusal | None = None
    opens_on: date | None = None
    in_cart: bool = False
    invoice: InvoiceRef | None = None
    pause: Pause | None = None
    payable: Quote | None = None

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
class DigestProforma:
    """An unpaid proforma in a digest that none of its services stands for.

    `done` once it was paid or closed since the message was sent.
    """

    id: int
    number: str
    balance: Money
    expires_on: date
    days_left: int
    done: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """A reminder message to one user, read again at the moment of sending.

    `account` names the client when the user acts for another one at the moment; `tax_rate` in
    basis points. `offer` is the company's banner of the day, for those who want offers, and
    `offered` what it is about where they can order it; both stand in the message as it was sent
    and not in one drawn again. `credit` is what the client could pay with. `can_pay` where its
    reader may renew and pay. `as_of` is when the panel was last read, where that is long ago: then
    nothing in it is to be paid.
    """

    id: int
    client_id: int
    user_id: int
    items: tuple[DigestItem, ...]
    languages: tuple[str, ...]
    timezone: str
    today: date
    cart_total: PartialSum
    cart_lines: int = 0
    tax_rate: int = 0
    account: str = ""
    proformas: tuple[DigestProforma, ...] = ()
    offer: Banner | None = None
    offered: Product | None = None
    credit: Money | None = None
    soon_days: int = 14
    can_pay: bool = True
    as_of: datetime | None = None

    @property
    def covering_credit(self) -> Money | None:
        """The client's credit, if it pays for all that is due; None otherwise."""
        owed, credit = self.total.whole, self.credit
        return credit if credit is not None and owed and credit >= owed else None

    @property
    def due(self) -> tuple[DigestItem, ...]:
        """What still has to be paid, most urgent first."""
        return tuple(item for item in self.items if not item.done)

    @property
    def unpaid(self) -> tuple[DigestProforma, ...]:
        """The proformas that still have to be paid."""
        return tuple(proforma for proforma in self.proformas if not proforma.done)

    @property
    def total(self) -> PartialSum:
        """What still has to be paid, gross, as far as it is known; of a proforma what is left."""
        balances = {item.invoice.id: item.invoice.balance for item in self.due if item.invoice}
        prices = [item.gross for item in self.due if item.invoice is None]
        stated = [*balances.values(), *(one.balance for one in self.unpaid)]
        currency = self.cart_total.known.currency
        is_estimate = self.cart_total.is_estimate and bool(prices)
        return total_known([*prices, *stated], currency, is_estimate=is_estimate)

    @property
    def payable(self) -> tuple[Quote, ...]:
        """The renewals that can be paid now; what is on a proforma is paid there."""
        return tuple(item.payable for item in self.items if item.payable is not None)

    @property
    def payable_total(self) -> PartialSum:
        """What those renewals cost together, gross, as far as it is known."""
        prices = (quote.gross for quote in self.payable)
        currency, is_estimate = self.cart_total.known.currency, self.cart_total.is_estimate
        return total_known(prices, currency, is_estimate=is_estimate)

    @property
    def is_whole_cart(self) -> bool:
        """Whether the cart holds exactly what can be paid of this."""
        in_cart = sum(quote.line_id > 0 for quote in self.payable)
        return in_cart == len(self.payable) == self.cart_lines

    @property
    def to_add(self) -> int:
        """How many can be put into the cart now."""
        return sum(item.can_add for item in self.items)

    @property
    def to_snooze(self) -> tuple[DigestItem, ...]:
        """What the reader may ask to be reminded of later."""
        return tuple(item for item in self.due if item.service.next_due_date is not None)
