"""Hypothesis strategies for billing values."""

from datetime import date

from hypothesis import strategies as st

from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.catalog import Catalog, Price, Product
from billing.rules.cycles import CYCLES, BillingCycle
from billing.rules.money import EXPONENTS, MAX_MINOR, Money
from billing.rules.pricing import QuoteBasis
from billing.rules.quotes import Taxation
from billing.rules.services import Service, ServiceStatus, SuspendedFor
from tests import make

RECURRING = tuple(cycle for cycle in CYCLES if cycle.recurring)

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(min_value=-MAX_MINOR, max_value=MAX_MINOR)
amounts = st.integers(min_value=0, max_value=10_000_000)
days = st.dates(min_value=date(1999, 1, 1), max_value=date(2101, 12, 31))
anchors = st.integers(min_value=1, max_value=31)
recurring_cycles = st.sampled_from(RECURRING)
rates = st.one_of(st.just(0), st.just(2300), st.integers(min_value=0, max_value=10_000))
taxations = st.builds(Taxation, rate=rates, included=st.booleans())


def money_in(currency: str) -> st.SearchStrategy[Money]:
    """Amounts of zero or more in a currency."""
    return amounts.map(lambda minor: Money(minor, currency))


def price_lists(currency: str) -> st.SearchStrategy[tuple[Price, ...]]:
    """Prices for any set of cycles, some with a setup fee; free is free."""

    def listed(cycles: frozenset[BillingCycle]) -> st.SearchStrategy[tuple[Price, ...]]:
        nothing = Money.zero(currency)
        return st.tuples(
            *(
                st.just(Price(cycle, nothing, nothing))
                if cycle is BillingCycle.FREE
                else st.builds(Price, st.just(cycle), money_in(currency), money_in(currency))
                for cycle in CYCLES
                if cycle in cycles
            )
        )

    return st.frozensets(st.sampled_from(CYCLES)).flatmap(listed)


@st.composite
def services(draw: st.DrawFn, service_id: int, currency: str, parent_id: int | None) -> Service:
    """A service, or an add-on when there is a parent, in any status with a consistent reason."""
    status = draw(st.sampled_from(ServiceStatus))
    suspended = status is ServiceStatus.SUSPENDED
    cycle = draw(st.sampled_from(CYCLES))
    due = draw(st.dates(date(2025, 12, 1), date(2026, 6, 30))) if cycle.recurring else None
    return make.service(
        id=service_id,
        parent_id=parent_id,
        product_id="start" if parent_id is None else "ssl",
        amount=draw(money_in(currency)),
        cycle=cycle,
        next_due_date=due,
        status=status,
        suspended_for=draw(st.sampled_from(SuspendedFor)) if suspended else None,
    )


@st.composite
def catalogs(draw: st.DrawFn, currency: str) -> Catalog:
    """The product "start" and the add-on "ssl" with any prices, offered or withdrawn."""
    prices = price_lists(currency)
    products: tuple[Product, ...] = (
        make.product(prices=draw(prices), offered=draw(st.booleans())),
        make.addon(prices=draw(prices), max_per_service=draw(st.integers(1, 2))),
    )
    return make.catalog(*products)


@st.composite
def bases(draw: st.DrawFn) -> QuoteBasis:
    """A client's two services, each with an add-on, and everything else a price depends on."""
    currency = draw(st.sampled_from(["PLN", "JPY", "KWD"]))
    owned = [draw(services(number, currency, None)) for number in (1, 2)]
    owned += [draw(services(number + 2, currency, number)) for number in (1, 2)]
    return make.basis(
        *owned,
        catalog=draw(catalogs(currency)),
        currency=currency,
        taxation=draw(taxations),
        cancelling=draw(st.frozensets(st.integers(1, 4), max_size=1)),
        held=draw(st.dictionaries(st.integers(1, 4), st.just(77), max_size=1)),
    )


@st.composite
def lines(draw: st.DrawFn, line_id: int) -> CartLine:
    """Any wish, sensible or not: things that are missing, withdrawn, or of another kind."""
    kind = draw(st.sampled_from(LineKind))
    below = kind is LineKind.ADDON and draw(st.booleans())
    return CartLine(
        id=line_id,
        kind=kind,
        cycle=draw(st.sampled_from(CYCLES)),
        service_id=None if kind is LineKind.PRODUCT or below else draw(st.integers(1, 5)),
        product_id=""
        if kind is LineKind.RENEWAL
        else draw(st.sampled_from(["start", "ssl", "x"])),
        parent_line=draw(st.integers(1, 6)) if below else None,
        name="nowa.example" if kind is LineKind.PRODUCT else "",
    )


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    """A cart of up to six wishes."""
    size = draw(st.integers(0, 6))
    return make.cart(*(draw(lines(number)) for number in range(1, size + 1)))
