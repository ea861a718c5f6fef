"""Priced lines and carts as values, and the one rule that adds or splits the tax of a line.

`billing.rules.pricing` makes the quotes. The cart shows them, the invoice is a snapshot of them
and the charge is their sum: what is shown and what is charged are the same by construction.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.rules.cart import LineKind
from billing.rules.cycles import CYCLES, BillingCycle
from billing.rules.money import Money, round_half_up, total
from billing.rules.renewals import Refusal

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
    """Split or add the tax of one line, rounded once, half up."""
    if taxation.included:
        net_minor = round_half_up(base.minor * PERCENT, PERCENT + taxation.rate)
        net = Money(net_minor, base.currency)
        return Amounts(net, base - net, base)
    tax = Money(round_half_up(base.minor * taxation.rate, PERCENT), base.currency)
    return Amounts(base, tax, base + tax)


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced line: what, period from-to, setup, net, tax, gross.

    `amount` and `setup` are as in the data (net or gross by the setting); `recurring` is the gross
    of each later period; `parent_line` names the cart line this add-on was ordered with.
    """

    line_id: int
    kind: LineKind
    product_id: str
    name: str
    domain: str
    cycle: BillingCycle
    period_from: date
    period_to: date | None
    anchor_day: int
    amount: Money
    setup: Money
    amounts: Amounts
    recurring: Money
    setup_gross: Money
    service_id: int | None = None
    parent_line: int | None = None
    due_date: date | None = None
    parent_name: str = ""

    @property
    def gross(self) -> Money:
        """What this line costs the client today."""
        return self.amounts.gross


class Unavailable(StrEnum):
    """Why a line that is in the cart cannot be bought any more."""

    NOT_OFFERED = "not_offered"
    NOT_RENEWABLE = "not_renewable"
    NO_SUCH_SERVICE = "no_such_service"
    SERVICE_NOT_ACTIVE = "service_not_active"
    ALREADY_HAS_IT = "already_has_it"
    INVOICED = "already_invoiced"


@dataclass(frozen=True, slots=True)
class Problem:
    """A cart line that cannot be bought now: shown with its reason, never priced."""

    line_id: int
    kind: LineKind
    name: str
    domain: str
    reason: Unavailable
    refusal: Refusal | None = None
    opens_on: date | None = None
    invoice_id: int | None = None


@dataclass(frozen=True, slots=True)
class QuotedCart:
    """A cart with its prices of today."""

    client_id: int
    revision: int
    currency: str
    quotes: tuple[Quote, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def totals(self) -> Amounts:
        """Sums of the lines."""
        return Amounts(
            total((q.amounts.net for q in self.quotes), self.currency),
            total((q.amounts.tax for q in self.quotes), self.currency),
            total((q.amounts.gross for q in self.quotes), self.currency),
        )

    @property
    def recurring(self) -> tuple[tuple[BillingCycle, Money], ...]:
        """What recurs afterwards, gross, by cycle, shortest first."""
        return tuple(
            (cycle, total((q.recurring for q in self.quotes if q.cycle is cycle), self.currency))
            for cycle in CYCLES
            if cycle.recurring and any(q.cycle is cycle for q in self.quotes)
        )

    @property
    def seal(self) -> int:
        """A 40-bit hash of prices, dates and periods; equal seals mean nothing changed."""
        parts = [
            f"{q.line_id}|{q.kind}|{q.product_id}|{q.service_id}|{q.cycle}|{q.period_from}"
            f"|{q.period_to}|{q.amounts.net}|{q.amounts.tax}|{q.recurring}|{q.domain}"
            for q in self.quotes
        ]
        text = "\n".join([self.currency, *parts])
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:5])
