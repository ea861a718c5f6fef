from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.catalog import LatePolicy, Policy
from billing.rules.shop.pricing import (
    addon_obstacle,
    count_owned,
    quote_cart,
    quote_line,
)
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Problem, Quote, Taxation, Unavailable, price_line
from billing.rules.shop.renewal_prices import RenewalPrice, renewal_cycles, renewal_price
from billing.rules.shop.renewals import Refusal
from tests import make
from tests.billing.rules.strategies import CYCLES, worlds

MONTHLY, QUARTERLY, ANNUALLY = (
    BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY,
)  # fmt: skip
many = settings(max_examples=500)
World = tuple[Cart, PricingInputs]


def priced(line: CartLine, pricing: PricingInputs, cart: Cart | None = None) -> Quote:
    """The quote of a line that must have one."""
    result = quote_line(line, pricing, cart)
    assert isinstance(result, Quote), result
    return result


def refused(line: CartLine, pricing: PricingInputs, cart: Cart | None = None) -> Problem:
    """The problem of a line that must have one."""
    result = quote_line(line, pricing, cart)
    assert isinstance(result, Problem), result
    return result


class TestRenewals:
    def test_a_renewal_costs_what_the_service_costs_and_goes_on_from_its_due_date(self) -> None:
        quote = priced(make.renewal_line(), make.pricing(make.service(amount=make.money("19.00"))))
        amounts = make.known(quote.amounts)
        assert (amounts.net, amounts.tax, quote.gross) == (
            make.money("19.00"), make.money("4.37"), make.money("23.37"),
        )  # fmt: skip
        assert (quote.due_date, quote.period_from) == (date(2026, 3, 22), date(2026, 3, 22))
        assert (quote.period_to, quote.anchor_day) == (date(2026, 4, 22), 22)
        assert (quote.setup, quote.setup_gross) == (make.money("0"), make.money("0"))
        assert quote.recurring == quote.gross
        assert (quote.name, quote.domain) == ("Hosting start", "anna.example")

    def test_another_cycle_costs_todays_list_price_without_setup(self) -> None:
        product = make.product(prices=make.prices("35.00", setup="50.00"))
        pricing = make.pricing(
            make.service(amount=make.money("19.00")),
            catalog=make.catalog(product),
        )
        quote = priced(make.renewal_line(cycle=ANNUALLY), pricing)
        assert quote.amount == make.money("350.00")
        assert quote.setup == make.money("0")
        assert quote.period_to == date(2027, 3, 22)
        own = priced(make.renewal_line(cycle=MONTHLY), pricing)
        assert own.amount == make.money("19.00")

    def test_an_add_on_names_its_service(self) -> None:
        quote = priced(
            make.renewal_line(2), make.pricing(make.service(label="Blog"), make.owned_addon())
        )
        assert (quote.parent_name, quote.domain) == ("Blog", "anna.example")
        assert quote.amount == make.money("10.00")

    @pytest.mark.parametrize(
        ("policy", "offered", "cycle", "amount"),
        [
            (Policy(), True, MONTHLY, "19.00"),
            (Policy(), True, QUARTERLY, "87.00"),
            (Policy(), True, ANNUALLY, "290.00"),
            (Policy(), True, BillingCycle.BIENNIALLY, None),
            (Policy(), True, BillingCycle.ONE_TIME, None),
            (Policy(), True, BillingCycle.FREE, None),
            (Policy(), False, MONTHLY, "19.00"),
            (Policy(), False, ANNUALLY, None),
            (Policy(change_cycle_on_renewal=False), True, MONTHLY, "19.00"),
            (Policy(change_cycle_on_renewal=False), True, ANNUALLY, None),
        ],
    )
    def test_the_price_of_a_renewal(
        self, policy: Policy, offered: bool, cycle: BillingCycle, amount: str | None
    ) -> None:
        catalog = make.catalog(make.product(offered=offered), policy=policy)
        service = make.service(amount=make.money("19.00"))
        expected = RenewalPrice(make.money(amount)) if amount else None
        assert renewal_price(service, cycle, catalog) == expected
        assert (cycle in renewal_cycles(service, catalog)) is (amount is not None)

    def test_a_service_whose_product_left_the_catalogue_keeps_its_own_cycle(self) -> None:
        catalog = make.catalog(make.product("other"))
        service = make.service(amount=make.money("19.00"))
        assert renewal_cycles(service, catalog) == (MONTHLY,)

    @pytest.mark.parametrize("cycle", [BillingCycle.ONE_TIME, BillingCycle.FREE])
    def test_one_time_and_free_have_no_cycle_to_renew_for(self, cycle: BillingCycle) -> None:
        service = make.service(cycle=cycle, next_due_date=None)
        assert renewal_cycles(service, make.catalog()) == ()

    def test_a_list_price_in_another_currency_is_no_price(self) -> None:
        service = make.service(amount=make.money("9.00", "EUR"))
        assert renewal_cycles(service, make.catalog()) == (MONTHLY,)
        pricing = make.pricing(service)
        assert refused(make.renewal_line(), pricing).reason is Unavailable.NOT_OFFERED
        assert priced(make.renewal_line(), replace(pricing, currency="EUR")).gross == make.money(
            "11.07", "EUR"
        )

    def test_late_by_policy_from_the_day_of_payment(self) -> None:
        catalog = make.catalog(policy=Policy(late=LatePolicy.FROM_PAYMENT_DATE))
        late = make.service(next_due_date=date(2026, 2, 28), anchor_day=31)
        quote = priced(make.renewal_line(), make.pricing(late, catalog=catalog))
        assert (quote.due_date, quote.period_from, quote.period_to, quote.anchor_day) == (
            date(2026, 2, 28), date(2026, 3, 10), date(2026, 4, 10), 10,
        )  # fmt: skip

    def test_a_renewal_on_an_unpaid_invoice_leads_there(self) -> None:
        problem = refused(make.renewal_line(), make.pricing(make.service(), on_invoice={1: 55}))
        assert (problem.reason, problem.invoice_id) == (Unavailable.INVOICED, 55)

    def test_a_service_that_is_gone_is_said_to_be_gone(self) -> None:
        problem = refused(make.renewal_line(8), make.pricing(make.service()))
        assert problem.reason is Unavailable.NO_SUCH_SERVICE

    def test_what_cannot_be_renewed_says_why_and_from_when(self) -> None:
        policy = Policy(opens_days_before={MONTHLY: 5})
        pricing = make.pricing(
            make.service(id=1),
            make.service(id=2, status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.ABUSE),
            make.service(id=3),
            catalog=make.catalog(policy=policy),
            cancelling=frozenset({3}),
        )
        early, abuse, leaving = (refused(make.renewal_line(n), pricing) for n in (1, 2, 3))
        assert {p.reason for p in (early, abuse, leaving)} == {Unavailable.NOT_RENEWABLE}
        assert (early.refusal, early.opens_on) == (Refusal.NOT_OPEN_YET, date(2026, 3, 17))
        assert (abuse.refusal, abuse.opens_on) == (Refusal.SUSPENDED, None)
        assert leaving.refusal is Refusal.CANCELLATION_OPEN

    def test_an_add_on_is_not_renewed_when_its_service_leaves_or_is_not_there(self) -> None:
        leaving = make.pricing(make.service(), make.owned_addon(), cancelling=frozenset({1}))
        alone = make.pricing(make.owned_addon())
        for pricing, why in (
            (leaving, Refusal.PARENT_CANCELLATION), (alone, Refusal.PARENT),
        ):  # fmt: skip
            assert refused(make.renewal_line(2), pricing).refusal is why


class TestNewProducts:
    def test_the_first_period_has_the_setup_fee_and_later_ones_do_not(self) -> None:
        product = make.product(prices=make.prices("29.00", setup="50.00"))
        quote = priced(make.product_line(), make.pricing(catalog=make.catalog(product)))
        assert (quote.amount, quote.setup) == (make.money("29.00"), make.money("50.00"))
        assert quote.gross == make.money("97.17")
        assert quote.recurring == make.money("35.67")
        assert quote.setup_gross == make.money("61.50")
        assert (quote.period_from, quote.period_to) == (date(2026, 3, 10), date(2026, 4, 10))
        assert (quote.anchor_day, quote.due_date) == (10, None)
        assert quote.domain == "nowa.example"

    @pytest.mark.parametrize("cycle", [BillingCycle.ONE_TIME, BillingCycle.FREE])
    def test_one_time_and_free_never_recur(self, cycle: BillingCycle) -> None:
        product = make.product(prices=(make.price("12.00", cycle),))
        line = make.product_line(cycle=cycle)
        quote = priced(line, make.pricing(catalog=make.catalog(product)))
        assert quote.period_to is None
        assert quote.recurring == make.money("0")
        assert quote.gross == make.money("14.76")

    def test_the_name_is_in_the_clients_language(self) -> None:
        product = make.product(name={"en": "Small hosting", "pl": "Mały hosting"})
        pricing = make.pricing(catalog=make.catalog(product))
        names = [
            priced(make.product_line(), replace(pricing, languages=languages)).name
            for languages in ((), ("pl",), ("de", "pl"), ("de",))
        ]
        assert names == ["Small hosting", "Mały hosting", "Mały hosting", "Small hosting"]

    @pytest.mark.parametrize(
        "line",
        [
            make.product_line("unknown"),
            make.product_line("withdrawn"),
            make.product_line(cycle=BillingCycle.BIENNIALLY),
            make.product_line("ssl"),
            make.addon_line(1, product_id="start"),
            make.addon_line(1, product_id="unknown"),
        ],
    )
    def test_what_is_not_offered_is_not_priced(self, line: CartLine) -> None:
        catalog = make.catalog(
            make.product(), make.product("withdrawn", offered=False), make.addon()
        )
        problem = refused(line, make.pricing(make.service(), catalog=catalog))
        assert problem.reason is Unavailable.NOT_OFFERED

    @pytest.mark.parametrize(
        ("endings", "taken"),
        [((), True), (("example",), True), (("pl", "example"), True), (("pl", "com"), False)],
    )
    def test_a_name_with_an_ending_that_is_not_taken_is_not_priced(
        self, endings: tuple[str, ...], *, taken: bool
    ) -> None:
        catalog = make.catalog(make.product(domain_endings=endings), make.addon())
        pricing = make.pricing(make.service(), catalog=catalog)
        cart = make.cart(
            make.product_line(), make.addon_line(None, parent_line=3, cycle=BillingCycle.ANNUALLY)
        )
        quoted = quote_cart(cart, pricing)
        assert len(quoted.quotes) == (2 if taken else 0)
        if not taken:
            assert quoted.problems[0].reason is Unavailable.WRONG_ENDING
            assert quoted.problems[0].endings == endings
            assert quoted.problems[1].reason is Unavailable.NOT_OFFERED

    def test_a_price_in_another_currency_is_no_offer(self) -> None:
        problem = refused(make.product_line(), make.pricing(currency="EUR"))
        assert problem.reason is Unavailable.NOT_OFFERED


class TestAddOns:
    def test_an_add_on_starts_today_at_its_list_price_not_prorated(self) -> None:
        quote = priced(make.addon_line(), make.pricing(make.service()))
        assert quote.gross == make.money("12.30")
        assert (quote.period_from, quote.period_to) == (date(2026, 3, 10), date(2026, 4, 10))
        assert (quote.parent_name, quote.domain) == ("Hosting start", "anna.example")

    def test_an_add_on_of_a_service_without_a_domain_goes_by_the_services_label(self) -> None:
        nameless = make.service(domain="", label="Sklep")
        assert priced(make.addon_line(), make.pricing(nameless)).domain == "Sklep"

    def test_an_add_on_for_a_product_still_being_ordered_has_a_price_before_any_cart(self) -> None:
        quote = priced(make.addon_line(None, parent_line=1), make.pricing())
        assert (quote.gross, quote.domain) == (make.money("12.30"), "")

    @pytest.mark.parametrize("status", ServiceStatus)
    def test_only_active_services_get_add_ons(self, status: ServiceStatus) -> None:
        obstacle = addon_obstacle(make.addon(), make.service(status=status), 0)
        active = status is ServiceStatus.ACTIVE
        assert obstacle is (None if active else Unavailable.SERVICE_NOT_ACTIVE)

    def test_an_add_on_that_does_not_fit_says_so_before_anything_else(self) -> None:
        other = make.service(product_id="vps", status=ServiceStatus.FRAUD)
        assert addon_obstacle(make.addon(), other, 9) is Unavailable.DOES_NOT_FIT
        assert addon_obstacle(make.product(), make.service(), 0) is Unavailable.NOT_OFFERED

    def test_no_add_on_belongs_to_an_add_on_or_to_nothing(self) -> None:
        assert addon_obstacle(make.addon(), None, 0) is Unavailable.NO_SUCH_SERVICE
        addon = make.owned_addon(product_id="start")
        assert addon_obstacle(make.addon(), addon, 0) is Unavailable.NO_SUCH_SERVICE
        problem = refused(make.addon_line(8), make.pricing(make.service()))
        assert problem.reason is Unavailable.NO_SUCH_SERVICE

    @pytest.mark.parametrize(("most", "owned", "more"), [(1, 0, True), (1, 1, False),
                                                         (2, 1, True), (2, 2, False)])  # fmt: skip
    def test_one_of_a_kind_unless_the_catalogue_says_more(
        self, most: int, owned: int, more: bool
    ) -> None:
        obstacle = addon_obstacle(make.addon(max_per_service=most), make.service(), owned)
        assert obstacle is (None if more else Unavailable.ALREADY_HAS_IT)

    def test_only_live_add_ons_of_that_kind_and_service_count(self) -> None:
        counted = [ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED, ServiceStatus.PENDING]
        services = [
            make.owned_addon(id=number, status=status)
            for number, status in enumerate(ServiceStatus, start=10)
        ]
        services += [
            make.owned_addon(id=2, product_id="backup"), make.owned_addon(id=3, parent_id=9),
        ]  # fmt: skip
        owned = {service.id: service for service in (make.service(), *services)}
        assert count_owned(owned, 1, "ssl") == len(counted)
        assert count_owned(owned, 9, "ssl") == 1
        assert count_owned(owned, 7, "ssl") == 0

    def test_the_same_add_on_twice_in_a_cart_is_sold_once(self) -> None:
        cart = make.cart(make.addon_line(id=1), make.addon_line(id=2, cycle=ANNUALLY))
        quoted = quote_cart(cart, make.pricing(make.service()))
        assert [quote.line_id for quote in quoted.quotes] == [1]
        assert [(p.line_id, p.reason) for p in quoted.problems] == [
            (2, Unavailable.ALREADY_HAS_IT)
        ]

    def test_a_line_that_is_not_offered_takes_nobodys_place(self) -> None:
        cart = make.cart(
            make.addon_line(id=1, cycle=BillingCycle.BIENNIALLY), make.addon_line(id=2)
        )
        quoted = quote_cart(cart, make.pricing(make.service()))
        assert [quote.line_id for quote in quoted.quotes] == [2]

    def test_the_same_add_on_for_two_services_is_sold_twice(self) -> None:
        cart = make.cart(make.addon_line(1, id=1), make.addon_line(2, id=2))
        quoted = quote_cart(cart, make.pricing(make.service(id=1), make.service(id=2)))
        assert len(quoted.quotes) == 2

    def test_an_add_on_ordered_with_a_product_belongs_to_that_line(self) -> None:
        cart = make.cart(make.product_line(id=1), make.addon_line(None, id=2, parent_line=1))
        addon = quote_cart(cart, make.pricing()).quotes[1]
        assert (addon.parent_line, addon.domain) == (1, "nowa.example")
        assert addon.service_id is None

    def test_an_add_on_follows_the_product_it_was_ordered_with_out_of_the_cart(self) -> None:
        cart = make.cart(
            make.product_line("gone", id=1), make.addon_line(None, id=2, parent_line=1)
        )
        gone = make.product("gone", offered=False)
        catalog = make.catalog(gone, make.addon(fits=("gone",)))
        quoted = quote_cart(cart, make.pricing(catalog=catalog))
        assert quoted.quotes == ()
        assert [(p.line_id, p.reason) for p in quoted.problems] == [
            (1, Unavailable.NOT_OFFERED), (2, Unavailable.NOT_OFFERED),
        ]  # fmt: skip

    @pytest.mark.parametrize("parent_line", [2, 3, 9])
    def test_an_add_on_of_a_missing_or_unfitting_line_is_not_priced(
        self, parent_line: int
    ) -> None:
        cart = make.cart(
            make.addon_line(None, id=2, parent_line=parent_line), make.renewal_line(id=3)
        )
        quoted = quote_cart(cart, make.pricing(make.service()))
        assert [problem.line_id for problem in quoted.problems] == [2]

    def test_the_same_add_on_twice_with_one_new_product_is_sold_once(self) -> None:
        cart = make.cart(
            make.product_line(id=1),
            make.addon_line(None, id=2, parent_line=1),
            make.addon_line(None, id=3, parent_line=1),
        )
        quoted = quote_cart(cart, make.pricing())
        assert [quote.line_id for quote in quoted.quotes] == [1, 2]


class TestSeals:
    CART = make.cart(make.renewal_line(id=1), make.product_line(id=2), make.addon_line(id=3))
    PRICING = make.pricing(make.service())

    def seal(self, **changes: object) -> int:
        return quote_cart(self.CART, replace(self.PRICING, **changes)).seal  # type: ignore[arg-type]

    def test_nothing_changed_gives_the_same_seal(self) -> None:
        assert self.seal() == self.seal()
        renamed = make.service(label="Blog Anny")
        assert self.seal(services={1: renamed}, languages=("pl",)) == self.seal()

    @pytest.mark.parametrize(
        "changes",
        [
            {"today": make.TODAY + timedelta(days=1)},
            {"taxation": Taxation(800, included=False)},
            {"taxation": Taxation(2300, included=True)},
            {"services": {1: make.service(amount=make.money("29.01"))}},
            {"services": {1: make.service(next_due_date=date(2026, 4, 22))}},
            {"services": {1: make.service(anchor_day=31)}},
            {"services": {1: make.service(status=ServiceStatus.TERMINATED)}},
            {"on_invoice": {1: 55}},
            {"cancelling": frozenset({1})},
            {"catalog": make.catalog(make.product(prices=make.prices("29.01")), make.addon())},
            {"catalog": make.catalog(make.product(), make.addon(prices=make.prices("9.99")))},
            {"catalog": make.catalog(make.product(), make.addon(offered=False))},
            {
                "catalog": make.catalog(
                    make.product(), make.addon(prices=make.prices("10.00", setup="0.01"))
                )
            },
        ],
    )
    def test_whatever_changed_since_is_noticed(self, changes: dict[str, object]) -> None:
        assert self.seal(**changes) != self.seal()


@pytest.mark.slow
@many
@given(world=worlds)
def test_any_cart_is_priced_or_explained_line_by_line(world: World) -> None:
    cart, pricing = world
    quoted = quote_cart(cart, pricing)
    kept = [quote.line_id for quote in quoted.quotes]
    aside = [problem.line_id for problem in quoted.problems]
    assert sorted(kept + aside) == sorted(line.id for line in cart.lines)
    for quote in quoted.quotes:
        amounts = make.known(quote.amounts)
        assert amounts.gross.currency == pricing.currency
        assert amounts.net + amounts.tax == quote.gross
        assert quote.parent_line is None or quote.parent_line in kept
    assert quoted.totals.gross == quoted.totals.net + quoted.totals.tax
    assert quoted.totals.gross.minor == sum(make.known(q.gross).minor for q in quoted.quotes)
    assert quoted.seal == quote_cart(cart, pricing).seal


@pytest.mark.slow
@many
@given(world=worlds)
def test_a_line_costs_its_amount_and_only_a_first_period_has_a_setup_fee(world: World) -> None:
    cart, pricing = world
    for quote in quote_cart(cart, pricing).quotes:
        amount, gross = make.known(quote.amount), make.known(quote.gross)
        alone = price_line(amount, pricing.taxation).gross
        assert quote.amounts == price_line(amount + quote.setup, pricing.taxation)
        assert quote.setup_gross == gross - alone
        assert quote.setup_gross >= Money.zero(pricing.currency)
        assert quote.recurring == (
            alone if quote.cycle.recurring else Money.zero(pricing.currency)
        )
        if quote.kind is LineKind.RENEWAL:
            assert not quote.setup
            assert not quote.setup_gross


@pytest.mark.slow
@many
@given(world=worlds)
def test_a_line_runs_from_its_start_to_the_next_due_date(world: World) -> None:
    cart, pricing = world
    for quote in quote_cart(cart, pricing).quotes:
        assert (quote.period_to is not None) is quote.cycle.recurring
        starts = make.known(quote.period_from)
        assert quote.period_to is None or quote.period_to > starts
        if quote.kind is LineKind.RENEWAL:
            service = pricing.services[quote.service_id or 0]
            assert pricing.renewability(service).allowed
            assert service.id not in pricing.on_invoice
            assert quote.due_date == quote.period_from == service.next_due_date
        else:
            assert quote.period_from == pricing.today


@pytest.mark.slow
@many
@given(world=worlds)
def test_no_service_ends_up_with_more_add_ons_of_a_kind_than_allowed(world: World) -> None:
    cart, pricing = world
    quoted = quote_cart(cart, pricing)
    bought = Counter(
        (q.service_id, q.product_id)
        for q in quoted.quotes
        if q.kind is LineKind.ADDON and q.parent_line is None
    )
    for (service_id, product_id), number in bought.items():
        product = pricing.catalog.product(product_id)
        assert product is not None
        assert service_id is not None
        owned = count_owned(pricing.services, service_id, product_id)
        assert owned + number <= product.max_per_service


@pytest.mark.slow
@many
@given(world=worlds)
def test_the_invoice_asks_for_what_the_cart_showed(world: World) -> None:
    cart, pricing = world
    quoted = quote_cart(cart, pricing)
    if quoted.quotes:
        invoice = make.invoice(*quoted.quotes)
        assert invoice.totals == quoted.totals
        assert invoice.balance == quoted.totals.gross


@pytest.mark.slow
@many
@given(world=worlds, cycle=st.sampled_from(CYCLES), service_id=st.integers(1, 4))
def test_a_renewal_is_offered_for_exactly_the_cycles_that_have_a_price(
    world: World, cycle: BillingCycle, service_id: int
) -> None:
    _, pricing = world
    service = pricing.services[service_id]
    pricing = replace(pricing, on_invoice={})
    result = quote_line(make.renewal_line(service_id, cycle=cycle), pricing)
    able = pricing.renewability(service).allowed
    offered = cycle in renewal_cycles(service, pricing.catalog)
    assert isinstance(result, Quote) is (able and offered)
    if isinstance(result, Quote):
        assert RenewalPrice(result.amount) == renewal_price(service, cycle, pricing.catalog)
