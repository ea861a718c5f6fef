from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import Cart
from billing.rules.shop.catalog import LatePolicy, Policy
from billing.rules.shop.forecast import Forecast, due_dates, forecast
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Taxation, price_line
from billing.rules.shop.renewals import renew, renewal_terms
from tests import make
from tests.billing.rules.strategies import anchors, recurring_cycles, worlds

TODAY = make.TODAY
MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY
ABUSE = {"status": ServiceStatus.SUSPENDED, "suspended_for": SuspendedFor.ABUSE}
many = settings(max_examples=500)


def of(*services: Service, **changes: Any) -> Forecast:
    return forecast(make.pricing(*services, **changes))


def days(found: Forecast) -> list[date]:
    return [due.on for due in (*found.overdue, *found.coming)]


@pytest.mark.slow
@many
@given(
    cycle=recurring_cycles,
    anchor=anchors,
    offset=st.integers(-800, 800),
    late=st.sampled_from(LatePolicy),
)
def test_dates_are_those_of_a_client_who_pays_each_on_its_day(
    cycle: BillingCycle, anchor: int, offset: int, late: LatePolicy
) -> None:
    service = make.service(
        cycle=cycle, next_due_date=TODAY + timedelta(days=offset), anchor_day=anchor
    )
    until = date(2028, 3, 10)
    found = list(due_dates(service, until=until, late=late, today=TODAY))
    paid = [service.next_due_date]
    while True:
        due = service.next_due_date
        assert due is not None
        payday = max(due, TODAY)
        terms = renewal_terms(service, cycle=cycle, late=late, today=payday)
        service = renew(service, terms, cycle=cycle, amount=service.amount, today=payday)
        if terms.period_to >= until:
            break
        paid.append(terms.period_to)
    assert found == paid


def test_the_31st_stays_the_31st() -> None:
    service = make.service(next_due_date=date(2026, 3, 31), anchor_day=31)
    assert [day.isoformat()[2:] for day in days(of(service))] == [
        "26-03-31", "26-04-30", "26-05-31", "26-06-30", "26-07-31", "26-08-31",
        "26-09-30", "26-10-31", "26-11-30", "26-12-31", "27-01-31", "27-02-28",
    ]  # fmt: skip


@given(offset=st.integers(0, 364), today=st.dates(date(2023, 1, 1), date(2029, 12, 31)))
def test_what_is_paid_once_a_year_is_counted_once(offset: int, today: date) -> None:
    due = today + timedelta(days=offset)
    service = make.service(cycle=ANNUALLY, next_due_date=due)
    found = of(service, today=today)
    assert [each.on for each in found.coming] == [due]


@pytest.mark.parametrize(
    ("cycle", "offset", "times"),
    [
        (MONTHLY, 0, 12),
        (BillingCycle.QUARTERLY, 5, 4),
        (BillingCycle.SEMI_ANNUALLY, 5, 2),
        (BillingCycle.BIENNIALLY, 200, 1),
        (BillingCycle.BIENNIALLY, 400, 0),
        (BillingCycle.TRIENNIALLY, 1000, 0),
    ],
)
def test_a_cycle_is_due_as_often_as_it_comes_round(
    cycle: BillingCycle, offset: int, times: int
) -> None:
    service = make.service(cycle=cycle, next_due_date=TODAY + timedelta(days=offset))
    found = of(service)
    (upcoming,) = found.services
    assert upcoming.next_due == service.next_due_date
    assert found.times(upcoming) == len(found.coming) == times
    assert found.total(found.coming).whole == make.money("35.67") * times


@pytest.mark.parametrize(
    ("late", "overdue", "first"),
    [
        (LatePolicy.FROM_DUE_DATE, ["2026-01-05", "2026-02-05", "2026-03-05"], "2026-04-05"),
        (LatePolicy.FROM_PAYMENT_DATE, ["2026-01-05"], "2026-04-10"),
    ],
)
def test_what_is_overdue_stands_apart(late: LatePolicy, overdue: list[str], first: str) -> None:
    catalog = make.catalog(policy=Policy(late=late))
    found = of(make.service(next_due_date=date(2026, 1, 5)), catalog=catalog)
    assert [due.on.isoformat() for due in found.overdue] == overdue
    assert found.coming[0].on.isoformat() == first


def test_what_is_due_today_is_coming_and_not_overdue() -> None:
    found = of(
        make.service(id=1, next_due_date=TODAY - timedelta(days=1), cycle=ANNUALLY),
        make.service(id=2, next_due_date=TODAY, cycle=ANNUALLY),
    )
    assert [due.of.service.id for due in found.overdue] == [1]
    assert [due.of.service.id for due in found.coming] == [2, 1]
    assert [due.on for due in found.coming] == [TODAY, date(2027, 3, 9)]


@pytest.mark.parametrize(
    "changes",
    [
        *({"status": status} for status in ServiceStatus if status is not ServiceStatus.ACTIVE),
        ABUSE,
        {"cycle": BillingCycle.ONE_TIME, "next_due_date": None},
        {"cycle": BillingCycle.FREE, "next_due_date": None},
        {"next_due_date": None},
    ],
)
def test_only_what_is_owed_will_be_due(changes: dict[str, Any]) -> None:
    found = of(make.service(**changes), make.owned_addon())
    can_be_paid = changes.get("status") is ServiceStatus.SUSPENDED and changes is not ABUSE
    carries = not make.service(**changes).cycle.recurring
    assert len(found.services) == 2 * can_be_paid + carries


def test_what_ends_with_its_period_is_not_counted_nor_are_its_addons() -> None:
    found = of(make.service(), make.owned_addon(), cancelling=frozenset({1}))
    assert found.services == ()
    found = of(make.service(), make.owned_addon(), cancelling=frozenset({2}))
    assert [upcoming.service.id for upcoming in found.services] == [1]


def test_a_renewal_that_is_not_open_yet_or_on_a_proforma_will_be_due() -> None:
    closed = make.catalog(policy=Policy(opens_days_before={MONTHLY: 3}))
    assert len(of(make.service(), catalog=closed, on_invoice={1: 5}).coming) == 12


def test_an_addon_says_where_it_belongs() -> None:
    found = of(make.service(label="Sklep"), make.owned_addon())
    addon = next(upcoming for upcoming in found.services if upcoming.service.is_addon)
    assert (addon.domain, addon.parent_name) == ("anna.example", "Sklep")


def test_what_costs_most_comes_first() -> None:
    found = of(
        make.service(id=1, amount=make.money("10.00")),
        make.service(id=2, amount=make.money("100.00"), cycle=ANNUALLY),
        make.service(id=3, amount=make.money("999.00"), cycle=BillingCycle.BIENNIALLY,
                     next_due_date=TODAY + timedelta(days=500)),
    )  # fmt: skip
    assert [upcoming.service.id for upcoming in found.by_cost()] == [1, 2, 3]


@pytest.mark.slow
@many
@given(world=worlds)
def test_months_and_services_add_up_to_the_same(world: tuple[Cart, PricingInputs]) -> None:
    pricing = world[1]
    found = forecast(pricing)
    year = make.known(found.total(found.coming).whole)
    by_month = [make.known(found.total(dues).whole) for dues in found.months().values()]
    by_service = [
        make.known(upcoming.gross) * found.times(upcoming) for upcoming in found.by_cost()
    ]
    assert sum(money.minor for money in by_month) == year.minor
    assert sum(money.minor for money in by_service) == year.minor
    assert all(found.today <= due.on < found.until for due in found.coming)
    assert all(month.day == 1 and dues for month, dues in found.months().items())
    assert list(found.months()) == sorted(found.months())
    for upcoming in found.services:
        amount = make.known(upcoming.service.amount)
        assert upcoming.gross == price_line(amount, pricing.taxation).gross


def test_a_rate_of_zero_adds_no_tax() -> None:
    found = of(make.service(), taxation=Taxation(0, included=False))
    assert found.total(found.coming).whole == Money(2900 * 12, "PLN")
