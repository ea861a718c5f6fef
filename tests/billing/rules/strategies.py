"""Hypothesis strategies for billing values.

A cart with everything its prices depend on is grown from a seed: drawing its hundred values
one by one would leave time for tens of examples where thousands are wanted.
"""

from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from billing.rules.cycles import NAMED_CYCLES, BillingCycle, CycleUnit, parse_cycle, shortest_first
from billing.rules.money import EXPONENTS, MAX_MINOR, Money
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.catalog import Catalog, Price
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Taxation
from tests import make

CYCLES = shortest_first(
    [*NAMED_CYCLES, *map(parse_cycle, ("2-weeks", "6-weeks", "5-months", "18-months", "5-years"))]
)
"""Those with names of their own and others that panels have."""

RECURRING = tuple(cycle for cycle in CYCLES if cycle.recurring)
BY_MONTH = tuple(cycle for cycle in RECURRING if cycle.unit is not CycleUnit.WEEK)
"""Cycles that keep the anchor day."""

USUAL = (*CYCLES, *[BillingCycle.MONTHLY] * 4, *[BillingCycle.ANNUALLY] * 4)
"""Cycles as a client's mix would be, so that most invented wishes can be bought."""

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(min_value=-MAX_MINOR, max_value=MAX_MINOR)
days = st.dates(min_value=date(1999, 1, 1), max_value=date(2101, 12, 31))
anchors = st.integers(min_value=1, max_value=31)
recurring_cycles = st.sampled_from(RECURRING)
monthly_cycles = st.sampled_from(BY_MONTH)
rates = st.one_of(st.just(0), st.just(2300), st.integers(min_value=0, max_value=10_000))
taxations = st.builds(Taxation, rate=rates, included=st.booleans())


def _amount(random: Random, currency: str) -> Money:
    return Money(random.choice([0, 1, 2900, random.randrange(10**7)]), currency)


def _prices(random: Random, currency: str) -> tuple[Price, ...]:
    """Prices for any set of cycles, some with a setup fee; free is free."""
    nothing = Money.zero(currency)
    return tuple(
        Price(cycle, nothing, nothing)
        if cycle == BillingCycle.FREE
        else Price(
            cycle, _amount(random, currency), random.choice([nothing, _amount(random, currency)])
        )
        for cycle in CYCLES
        if random.random() < 0.8
    )


def _catalog(random: Random, currency: str) -> Catalog:
    """The product "start" and the add-on "ssl" with any prices, offered or withdrawn."""
    return make.catalog(
        make.product(prices=_prices(random, currency), offered=random.random() < 0.8),
        make.addon(prices=_prices(random, currency), max_per_service=random.choice([1, 1, 2])),
    )


def _service(random: Random, service_id: int, currency: str, parent_id: int | None) -> Service:
    """A service, or an add-on when there is a parent; active more often than not."""
    status = random.choice([*ServiceStatus, *[ServiceStatus.ACTIVE] * 9])
    cycle = random.choice(USUAL)
    due = make.TODAY + timedelta(days=random.randint(-60, 400))
    return make.service(
        id=service_id,
        parent_id=parent_id,
        product_id="start" if parent_id is None else random.choice(["ssl", "backup"]),
        amount=_amount(random, currency),
        cycle=cycle,
        next_due_date=due if cycle.recurring else None,
        status=status,
        suspended_for=random.choice([*SuspendedFor])
        if status is ServiceStatus.SUSPENDED
        else None,
    )


def _basis(random: Random) -> PricingInputs:
    """A client's two services, each with an add-on, and everything else a price depends on."""
    currency = random.choice(["PLN", "JPY", "KWD"])
    owned = [_service(random, number, currency, None) for number in (1, 2)]
    owned += [_service(random, number + 2, currency, number) for number in (1, 2)]
    return make.pricing(
        *owned,
        catalog=_catalog(random, currency),
        currency=currency,
        taxation=Taxation(random.choice([0, 800, 2300, 10_000]), random.random() < 0.5),
        cancelling=frozenset({random.randint(1, 12)}),
        on_invoice={random.randint(1, 12): 77},
        balances={77: Money(100, currency)},
    )


def _line(random: Random, line_id: int) -> CartLine:
    """Any wish, sensible or not: things that are missing, withdrawn, or of another kind."""
    kind = random.choice([*LineKind])
    below = kind is LineKind.ADDON and random.random() < 0.5
    wanted = "ssl" if kind is LineKind.ADDON else "start"
    return CartLine(
        id=line_id,
        kind=kind,
        cycle=random.choice(USUAL),
        service_id=None
        if kind is LineKind.PRODUCT or below
        else random.choice([1, 1, 2, 2, 3, 4, 5]),
        product_id="" if kind is LineKind.RENEWAL else random.choice([wanted] * 5 + ["ssl", "x"]),
        parent_line=random.choice([1, 1, 2, 3, 6]) if below else None,
        name="nowa.example" if kind is LineKind.PRODUCT else "",
    )


def _cart(random: Random) -> Cart:
    return make.cart(*(_line(random, number) for number in range(1, random.randint(1, 7))))


def _world(seed: int) -> tuple[Cart, PricingInputs]:
    random = Random(seed)
    return _cart(random), _basis(random)


worlds = st.integers(0, 2**48).map(_world)
"""A cart of up to six wishes, and what their prices depend on."""
