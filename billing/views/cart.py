"""Renewals and the cart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.rules.allowed import Allowed
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money, PartialSum
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart, CartLine
from billing.rules.shop.quotes import Quote, QuotedCart
from billing.rules.shop.renewals import Renewability
from billing.rules.shop.savings import Saving
from billing.views.page import CountedPage


@dataclass(frozen=True, slots=True)
class RenewalOffer:
    """A service that can be renewed now, at the price of its quote."""

    number: int
    service: Service
    quote: Quote
    cycles: tuple[BillingCycle, ...]
    in_cart: BillingCycle | None = None


@dataclass(frozen=True, slots=True)
class RenewalRefused:
    """A service that cannot be renewed now, and why.

    `on_invoice` is an unpaid invoice's id.
    """

    service: Service
    renewability: Renewability
    on_invoice: int | None = None
    parent_name: str = ""


@dataclass(frozen=True, slots=True)
class RenewalList:
    """A page of what can be renewed, most urgent first, and one of what cannot.

    `balances` is what is left to pay of each unpaid invoice that a renewal is on. `due_soon`
    counts what is overdue or due within 30 days and not in the cart yet. Of what can be renewed,
    `has_dates` says whether any due date is known, `has_other_cycles` whether anything can be
    renewed for a cycle that is not its own.
    """

    offers: CountedPage[RenewalOffer]
    refused: CountedPage[RenewalRefused]
    balances: Mapping[int, Money]
    has_dates: bool
    has_other_cycles: bool
    cart_lines: int
    cart_total: PartialSum
    due_soon: int
    due_soon_total: PartialSum
    today: date
    allowed: Allowed
    soon_days: int = 14
    tax_rate: int = 0

    @property
    def is_estimate(self) -> bool:
        """Whether a connected panel says what sums and dates come to."""
        return self.due_soon_total.is_estimate


@dataclass(frozen=True, slots=True)
class CartView:
    """The cart with today's prices; `changeable` lines may have another cycle.

    `credit` is None where clients have none.
    """

    cart: Cart
    quoted_cart: QuotedCart
    credit: Money | None
    prices_include_tax: bool
    today: date
    allowed: Allowed
    tax_rate: int = 0
    changeable: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RemovedLines:
    """The cart after a line was taken out, and that line with the add-ons that went with it.

    `lines` can be put back; there are none where there was nothing to remove.
    """

    cart: CartView
    lines: tuple[CartLine, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestoredLines:
    """The cart after lines were put back; not `new` when they had been in there already."""

    cart: CartView
    new: bool


@dataclass(frozen=True, slots=True)
class CycleChoice:
    """The cycles one cart line may have, with the gross price of each; None: not known yet.

    `savings` are against the shortest of them over the same time.
    """

    line: Quote
    choices: tuple[tuple[BillingCycle, Money | None], ...]
    savings: Mapping[BillingCycle, Saving] = field(default_factory=dict)
    tax_rate: int = 0

    @property
    def shortest(self) -> BillingCycle:
        """The cycle that the savings are compared with."""
        return self.choices[0][0]
