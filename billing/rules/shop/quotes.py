"""Priced lines and carts as values, and the one rule that adds or splits the tax of a line.

`billing.rules.shop.pricing` makes the quotes. The cart shows them, the invoice is a snapshot of
them and the charge is their sum: what is shown and what is charged are the same by construction.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.rules.cycles import BillingCycle, shortest_first
from billing.rules.money import Money, PartialSum, round_half_up, total, total_known
from billing.rules.shop.cart import LineKind
from billing.rules.shop.renewals import Refusal

PERCENT = 10_000
"""Tax rates are whole basis points: 23 % is 2300 of 10 000."""


@dataclass(frozen=True, slots=True)
class Taxation:
    """The tax rate in basis points, and whether amounts in the data already include it."""

    rate: int
    included: bool


@dataclass(frozen=True, slots=True)
class Amounts:
    """One priced line: net + tax = gross."""

    net: Money
    tax: Money
    gross: Money


def price_line(base: Money, taxation: Taxation) -> Amounts:
    """Split or add the tax of one line; the tax is what is rounded, once, half up."""
    whole = PERCENT + taxation.rate if taxation.included else PERCENT
    tax = Money(round_half_up(base.minor * taxation.rate, whole), base.currency)
    if taxation.included:
        return Amounts(base - tax, tax, base)
    return Amounts(base, tax, base + tax)


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced line: what, period from-to, setup, net, tax, gross.

    `amount` and `setup` are as in the data (net or gross by the setting); `recurring` is the gross
    of each later period; `parent_line` names the cart line this add-on was ordered with.

    A renewal whose price the service's owner has not said yet has neither `amount`, `amounts` nor
    `recurring`. One whose due date is not known yet has no period: both ends are None.
    """

    line_id: int
    kind: LineKind
    product_id: str
    name: str
    domain: str
    cycle: BillingCycle
    period_from: date | None
    period_to: date | None
    anchor_day: int
    amount: Money | None
    setup: Money
    amounts: Amounts | None
    recurring: Money | None
    setup_gross: Money
    service_id: int | None = None
    parent_line: int | None = None
    due_date: date | None = None
    parent_name: str = ""

    @property
    def gross(self) -> Money | None:
        """What this line costs the client today; None while that is not known."""
        return self.amounts.gross if self.amounts else None

    @property
    def is_complete(self) -> bool:
        """Whether price and period are known, as on an invoice they must be."""
        return self.amounts is not None and self.period_from is not None

    @property
    def terms(self) -> tuple[str | int | None, ...]:
        """What the client agrees to when they pay; names may be reworded meanwhile."""
        dates = (self.period_from, self.period_to, self.due_date)
        net, tax = (self.amounts.net, self.amounts.tax) if self.amounts else (None, None)
        amounts = (net, tax, self.setup_gross, self.recurring)
        return (
            self.line_id, self.kind.value, self.product_id, self.service_id, self.parent_line,
            self.cycle.name, self.anchor_day, *map(str, dates), *map(str, amounts),
            self.domain if self.kind is LineKind.PRODUCT else "",
        )  # fmt: skip


def sum_of(quotes: Iterable[Quote], currency: str) -> Amounts:
    """The amounts of some quotes together, as far as they are known."""
    known = [quote.amounts for quote in quotes if quote.amounts]
    return Amounts(
        total((amounts.net for amounts in known), currency),
        total((amounts.tax for amounts in known), currency),
        total((amounts.gross for amounts in known), currency),
    )


class Unavailable(StrEnum):
    """Why a line that is in the cart cannot be bought any more."""

    NOT_OFFERED = "not_offered"
    DOES_NOT_FIT = "does_not_fit"
    NOT_RENEWABLE = "not_renewable"
    NO_SUCH_SERVICE = "no_such_service"
    SERVICE_NOT_ACTIVE = "service_not_active"
    ALREADY_HAS_IT = "already_has_it"
    INVOICED = "already_invoiced"
    WRONG_ENDING = "wrong_ending"
    ON_PROFORMA = "on_proforma"
    NAME_TAKEN = "name_taken"
    ORDERED = "ordered"
    ORDER_NOT_ALLOWED = "order_not_allowed"


@dataclass(frozen=True, slots=True)
class Problem:
    """A cart line that cannot be bought now: shown with its reason, never priced.

    `invoice_id` is the unpaid invoice that has it already, `number` the number of one that orders
    it.
    """

    line_id: int
    kind: LineKind
    name: str
    domain: str
    reason: Unavailable
    refusal: Refusal | None = None
    opens_on: date | None = None
    invoice_id: int | None = None
    endings: tuple[str, ...] = ()
    number: str = ""


def seal_of(*terms: object) -> int:
    """A 40-bit hash of what a client saw; a button carries it in place of an amount."""
    return int.from_bytes(hashlib.sha256(repr([*terms]).encode()).digest()[:5])


@dataclass(frozen=True, slots=True)
class QuotedCart:
    """A cart with its prices of today; `is_estimate` as in PricingInputs."""

    client_id: int
    revision: int
    currency: str
    quotes: tuple[Quote, ...]
    problems: tuple[Problem, ...] = ()
    is_estimate: bool = False

    @property
    def totals(self) -> Amounts:
        """Sums of the lines whose price is known; `gross` says whether that is all of them."""
        return sum_of(self.quotes, self.currency)

    @property
    def gross(self) -> PartialSum:
        """What the lines cost together, as far as that is known."""
        return self._total(quote.gross for quote in self.quotes)

    @property
    def recurring(self) -> tuple[tuple[BillingCycle, PartialSum], ...]:
        """What recurs afterwards, gross, by cycle, shortest first."""
        amounts = [(quote.cycle, quote.recurring) for quote in self.quotes]
        return tuple(
            (cycle, self._total(a for c, a in amounts if c == cycle))
            for cycle in shortest_first(q.cycle for q in self.quotes)
            if cycle.recurring
        )

    def _total(self, prices: Iterable[Money | None]) -> PartialSum:
        return total_known(prices, self.currency, is_estimate=self.is_estimate)

    @property
    def is_complete(self) -> bool:
        """Whether the price and the period of each line are known."""
        return all(quote.is_complete for quote in self.quotes)

    @property
    def seal(self) -> int:
        """A 40-bit hash of prices, dates and periods; equal seals mean nothing changed."""
        quotes = sorted(self.quotes, key=lambda quote: quote.line_id)
        return seal_of(self.currency, *(quote.terms for quote in quotes))
