"""What can be ordered: the shop, which add-ons fit, new products with their names."""

from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import InvalidInputError, NotFoundError, NotOfferedError
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import ProductKind
from billing.rules.shop.quotes import Unavailable
from billing.views.account import ClientInfo
from billing.views.shop import Added, Shop
from tests.billing.actions.company import PL, CompanyAtWork, addon_row, catalogue
from tests.make import money
from tests.storage.company import service_row

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY


def shelves(shop: Shop) -> dict[str, list[str]]:
    return {shelf.group_id: [o.product.id for o in shelf.offers] for shelf in shop.shelves}


async def order(
    company: CompanyAtWork,
    client: ClientInfo,
    product: str,
    name: str,
    *addons: str,
    cycle: BillingCycle = MONTHLY,
) -> Added:
    """Put a new product into the cart, its add-ons on the same cycle."""
    return await company.actions.add_product(
        client,
        PL,
        product_number=company.number(product),
        cycle=cycle,
        name=name,
        addons=[(company.number(addon), cycle) for addon in addons],
    )


async def add(
    company: CompanyAtWork,
    client: ClientInfo,
    addon: str,
    service_id: int,
    cycle: BillingCycle = MONTHLY,
) -> Added:
    """Put an add-on for a service into the cart."""
    return await company.actions.add_addon(
        client, PL, product_number=company.number(addon), cycle=cycle, service_id=service_id
    )


class TestTheShop:
    async def test_products_and_add_ons_stand_on_their_shelves(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        products = await company.actions.show_shop(anna, ProductKind.PRODUCT)
        assert shelves(products) == {
            "hosting": ["start", "pro"],
            "vps": ["vps"],
            "other": ["migration", "parking"],
        }
        addons = await company.actions.show_shop(anna, ProductKind.ADDON)
        assert shelves(addons) == {"security": ["ssl", "ip", "backup"]}

    async def test_prices_are_gross_in_the_clients_currency_and_tax(
        self, company: CompanyAtWork, anna: ClientInfo, john: ClientInfo
    ) -> None:
        for client, gross, setup in ((anna, "72.57", "12.30"), (None, "72.57", "12.30")):
            shop = await company.actions.show_shop(client, ProductKind.PRODUCT)
            offer = shop.offer(company.number("pro"))
            assert offer is not None
            assert offer.cheapest.gross == money(gross)
            assert offer.cheapest.setup_gross == money(setup)
        shop = await company.actions.show_shop(john, ProductKind.PRODUCT)
        offer = shop.offer(company.number("pro"))
        assert offer is not None
        assert offer.cheapest.gross == money("14.00", "EUR")

    async def test_what_has_no_price_in_the_currency_is_not_offered(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        shop = await company.actions.show_shop(replace(anna, currency="CZK"), ProductKind.PRODUCT)
        assert shop.shelves == ()

    async def test_a_product_shows_the_add_ons_that_can_be_ordered_with_it(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        page = await company.actions.show_product(anna, company.number("start"))
        assert [offer.product.id for offer in page.addons] == ["ssl", "ip"]
        for other in (company.number("ssl"), 4711):
            with pytest.raises(NotOfferedError):
                await company.actions.show_product(anna, other)

    async def test_what_is_withdrawn_is_not_offered_any_more(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        _, *rest = company.catalog.products
        await company.publishes(catalogue(products=tuple(rest)))
        with pytest.raises(NotOfferedError):
            await order(company, anna, "start", "nowa.example")
        with pytest.raises(NotOfferedError):
            await company.actions.check_name(anna, company.number("start"), "nowa.example")


class TestFitting:
    async def test_services_are_those_it_fits_and_the_others_with_the_reason(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(
            service_row("fits"),
            service_row("vps", product="vps"),
            service_row("pending", status=ServiceStatus.PENDING, next_due_date=None),
            service_row(
                "late",
                status=ServiceStatus.SUSPENDED,
                suspended_for=SuspendedFor.NON_PAYMENT,
            ),
            service_row("gone", status=ServiceStatus.TERMINATED),
        )
        found = await company.actions.find_fitting_services(
            anna, PL, company.number("ssl"), MONTHLY
        )
        assert [choice.service.ref for choice in found.fitting] == ["fits"]
        assert {choice.service.ref: choice.obstacle for choice in found.others} == {
            "S1": Unavailable.ALREADY_HAS_IT,
            "vps": Unavailable.DOES_NOT_FIT,
            "pending": Unavailable.SERVICE_NOT_ACTIVE,
            "late": Unavailable.SERVICE_NOT_ACTIVE,
        }
        assert found.offer.product.id == "ssl"

    async def test_an_add_on_that_has_ended_makes_room_for_another(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.load(addon_row(status=ServiceStatus.CANCELLED), replace_state=True)
        found = await company.actions.find_fitting_services(
            anna, PL, company.number("ssl"), MONTHLY
        )
        assert [choice.service.ref for choice in found.fitting] == ["S1"]

    async def test_as_many_as_a_service_may_have_and_those_in_the_cart_count(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.owns(addon_row("IP1", product="ip"))
        await add(company, anna, "ip", ids["S1"])
        found = await company.actions.find_fitting_services(
            anna, PL, company.number("ip"), MONTHLY
        )
        (full,) = found.others
        assert (full.obstacle, full.in_cart) == (Unavailable.ALREADY_HAS_IT, True)
        with pytest.raises(NotOfferedError) as refused:
            await add(company, anna, "ip", ids["S1"], ANNUALLY)
        assert refused.value.code == "already_has_it"
        await company.actions.empty_cart(anna, PL)
        await add(company, anna, "ip", ids["S1"], ANNUALLY)

    async def test_add_ons_for_one_service(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        ids = await company.ids()
        found = await company.actions.show_service_addons(anna, PL, ids["S1"])
        assert shelves(found.shop) == {"security": ["ip"]}
        assert [(offer.product.id, choice.obstacle) for offer, choice in found.others] == [
            ("ssl", Unavailable.ALREADY_HAS_IT)
        ]
        with pytest.raises(NotFoundError):
            await company.actions.show_service_addons(anna, PL, ids["A1"])

    async def test_one_add_on_and_one_service(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        page = await company.actions.show_addon(anna, PL, company.number("ssl"), ids["S1"])
        assert page.choice is not None
        assert page.choice.obstacle is Unavailable.ALREADY_HAS_IT
        alone = await company.actions.show_addon(anna, PL, company.number("ssl"))
        assert (alone.choice, alone.offer.product.id) == (None, "ssl")
        with pytest.raises(NotOfferedError):
            await company.actions.show_addon(anna, PL, company.number("start"))


class TestAddOns:
    async def test_the_same_one_twice_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (service,) = await company.owns(service_row("S2", domain="drugi.example"))
        once = await add(company, anna, "ssl", service)
        twice = await add(company, anna, "ssl", service)
        assert (once.new, twice.new) == (True, False)
        assert once.cart == twice.cart
        (quote,) = once.cart.quoted_cart.quotes
        assert (quote.domain, quote.parent_name) == ("drugi.example", "Hosting start")

    async def test_a_setup_fee_belongs_to_the_first_period_only(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        added = await add(company, anna, "ip", ids["S1"])
        (quote,) = added.cart.quoted_cart.quotes
        assert (quote.gross, quote.setup_gross, quote.recurring) == (
            money("39.36"),
            money("24.60"),
            money("14.76"),
        )

    @pytest.mark.parametrize(
        ("addon", "ref", "code"),
        [
            ("ssl", "S1", "already_has_it"),
            ("backup", "S1", "does_not_fit"),
            ("ssl", "pending", "service_not_active"),
            ("ssl", "A1", "no_such_service"),
        ],
    )
    async def test_what_does_not_go_says_why(
        self, company: CompanyAtWork, anna: ClientInfo, addon: str, ref: str, code: str
    ) -> None:
        await company.owns(
            service_row("pending", status=ServiceStatus.PENDING, next_due_date=None)
        )
        ids = await company.ids()
        with pytest.raises(NotOfferedError) as refused:
            await add(company, anna, addon, ids[ref])
        assert refused.value.code == code
        assert (await company.actions.show_cart(anna, PL)).cart.lines == ()

    async def test_a_cycle_or_product_that_is_no_add_on_is_refused(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        with pytest.raises(NotOfferedError) as refused:
            await add(company, anna, "ip", ids["S1"], BillingCycle.TRIENNIALLY)
        assert refused.value.code == "cycle_not_offered"
        with pytest.raises(NotOfferedError):
            await add(company, anna, "vps", ids["S1"])


class TestNewProducts:
    async def test_a_product_comes_with_its_add_ons_named_by_its_line(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        added = await order(company, anna, "start", "https://www.Nowa.example/", "ssl", "ip")
        parent, *children = added.cart.cart.lines
        assert (parent.name, parent.parent_line) == ("nowa.example", None)
        assert [child.parent_line for child in children] == [parent.id, parent.id]
        assert [quote.domain for quote in added.cart.quoted_cart.quotes] == ["nowa.example"] * 3
        assert added.new

    async def test_the_same_one_twice_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        once = await order(company, anna, "start", "nowa.example", "ssl")
        twice = await order(company, anna, "start", "NOWA.example", "ip")
        assert (twice.new, twice.cart) == (False, once.cart)

    async def test_the_same_name_within_a_group_is_a_mistake(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order(company, anna, "start", "nowa.example")
        for product, cycle in (("start", ANNUALLY), ("pro", MONTHLY)):
            with pytest.raises(InvalidInputError) as refused:
                await order(company, anna, product, "nowa.example", cycle=cycle)
            assert refused.value.code == "name_taken"
        added = await order(
            company, anna, "migration", "nowa.example", cycle=BillingCycle.ONE_TIME
        )
        assert len(added.cart.cart.lines) == 2

    async def test_what_cannot_be_ordered_with_it_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        for addons in (("backup",), ("ssl", "ssl"), ("ip", "ip", "ip"), ("pro",)):
            with pytest.raises(NotOfferedError):
                await order(company, anna, "start", "nowa.example", *addons)
        with pytest.raises(NotOfferedError):
            await order(company, anna, "ssl", "nowa.example")
        with pytest.raises(NotOfferedError):
            await order(company, anna, "start", "nowa.example", cycle=BillingCycle.FREE)
        with pytest.raises(InvalidInputError):
            await order(company, anna, "start", "to nie domena")
        assert (await company.actions.show_cart(anna, PL)).cart.revision == 0

    async def test_as_many_of_one_kind_as_a_service_may_have(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        added = await order(company, anna, "start", "nowa.example", "ip", "ip")
        assert [quote.product_id for quote in added.cart.quoted_cart.quotes] == [
            "start",
            "ip",
            "ip",
        ]
        assert added.cart.quoted_cart.problems == ()


class TestNames:
    async def test_a_name_is_cleaned_by_what_the_product_asks_for(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        start, vps = company.number("start"), company.number("vps")
        checked = await company.actions.check_name(anna, start, "http://Żółw.PL/x")
        assert (checked.name, checked.page.offer.product.id) == ("żółw.pl", "start")
        checked = await company.actions.check_name(anna, vps, "  Mój  serwer ")
        assert checked.name == "Mój serwer"
        with pytest.raises(InvalidInputError):
            await company.actions.check_name(anna, start, "Mój serwer")

    @pytest.mark.parametrize("typed", ["anna.example", "ANNA.EXAMPLE", "www.anna.example"])
    async def test_a_name_in_the_account_is_taken_in_its_group(
        self, company: CompanyAtWork, anna: ClientInfo, typed: str
    ) -> None:
        for product in ("start", "pro"):
            with pytest.raises(InvalidInputError) as taken:
                await company.actions.check_name(anna, company.number(product), typed)
            assert (taken.value.code, taken.value.params["name"]) == (
                "name_taken",
                "anna.example",
            )
        await company.actions.check_name(anna, company.number("migration"), typed)

    async def test_punycode_and_unicode_are_one_name(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(service_row("S2", domain="xn--w-uga1v8h.pl"))
        with pytest.raises(InvalidInputError):
            await company.actions.check_name(anna, company.number("start"), "żółw.pl")

    @pytest.mark.slow
    async def test_a_name_in_the_cart_is_taken_too(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order(company, anna, "vps", "Serwer")
        with pytest.raises(InvalidInputError):
            await company.actions.check_name(anna, company.number("vps"), "serwer")

    async def test_names_of_what_has_ended_and_of_others_are_free(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        start = company.number("start")
        await company.owns(
            service_row("S2", domain="dawna.example", status=ServiceStatus.CANCELLED)
        )
        for typed in ("dawna.example", "john.example"):
            assert (await company.actions.check_name(anna, start, typed)).name == typed

    async def test_what_is_not_sold_to_the_client_has_no_name(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        for number in (company.number("ssl"), 4711):
            with pytest.raises(NotOfferedError):
                await company.actions.check_name(anna, number, "nowa.example")
