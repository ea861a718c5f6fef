"""What a longer billing cycle saves against the shortest one that is offered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing.rules.cycles import BillingCycle, CycleUnit
from billing.rules.money import Money


@dataclass(frozen=True, slots=True)
class CyclePrice:
    """What one cycle costs: `setup` once, `recurring` for every period."""

    cycle: BillingCycle
    recurring: Money
    setup: Money


@dataclass(frozen=True, slots=True)
class Saving:
    """What is saved in one period of a cycle; `percent` is whole and rounded down."""

    amount: Money
    percent: int


def savings(prices: Iterable[CyclePrice]) -> Mapping[BillingCycle, Saving]:
    """The savings of the cycles that cost less than the shortest one over the same time.

    Both sides are what is paid: the setup fee and the prices of all periods of that time. A cycle
    that is no whole number of the shortest cycle's periods is not compared, because nobody could
    buy the same time of both.
    """
    recurring = sorted(
        (price for price in prices if price.cycle.recurring and price.recurring),
        key=lambda price: price.cycle.length,
    )
    if not recurring:
        return {}
    base = recurring[0]
    compared = ((price.cycle, _saving(price, base)) for price in recurring[1:])
    return {cycle: saving for cycle, saving in compared if saving is not None}


def _saving(price: CyclePrice, base: CyclePrice) -> Saving | None:
    periods = _periods(price.cycle, base.cycle)
    if periods is None:
        return None
    before = base.recurring * periods + base.setup
    saved = before - price.recurring - price.setup
    if saved.minor <= 0:
        return None
    return Saving(saved, saved.minor * 100 // before.minor)


def _periods(cycle: BillingCycle, base: BillingCycle) -> int | None:
    """How many periods of the base are as long as one of the cycle; None if no whole number."""
    if (cycle.unit is CycleUnit.WEEK) is not (base.unit is CycleUnit.WEEK):
        return None  # months have no fixed number of weeks
    length, shortest = cycle.months or cycle.count, base.months or base.count
    return None if length % shortest else length // shortest
