from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle, CycleUnit
from billing.rules.money import Money
from billing.rules.shop.savings import CyclePrice, Saving, savings

MONTHLY, QUARTERLY, ANNUALLY = (
    BillingCycle.MONTHLY,
    BillingCycle.QUARTERLY,
    BillingCycle.ANNUALLY,
)


def zl(minor: int) -> Money:
    return Money(minor, "PLN")


def price(cycle: BillingCycle, minor: int, setup: int = 0) -> CyclePrice:
    return CyclePrice(cycle, zl(minor), zl(setup))


def of(*prices: CyclePrice) -> Mapping[BillingCycle, Saving]:
    return savings(prices)


def test_a_year_is_compared_with_twelve_months() -> None:
    # 12 × 29,00 = 348,00; 290,00 is 58,00 less, which is 16.67 %.
    assert of(price(MONTHLY, 2900), price(ANNUALLY, 29000)) == {ANNUALLY: Saving(zl(5800), 16)}


def test_the_shortest_offered_cycle_counts_in_whatever_order_they_come() -> None:
    found = of(price(ANNUALLY, 10000), price(QUARTERLY, 3000), price(MONTHLY, 1000))
    assert found == {ANNUALLY: Saving(zl(2000), 16)}
    assert of(price(ANNUALLY, 10000), price(QUARTERLY, 3000)) == {ANNUALLY: Saving(zl(2000), 16)}


def test_percents_are_rounded_down() -> None:
    assert of(price(MONTHLY, 1000), price(QUARTERLY, 2999))[QUARTERLY] == Saving(zl(1), 0)
    assert of(price(MONTHLY, 1000), price(QUARTERLY, 2971))[QUARTERLY] == Saving(zl(29), 0)
    assert of(price(MONTHLY, 1000), price(QUARTERLY, 2970))[QUARTERLY] == Saving(zl(30), 1)


def test_a_cycle_that_costs_as_much_or_more_saves_nothing() -> None:
    assert of(price(MONTHLY, 1000), price(QUARTERLY, 3000), price(ANNUALLY, 12001)) == {}


def test_setup_fees_are_part_of_what_is_paid() -> None:
    # A month costs 20,00 + 10,00 each; a year 100,00 without setup: 140,00 against 100,00.
    assert of(price(MONTHLY, 1000, 2000), price(ANNUALLY, 10000)) == {
        ANNUALLY: Saving(zl(4000), 28)
    }
    assert of(price(MONTHLY, 1000), price(ANNUALLY, 10000, 2000)) == {}


def test_only_the_same_time_is_compared() -> None:
    weekly, two_months = BillingCycle.WEEKLY, BillingCycle(2, CycleUnit.MONTH)
    assert of(price(weekly, 1000), price(MONTHLY, 2000)) == {}
    assert of(price(two_months, 2000), price(QUARTERLY, 100)) == {}
    fortnight = BillingCycle(2, CycleUnit.WEEK)
    assert of(price(weekly, 1000), price(fortnight, 1500)) == {fortnight: Saving(zl(500), 25)}


def test_what_is_free_or_paid_once_is_no_base() -> None:
    assert of(price(BillingCycle.FREE, 0), price(BillingCycle.ONE_TIME, 100)) == {}
    assert of(price(MONTHLY, 0), price(ANNUALLY, 100)) == {}
    assert of() == {}


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 10**10), st.integers(0, 10**9))
def test_what_is_saved_and_what_is_paid_make_the_price_of_the_shorter_cycles(
    monthly: int, setup: int, annually: int, its_setup: int
) -> None:
    before = 12 * monthly + setup
    found = of(price(MONTHLY, monthly, setup), price(ANNUALLY, annually, its_setup))
    if ANNUALLY not in found:
        assert annually + its_setup >= before
        return
    saving = found[ANNUALLY]
    assert saving.amount.minor + annually + its_setup == before
    assert saving.percent * before <= saving.amount.minor * 100 < (saving.percent + 1) * before
