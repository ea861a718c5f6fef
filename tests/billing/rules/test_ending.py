"""Add-ons of a service that ends with its period: until that day they live."""

from datetime import date, timedelta

import pytest

from billing.rules.allowed import EVERYTHING, Allowed
from billing.rules.cycles import BillingCycle
from billing.rules.shop.cart import Cart
from billing.rules.shop.catalog import LatePolicy, Policy
from billing.rules.shop.forecast import forecast
from billing.rules.shop.pricing import quote_cart, quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Problem, Quote, Unavailable
from billing.rules.shop.renewal_prices import cycles_over_by
from billing.rules.shop.renewals import Refusal
from tests import make

MONTHLY, QUARTERLY, ANNUALLY = (
    BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY,
)  # fmt: skip
DUE = make.TODAY + timedelta(days=12)
"""22 March 2026: when the add-on is due."""

PARENT = make.service(cycle=ANNUALLY, next_due_date=date(2026, 12, 22))


def ending(ends_on: date | None, **addon: object) -> PricingInputs:
    """A service with an open request, and its add-on; without a day it may end at any time."""
    return make.pricing(
        PARENT,
        make.owned_addon(**addon),
        cancelling=frozenset({1}),
        ending={} if ends_on is None else {1: ends_on},
    )


@pytest.mark.parametrize(
    ("cycle", "ends_on", "cycles", "refusal"),
    [
        (MONTHLY, date(2026, 12, 22), (MONTHLY, QUARTERLY), None),
        (MONTHLY, date(2026, 6, 22), (MONTHLY, QUARTERLY), None),
        (MONTHLY, date(2026, 6, 21), (MONTHLY,), None),
        (MONTHLY, date(2026, 4, 22), (MONTHLY,), None),
        (MONTHLY, date(2026, 4, 21), (), Refusal.PARENT_ENDS),
        (MONTHLY, DUE, (), Refusal.PARENT_ENDS),
        (ANNUALLY, date(2027, 3, 22), (MONTHLY, QUARTERLY, ANNUALLY), None),
        (ANNUALLY, date(2027, 3, 21), (MONTHLY, QUARTERLY), None),
        (MONTHLY, None, (MONTHLY, QUARTERLY, ANNUALLY), Refusal.PARENT_CANCELLATION),
    ],
)
def test_an_add_on_is_renewable_for_periods_that_are_over_when_its_service_ends(
    cycle: BillingCycle,
    ends_on: date | None,
    cycles: tuple[BillingCycle, ...],
    refusal: Refusal | None,
) -> None:
    pricing = ending(ends_on, cycle=cycle)
    addon = pricing.services[2]
    assert pricing.renewability(addon).refusal is refusal
    assert pricing.renewal_cycles(addon) == cycles
    assert pricing.is_leaving(addon) is (refusal is not None)
    for each in (MONTHLY, QUARTERLY, ANNUALLY):
        result = quote_line(make.renewal_line(2, cycle=each), pricing)
        assert isinstance(result, Quote) is (refusal is None and each in cycles)
        if isinstance(result, Problem):
            assert result.reason is Unavailable.NOT_RENEWABLE
            assert result.refusal is (refusal or Refusal.PARENT_ENDS)


def test_its_own_cycle_is_offered_or_the_longest_that_is_over_by_then() -> None:
    for ends_on, cycle in (
        (date(2027, 3, 22), ANNUALLY), (date(2026, 12, 22), QUARTERLY), (DUE, ANNUALLY),
    ):  # fmt: skip
        pricing = ending(ends_on, cycle=ANNUALLY)
        assert pricing.renewal_cycle(pricing.services[2]) is cycle


def test_the_service_itself_is_not_renewed_nor_an_add_on_that_is_cancelled_too() -> None:
    end = date(2026, 12, 22)
    pricing = make.pricing(
        PARENT,
        make.owned_addon(),
        cancelling=frozenset({1, 2}),
        ending={1: end, 2: end},
    )
    for number in (1, 2):
        able = pricing.renewability(pricing.services[number])
        assert able.refusal is Refusal.CANCELLATION_OPEN
        assert pricing.is_leaving(pricing.services[number])


@pytest.mark.parametrize(
    ("allowed", "refusal"),
    [
        (EVERYTHING, Refusal.CANCELLATION_OPEN),
        (Allowed(cancel=False), Refusal.CANCELLATION_STANDS),
    ],
)
def test_a_request_that_may_not_be_withdrawn_is_another_reason(
    allowed: Allowed, refusal: Refusal
) -> None:
    pricing = make.pricing(make.service(), cancelling=frozenset({1}), allowed=allowed)
    assert pricing.renewability(pricing.services[1]).refusal is refusal
    assert not quote_cart(Cart(1, 1, (make.renewal_line(1),)), pricing).quotes


def test_without_a_request_nothing_is_leaving() -> None:
    pricing = make.pricing(PARENT, make.owned_addon())
    assert not any(pricing.is_leaving(service) for service in pricing.services.values())


def test_an_add_on_without_a_due_date_has_no_further_period() -> None:
    addon = make.owned_addon(next_due_date=None)
    assert cycles_over_by(date(2030, 1, 1), addon, make.catalog(), today=make.TODAY) == ()
    pricing = ending(date(2026, 12, 22), next_due_date=None)
    assert pricing.renewability(pricing.services[2]).refusal is Refusal.NO_DUE_DATE


def test_a_renewal_that_is_not_open_yet_says_so_if_it_will_open_in_time() -> None:
    policy = Policy(opens_days_before={MONTHLY: 5})
    for ends_on, refusal in (
        (date(2026, 4, 22), Refusal.NOT_OPEN_YET), (date(2026, 4, 21), Refusal.PARENT_ENDS),
    ):  # fmt: skip
        pricing = make.pricing(
            PARENT, make.owned_addon(), catalog=make.catalog(policy=policy),
            cancelling=frozenset({1}), ending={1: ends_on},
        )  # fmt: skip
        assert pricing.renewability(pricing.services[2]).refusal is refusal


def test_a_late_period_counts_from_where_the_policy_says() -> None:
    late = make.owned_addon(next_due_date=date(2026, 2, 20))
    for policy, cycles in (
        (LatePolicy.FROM_DUE_DATE, (MONTHLY,)), (LatePolicy.FROM_PAYMENT_DATE, ()),
    ):  # fmt: skip
        catalog = make.catalog(policy=Policy(late=policy))
        assert cycles_over_by(date(2026, 3, 20), late, catalog, today=make.TODAY) == cycles


def test_two_renewals_stack_until_the_end_and_no_further() -> None:
    pricing = ending(date(2026, 5, 22))
    cart = Cart(1, 1, (make.renewal_line(2, cycle=MONTHLY),))
    assert len(quote_cart(cart, pricing).quotes) == 1
    later = ending(date(2026, 5, 22), next_due_date=date(2026, 5, 22), anchor_day=22)
    assert quote_cart(cart, later).quotes == ()


def test_costs_count_the_add_on_until_its_service_ends() -> None:
    found = forecast(ending(date(2026, 6, 22)))
    assert [(due.of.service.id, due.on) for due in found.coming] == [
        (2, date(2026, 3, 22)), (2, date(2026, 4, 22)), (2, date(2026, 5, 22)),
    ]  # fmt: skip
    assert forecast(ending(date(2026, 4, 21))).services == ()
    assert forecast(ending(None)).services == ()


def test_a_period_that_fits_only_with_another_cycle_is_not_a_cost() -> None:
    assert forecast(ending(date(2026, 12, 22), cycle=ANNUALLY)).services == ()
