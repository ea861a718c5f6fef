"""What costs 0.00: its date stands, and nobody pays, renews or is told to."""

from datetime import date

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import Policy
from billing.rules.shop.forecast import forecast
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.quotes import Problem, Unavailable
from billing.rules.shop.renewal_prices import renewal_cycles, renewal_price
from billing.rules.shop.renewals import Refusal
from tests import make
from tests.billing.rules.strategies import CYCLES

NOTHING = Money.zero("PLN")
LATE = date(2026, 3, 1)
FREE_DOMAIN = make.service(
    product_id="domain", name="Domain", cycle=BillingCycle.ANNUALLY, amount=NOTHING
)


@pytest.mark.parametrize("cycle", CYCLES)
@pytest.mark.parametrize("amount", [NOTHING, make.money("0.01"), make.money()])
def test_what_costs_nothing_is_free_or_recurs_at_nothing(
    cycle: BillingCycle, amount: Money
) -> None:
    service = make.service(cycle=cycle, amount=amount)
    free = cycle == BillingCycle.FREE
    assert service.costs_nothing is (free or (cycle.recurring and amount == NOTHING))
    owed = cycle.recurring and amount != NOTHING
    assert service.owed_on == (service.next_due_date if owed else None)


@pytest.mark.parametrize("status", ServiceStatus)
@pytest.mark.parametrize("suspended_for", SuspendedFor)
def test_only_what_is_owed_has_a_day_on_which_it_is(
    status: ServiceStatus, suspended_for: SuspendedFor
) -> None:
    why = suspended_for if status is ServiceStatus.SUSPENDED else None
    service = make.service(status=status, suspended_for=why)
    assert service.owed_on == (service.next_due_date if service.is_owed() else None)


@pytest.mark.parametrize(
    "service",
    [
        FREE_DOMAIN,
        make.service(cycle=BillingCycle.FREE),
        make.service(cycle=BillingCycle.FREE, next_due_date=None, amount=NOTHING),
        make.service(amount=NOTHING, next_due_date=LATE),
        make.service(amount=NOTHING, status=ServiceStatus.SUSPENDED),
        make.owned_addon(id=1, parent_id=9, amount=NOTHING),
    ],
    ids=["domain", "free with a date", "free", "overdue", "suspended", "add-on"],
)
def test_it_is_not_renewable_in_any_cycle_and_says_that_it_is_free(service: Service) -> None:
    pricing = make.pricing(service, make.service(id=9))
    assert pricing.renewability(service).refusal is Refusal.FREE
    assert renewal_cycles(service, pricing.catalog) == ()
    for cycle in CYCLES:
        assert renewal_price(service, cycle, pricing.catalog) is None
        problem = quote_line(make.renewal_line(1, cycle=cycle), pricing)
        assert isinstance(problem, Problem)
        assert (problem.reason, problem.refusal) == (Unavailable.NOT_RENEWABLE, Refusal.FREE)


def test_a_window_makes_no_difference() -> None:
    policy = Policy(opens_days_before={BillingCycle.ANNUALLY: 1})
    pricing = make.pricing(FREE_DOMAIN, catalog=make.catalog(policy=policy))
    assert pricing.renewability(FREE_DOMAIN).refusal is Refusal.FREE


def test_it_carries_its_add_ons_as_long_as_it_lives() -> None:
    for parent, refusal in (
        (make.service(amount=NOTHING), None),
        (make.service(amount=NOTHING, next_due_date=None), None),
        (make.service(amount=NOTHING, status=ServiceStatus.TERMINATED), Refusal.PARENT),
    ):
        pricing = make.pricing(parent, make.owned_addon())
        assert pricing.renewability(pricing.services[2]).refusal is refusal


def test_it_has_no_place_in_the_costs_be_it_overdue_or_not() -> None:
    found = forecast(make.pricing(FREE_DOMAIN, make.service(id=2, amount=NOTHING,
                                                          next_due_date=LATE)))  # fmt: skip
    assert (found.services, found.overdue, found.coming) == ((), (), ())
