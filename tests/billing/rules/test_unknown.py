"""Amounts and due dates that a service's owner has not said yet are never taken for something."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money, PartialSum, total_known
from billing.rules.payments.superseded import Superseded, why_superseded
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import Cart, LineKind
from billing.rules.shop.catalog import Policy
from billing.rules.shop.forecast import forecast
from billing.rules.shop.pricing import quote_cart, quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from billing.rules.shop.renewals import Refusal, renewability
from tests import make
from tests.billing.rules.strategies import worlds
from tests.make import TODAY, known, money

World = tuple[Cart, PricingInputs]

some_services = st.frozensets(st.integers(1, 4), min_size=1)
amounts = st.lists(st.one_of(st.none(), st.integers(0, 10**6).map(lambda m: Money(m, "PLN"))))


def unpriced(pricing: PricingInputs, ids: AbstractSet[int]) -> PricingInputs:
    """The same where the amounts of these services are not known."""
    return replace(
        pricing,
        services={
            number: replace(one, amount=None, first_amount=None) if number in ids else one
            for number, one in pricing.services.items()
        },
    )


def undated(pricing: PricingInputs, ids: AbstractSet[int]) -> PricingInputs:
    """The same where the due dates of these services are not known."""
    return replace(
        pricing,
        services={
            number: replace(one, next_due_date=None, due_date_known=False)
            if number in ids
            else one
            for number, one in pricing.services.items()
        },
    )


UNPRICED = make.service(amount=None, first_amount=None)
UNDATED = make.service(next_due_date=None, due_date_known=False)


@given(parts=amounts)
def test_a_sum_counts_what_is_unknown_and_never_takes_it_for_zero(
    parts: list[Money | None],
) -> None:
    found = total_known(parts, "PLN")
    given_amounts = [part for part in parts if part is not None]
    assert found.known.minor == sum(part.minor for part in given_amounts)
    assert found.unknown == len(parts) - len(given_amounts)
    assert (found.whole is None) is (None in parts)
    assert found.is_nothing is (None not in parts and not found.known)


def test_an_unknown_amount_costs_something_and_an_unknown_date_is_not_overdue() -> None:
    assert not UNPRICED.costs_nothing
    assert UNPRICED.owed_on == UNPRICED.next_due_date
    assert UNDATED.owed_on is None
    assert UNDATED.days_left(TODAY) is None
    assert UNDATED.has_unknown_due_date
    assert not UNPRICED.has_unknown_due_date


@pytest.mark.parametrize(
    "changes",
    [
        {"cycle": BillingCycle.ONE_TIME},
        {"cycle": BillingCycle.FREE},
        {"amount": money("0")},
        {"status": ServiceStatus.CANCELLED},
    ],
    ids=str,
)
def test_what_is_never_due_lacks_no_date(changes: dict[str, object]) -> None:
    assert not replace(UNDATED, **changes).has_unknown_due_date  # type: ignore[arg-type] # fields


def able(service: Service, policy: Policy | None = None) -> Refusal | None:
    return renewability(service, parent=None, policy=policy or Policy(), today=TODAY).refusal


def test_a_service_can_be_renewed_on_an_unknown_date() -> None:
    window = Policy(opens_days_before={BillingCycle.MONTHLY: 3})
    assert able(UNDATED, window) is None
    assert able(make.service(next_due_date=TODAY + timedelta(days=9)), window) is not None
    assert able(make.service(next_due_date=None)) is Refusal.NO_DUE_DATE
    abuse = {"status": ServiceStatus.SUSPENDED, "suspended_for": SuspendedFor.ABUSE}
    assert able(make.service(next_due_date=None, due_date_known=False, **abuse)) is not None


def test_a_service_on_an_unknown_date_carries_its_add_ons() -> None:
    addon = make.owned_addon()
    found = renewability(addon, parent=UNDATED, policy=Policy(), today=TODAY)
    assert found.allowed


def test_a_renewal_on_an_unknown_date_has_a_price_and_no_period() -> None:
    quote = quote_line(make.renewal_line(), make.pricing(UNDATED))
    assert isinstance(quote, Quote)
    assert (quote.period_from, quote.period_to, quote.due_date) == (None, None, None)
    assert quote.gross == money("35.67")
    assert not quote.is_complete


def test_a_renewal_at_an_unknown_price_has_a_period_and_no_price() -> None:
    quote = quote_line(make.renewal_line(), make.pricing(UNPRICED))
    assert isinstance(quote, Quote)
    assert (quote.amount, quote.amounts, quote.gross, quote.recurring) == (None,) * 4
    assert quote.period_to is not None
    assert not quote.is_complete


def test_a_renewal_is_not_pointless_because_its_date_is_unknown() -> None:
    assert why_superseded(make.quote(), UNDATED, None) is None
    assert why_superseded(make.quote(), make.service(next_due_date=None), None) is Superseded.ENDED


def test_the_other_cycles_of_a_renewal_have_their_list_prices() -> None:
    line = make.renewal_line(cycle=BillingCycle.ANNUALLY)
    quote = quote_line(line, make.pricing(UNPRICED))
    assert isinstance(quote, Quote)
    assert quote.gross == money("356.70")


def test_what_recurs_says_where_a_price_is_unknown() -> None:
    lines = make.cart(make.renewal_line(1), make.renewal_line(2), make.product_line())
    quoted = quote_cart(lines, make.pricing(UNPRICED, make.service(id=2)))
    assert quoted.recurring == ((BillingCycle.MONTHLY, PartialSum(money("71.34"), 1)),)


@given(world=worlds, ids=some_services)
def test_a_cart_sums_what_is_known_and_counts_the_rest(
    world: World, ids: AbstractSet[int]
) -> None:
    cart, pricing = world
    quoted = quote_cart(cart, unpriced(pricing, ids))
    priced = [quote.gross for quote in quoted.quotes if quote.gross is not None]
    assert quoted.gross.known == quoted.totals.gross
    assert quoted.totals.gross.minor == sum(gross.minor for gross in priced)
    assert quoted.gross.unknown == len(quoted.quotes) - len(priced)
    assert not (quoted.gross.unknown and quoted.gross.is_nothing)
    for quote in quoted.quotes:
        of_it = quote.kind is LineKind.RENEWAL and quote.service_id in ids
        if quote.gross is None:
            assert of_it
            assert quote.cycle == pricing.services[known(quote.service_id)].cycle
        else:
            assert not of_it or quote.cycle != pricing.services[known(quote.service_id)].cycle


@given(world=worlds, ids=some_services)
def test_a_seal_tells_what_is_unknown_from_every_known_price_and_date(
    world: World, ids: AbstractSet[int]
) -> None:
    cart, pricing = world
    before = quote_cart(cart, pricing)
    for forget in (unpriced, undated):
        after = quote_cart(cart, forget(pricing, ids))
        same = before.quotes == after.quotes
        assert (after.seal == before.seal) is same
        assert after.seal == quote_cart(cart, forget(pricing, ids)).seal


@given(world=worlds, ids=some_services)
def test_dates_are_unknown_together_and_prices_stay(world: World, ids: AbstractSet[int]) -> None:
    cart, pricing = world
    quoted = quote_cart(cart, undated(pricing, ids))
    for quote in quoted.quotes:
        of_it = quote.kind is LineKind.RENEWAL and quote.service_id in ids
        assert (quote.period_from is None) is of_it
        assert not of_it or (quote.period_to, quote.due_date) == (None, None)
        assert quote.gross is not None
    assert not any(
        p.refusal is Refusal.NOT_OPEN_YET and p.opens_on is None for p in quoted.problems
    )


@given(world=worlds, ids=some_services)
def test_a_forecast_leaves_unknown_prices_out_of_its_sums_and_counts_them(
    world: World, ids: AbstractSet[int]
) -> None:
    pricing = world[1]
    before, after = forecast(pricing), forecast(unpriced(pricing, ids))
    total, others = (
        after.total(after.coming),
        [due for due in before.coming if due.of.service.id not in ids],
    )
    assert total.known == before.total(others).whole
    unknown = [due for due in after.coming if due.of.gross is None]
    assert total.unknown == len(unknown)
    assert after.unpriced == sum(upcoming.service.id in ids for upcoming in after.services)
    assert all(due.of.service.id in ids for due in unknown)
    assert sorted(u.service.id for u in after.by_cost()) == sorted(
        u.service.id for u in after.services
    )


@given(world=worlds, ids=some_services)
def test_a_forecast_puts_unknown_dates_on_no_day_and_counts_them(
    world: World, ids: AbstractSet[int]
) -> None:
    pricing = world[1]
    before, after = forecast(pricing), forecast(undated(pricing, ids))
    assert not any(due.of.service.id in ids for due in (*after.overdue, *after.coming))
    others = [due.on for due in before.coming if due.of.service.id not in ids]
    assert [due.on for due in after.coming] == others
    places = [bool(upcoming.dates) for upcoming in after.services]
    assert places == sorted(places, reverse=True)
    assert after.undated == places.count(False)
    assert all(after.times(upcoming) == 0 for upcoming in after.services if not upcoming.dates)
