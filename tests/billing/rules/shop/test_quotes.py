from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money, PartialSum
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts, Quote, QuotedCart, Taxation, price_line
from tests import make
from tests.billing.rules.strategies import CYCLES, currencies, minors, rates, taxations

many = settings(max_examples=500)

VAT_ON_TOP = Taxation(2300, included=False)
VAT_INSIDE = Taxation(2300, included=True)
NO_TAX = Taxation(0, included=False)


@pytest.mark.parametrize(
    ("amount", "taxation", "net", "tax", "gross"),
    [
        ("29.00", VAT_ON_TOP, "29.00", "6.67", "35.67"),
        ("29.00", VAT_INSIDE, "23.58", "5.42", "29.00"),
        ("100.00", VAT_ON_TOP, "100.00", "23.00", "123.00"),
        ("123.00", VAT_INSIDE, "100.00", "23.00", "123.00"),
        ("0.02", VAT_ON_TOP, "0.02", "0.00", "0.02"),
        ("0.03", VAT_ON_TOP, "0.03", "0.01", "0.04"),
        ("29.00", NO_TAX, "29.00", "0.00", "29.00"),
        ("29.00", Taxation(0, included=True), "29.00", "0.00", "29.00"),
        ("0.00", VAT_ON_TOP, "0.00", "0.00", "0.00"),
        ("0.10", Taxation(500, included=False), "0.10", "0.01", "0.11"),
        ("0.03", Taxation(2000, included=True), "0.02", "0.01", "0.03"),
        ("19.99", Taxation(725, included=False), "19.99", "1.45", "21.44"),
    ],
)
def test_tax_is_added_or_split_and_its_halves_round_up(
    amount: str, taxation: Taxation, net: str, tax: str, gross: str
) -> None:
    expected = Amounts(make.money(net), make.money(tax), make.money(gross))
    assert price_line(make.money(amount), taxation) == expected


@pytest.mark.slow
@many
@given(minor=minors, currency=currencies, taxation=taxations)
def test_net_and_tax_are_always_the_gross(minor: int, currency: str, taxation: Taxation) -> None:
    base = Money(minor, currency)
    amounts = price_line(base, taxation)
    assert amounts.net + amounts.tax == amounts.gross
    assert base == (amounts.gross if taxation.included else amounts.net)
    whole = 10_000 + taxation.rate if taxation.included else 10_000
    off = amounts.tax.minor * whole - base.minor * taxation.rate
    assert 2 * abs(off) <= whole


@pytest.mark.slow
@many
@given(minor=minors, rate=rates, currency=currencies)
def test_a_gross_price_splits_into_the_net_it_was_made_of(
    minor: int, rate: int, currency: str
) -> None:
    added = price_line(Money(minor, currency), Taxation(rate, included=False))
    split = price_line(added.gross, Taxation(rate, included=True))
    assert abs(split.net.minor - minor) <= 1
    assert split.gross == added.gross


def quoted(*quotes: Quote, currency: str = "PLN") -> QuotedCart:
    return QuotedCart(client_id=1, revision=1, currency=currency, quotes=quotes)


def line_of(minor: int, taxation: Taxation, line_id: int, cycle: BillingCycle) -> Quote:
    amounts = price_line(Money(minor, "PLN"), taxation)
    return make.quote(line_id=line_id, amounts=amounts, recurring=amounts.gross, cycle=cycle)


@pytest.mark.slow
@given(
    prices=st.lists(st.integers(0, 10**9), max_size=8),
    taxation=taxations,
    cycle=st.sampled_from(CYCLES),
)
def test_totals_are_the_sums_of_the_lines_and_the_invoice_agrees(
    prices: list[int], taxation: Taxation, cycle: BillingCycle
) -> None:
    lines = [line_of(minor, taxation, number, cycle) for number, minor in enumerate(prices)]
    cart = quoted(*lines)
    assert cart.totals.net.minor == sum(make.known(line.amounts).net.minor for line in lines)
    assert cart.totals.tax.minor == sum(make.known(line.amounts).tax.minor for line in lines)
    assert cart.totals.gross == cart.totals.net + cart.totals.tax
    assume(lines)
    assert make.invoice(*lines).totals == cart.totals


def test_an_empty_cart_costs_nothing_and_nothing_recurs() -> None:
    nothing = Money.zero("KWD")
    empty = quoted(currency="KWD")
    assert empty.totals == Amounts(nothing, nothing, nothing)
    assert empty.recurring == ()


def test_what_recurs_is_summed_by_cycle_shortest_first() -> None:
    yearly = make.quote(line_id=1, cycle=BillingCycle.ANNUALLY, recurring=make.money("356.70"))
    monthly = make.quote(line_id=2, recurring=make.money("35.67"))
    another = make.quote(line_id=3, recurring=make.money("12.30"))
    once = make.quote(line_id=4, cycle=BillingCycle.ONE_TIME, recurring=make.money("0"))
    assert quoted(yearly, monthly, another, once).recurring == (
        (BillingCycle.MONTHLY, PartialSum(make.money("47.97"))),
        (BillingCycle.ANNUALLY, PartialSum(make.money("356.70"))),
    )


CHANGES: dict[str, Callable[[Quote], Quote]] = {
    "net": lambda q: replace(q, amounts=replace(make.known(q.amounts), net=make.money("28.99"))),
    "tax": lambda q: replace(q, amounts=replace(make.known(q.amounts), tax=make.money("6.66"))),
    "setup": lambda q: replace(q, setup_gross=make.money("1.00")),
    "later periods": lambda q: replace(q, recurring=make.money("35.68")),
    "first day": lambda q: replace(q, period_from=date(2026, 3, 23)),
    "last day": lambda q: replace(q, period_to=date(2026, 4, 23)),
    "no last day": lambda q: replace(q, period_to=None),
    "due date": lambda q: replace(q, due_date=date(2026, 3, 21)),
    "anchor": lambda q: replace(q, anchor_day=31),
    "cycle": lambda q: replace(q, cycle=BillingCycle.QUARTERLY),
    "service": lambda q: replace(q, service_id=2),
    "product": lambda q: replace(q, product_id="pro"),
    "kind": lambda q: replace(q, kind=LineKind.PRODUCT),
    "line": lambda q: replace(q, line_id=7),
    "parent line": lambda q: replace(q, parent_line=3),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_seal_breaks_when_anything_the_client_agreed_to_changes(what: str) -> None:
    before = make.quote()
    after = CHANGES[what](before)
    other = make.quote(line_id=2)
    assert quoted(before, other).seal != quoted(after, other).seal


def test_a_seal_breaks_when_a_line_comes_or_goes_or_the_currency_differs() -> None:
    one, two = make.quote(line_id=1), make.quote(line_id=2)
    seals = {quoted().seal, quoted(one).seal, quoted(two).seal, quoted(one, two).seal}
    assert len(seals) == 4
    assert quoted().seal != quoted(currency="EUR").seal


def test_a_seal_breaks_when_a_new_product_gets_another_domain() -> None:
    first = make.quote(kind=LineKind.PRODUCT, domain="anna.example")
    second = replace(first, domain="anna.example|2")
    assert quoted(first).seal != quoted(second).seal


def test_a_seal_holds_when_only_names_or_the_order_of_lines_change() -> None:
    one, two = make.quote(line_id=1), make.quote(line_id=2)
    seal = quoted(one, two).seal
    assert quoted(two, one).seal == seal
    renamed = replace(one, name="Blog Anny", domain="Blog Anny", parent_name="Inny")
    assert quoted(renamed, two).seal == seal
    assert replace(quoted(one, two), revision=9).seal == seal


@pytest.mark.slow
@given(minor=st.integers(0, 10**9), cents=st.integers(1, 10**6), taxation=taxations)
def test_a_seal_breaks_when_any_price_moves(minor: int, cents: int, taxation: Taxation) -> None:
    before = line_of(minor, taxation, 1, BillingCycle.MONTHLY)
    after = line_of(minor + cents, taxation, 1, BillingCycle.MONTHLY)
    assert quoted(before).seal != quoted(after).seal
    assert quoted(before).seal == quoted(line_of(minor, taxation, 1, BillingCycle.MONTHLY)).seal


@given(minor=st.integers(0, 10**9))
def test_a_seal_fits_into_forty_bits(minor: int) -> None:
    assert 0 <= quoted(line_of(minor, NO_TAX, 1, BillingCycle.MONTHLY)).seal < 2**40
