"""The services list and a service's page."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import BillingError, InvalidInputError, NotFoundError
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.renewals import Refusal
from billing.views.account import ClientInfo
from billing.views.services import CancelWhen, ServiceFilter, Sort
from tests.billing.actions.company import BANK, DUE, PL, CompanyAtWork, addon_row, catalogue
from tests.make import TODAY, banner, money
from tests.storage.company import service_row

ACTIVE, PENDING = ServiceStatus.ACTIVE, ServiceStatus.PENDING


class TestTheList:
    async def test_services_are_counted_by_status_and_add_ons_are_left_out(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(
            service_row("S2", status=PENDING, next_due_date=None),
            service_row("S3", status=ServiceStatus.TERMINATED),
            addon_row("A2", status=ServiceStatus.CANCELLED),
        )
        listed = await company.actions.list_services(anna, ServiceFilter(every=True))
        assert listed.counts == {ACTIVE: 1, PENDING: 1, ServiceStatus.TERMINATED: 1}
        assert (listed.all, listed.count, listed.pages) == (3, 3, 1)
        assert [each.service.ref for each in listed.services] == ["S1", "S2", "S3"]
        living = await company.actions.list_services(anna, ServiceFilter())
        assert (living.all, living.count, living.living) == (3, 2, 2)
        assert [each.service.ref for each in living.services] == ["S1", "S2"]

    async def test_all_are_listed_where_none_is_living(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        gone = {"status": ServiceStatus.CANCELLED}
        await company.load(service_row("S1", **gone), replace_state=True)
        listed = await company.actions.list_services(anna, ServiceFilter())
        assert [each.service.ref for each in listed.services] == ["S1"]
        assert not listed.is_living_only
        assert not listed.service_filter.every

    async def test_a_status_narrows_the_list_but_not_its_counts(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(service_row("S2", status=PENDING, next_due_date=None))
        listed = await company.actions.list_services(anna, ServiceFilter(PENDING))
        assert [each.service.ref for each in listed.services] == ["S2"]
        assert (listed.count, listed.all) == (1, 2)
        nothing = await company.actions.list_services(anna, ServiceFilter(ServiceStatus.FRAUD))
        assert (nothing.services, nothing.count, nothing.pages) == ((), 0, 1)

    async def test_a_search_narrows_both(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        await company.owns(service_row("S2", name="VPS Żółw", domain="sklep.example"))
        for typed in ("zolw", "SKLEP", "klep.ex"):
            listed = await company.actions.list_services(anna, ServiceFilter(search=typed))
            assert [each.service.ref for each in listed.services] == ["S2"]
            assert listed.all == 1

    async def test_pages_have_five_and_one_past_the_end_is_the_last(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(*(service_row(f"N{n:02}", domain=f"n{n}.pl") for n in range(10)))
        first = await company.actions.list_services(anna, ServiceFilter(page=-3))
        last = await company.actions.list_services(anna, ServiceFilter(page=2**60))
        assert (first.service_filter.page, len(first.services), first.pages) == (0, 5, 3)
        assert (last.service_filter.page, len(last.services)) == (2, 1)

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            (Sort.DUE_DATE, ["S2", "S1", "S3"]),
            (Sort.NAME, ["S3", "S1", "S2"]),
            (Sort.PRICE, ["S3", "S2", "S1"]),
        ],
    )
    async def test_it_is_sorted(
        self, company: CompanyAtWork, anna: ClientInfo, sort: Sort, order: list[str]
    ) -> None:
        await company.owns(
            service_row("S2", name="Żółw", amount=money("5.00"), next_due_date=TODAY),
            service_row(
                "S3",
                name="Bez opłat",
                amount=money("0"),
                cycle=BillingCycle.FREE,
                next_due_date=None,
            ),
        )
        listed = await company.actions.list_services(anna, ServiceFilter(sort=sort))
        assert [each.service.ref for each in listed.services] == order

    async def test_the_banner_of_today_is_shown_with_what_it_offers(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        over = banner(id="over", ends=TODAY - timedelta(days=1))
        await company.publishes(catalogue(banners=(over, banner(product="vps"))))
        listed = await company.actions.list_services(anna, ServiceFilter())
        assert listed.banner is not None
        assert listed.banner.id == "spring"
        assert listed.banner_product is not None
        assert listed.banner_product.id == "vps"

    async def test_a_banner_leads_to_nothing_that_is_not_sold_to_the_client(
        self, company: CompanyAtWork, john: ClientInfo
    ) -> None:
        pounds = replace(john, currency="GBP")
        await company.publishes(catalogue(banners=(banner(product="vps"),)))
        listed = await company.actions.list_services(pounds, ServiceFilter())
        assert listed.banner is not None
        assert listed.banner_product is None


class TestAPage:
    async def test_a_service_is_shown_with_its_add_ons(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        page = await company.actions.show_service(anna, ids["S1"], PL)
        assert (page.service.ref, page.service.next_due_date) == ("S1", DUE)
        assert [addon.ref for addon in page.addons] == ["A1"]
        assert page.parent is None
        assert page.renewability.allowed
        assert not page.in_cart
        assert page.can_order_addons
        assert page.panel_url == "https://panel.example/s/S1"

    async def test_an_add_on_is_shown_with_its_service(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        page = await company.actions.show_service(anna, ids["A1"], PL)
        assert page.parent is not None
        assert (page.parent.ref, page.addons, page.can_order_addons) == ("S1", (), False)

    async def test_an_unpaid_proforma_and_the_cart_are_seen_on_it(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        page = await company.actions.renew_from_page(anna, ids["S1"], PL)
        assert page.in_cart
        placed = await company.place(gateway=BANK)
        page = await company.actions.show_service(anna, ids["S1"], PL)
        assert not page.in_cart
        assert page.invoice is not None
        assert page.invoice.number == placed.invoice.number
        assert page.invoice.balance == placed.invoice.gross == money("35.67")

    async def test_an_open_cancellation_is_seen_on_it(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        asked = await company.actions.request_cancellation(
            anna, ids["S1"], when=CancelWhen.PERIOD_END, reason="za drogo"
        )
        page = await company.actions.show_service(anna, ids["S1"], PL)
        assert page.cancellation == asked
        assert page.renewability.refusal is Refusal.CANCELLATION_OPEN
        addon = await company.actions.show_service(anna, ids["A1"], PL)
        assert addon.cancellation is None
        assert addon.renewability.refusal is Refusal.PARENT_ENDS

    async def test_a_suspended_service_says_why_it_cannot_be_renewed(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (number,) = await company.owns(
            service_row("S2", status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.ABUSE)
        )
        page = await company.actions.show_service(anna, number, PL)
        assert page.renewability.refusal is Refusal.SUSPENDED
        assert not page.can_order_addons

    async def test_the_companys_id_is_quoted_in_the_address_of_its_panel(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (number,) = await company.owns(service_row("a/b?c=ł"))
        page = await company.actions.show_service(anna, number, PL)
        assert page.panel_url == "https://panel.example/s/a%2Fb%3Fc%3D%C5%82"

    async def test_a_renewal_is_taken_out_of_the_cart_on_it(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.renew_from_page(anna, ids["S1"], PL)
        for _ in range(2):
            page = await company.actions.drop_from_page(anna, ids["S1"], PL)
            assert not page.in_cart
        assert (await company.actions.show_cart(anna, PL)).cart.lines == ()


class TestHome:
    async def test_it_says_how_the_client_stands(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.owns(service_row("S2", next_due_date=TODAY - timedelta(days=1)))
        await company.renew(ids["S1"])
        await company.actions.add_renewal(anna, PL, ids["A1"])
        home = await company.actions.show_home(anna)
        assert home.due.services_overdue == 1
        assert home.left_to_pay.count == 1
        assert home.cart_lines == 1


class TestRenaming:
    async def test_a_label_is_kept_and_an_empty_one_brings_the_name_back(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        assert await company.actions.rename_service(anna, ids["S1"], "  Mój   sklep ") == (
            "Mój sklep"
        )
        assert (await company.service(ids["S1"])).title == "Mój sklep"
        assert await company.actions.rename_service(anna, ids["S1"], "  ") == ""
        assert (await company.service(ids["S1"])).title == "Hosting start"

    async def test_a_label_that_is_too_long_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        with pytest.raises(InvalidInputError):
            await company.actions.rename_service(anna, ids["S1"], "x" * 61)
        assert (await company.service(ids["S1"])).label == ""


Attempt = Callable[[CompanyAtWork, ClientInfo, int], Awaitable[object]]

ATTEMPTS: dict[str, Attempt] = {
    "show_service": lambda c, who, id_: c.actions.show_service(who, id_, PL),
    "rename_service": lambda c, who, id_: c.actions.rename_service(who, id_, "moje"),
    "renew_from_page": lambda c, who, id_: c.actions.renew_from_page(who, id_, PL),
    "drop_from_page": lambda c, who, id_: c.actions.drop_from_page(who, id_, PL),
    "add_renewal": lambda c, who, id_: c.actions.add_renewal(who, PL, id_),
    "show_renewal_cycles": lambda c, who, id_: c.actions.show_renewal_cycles(who, PL, id_),
    "show_service_addons": lambda c, who, id_: c.actions.show_service_addons(who, PL, id_),
    "show_addon": lambda c, who, id_: c.actions.show_addon(who, PL, c.number("ssl"), id_),
    "add_addon": lambda c, who, id_: c.actions.add_addon(
        who, PL, product_number=c.number("ssl"), cycle=BillingCycle.MONTHLY, service_id=id_
    ),
    "request_cancellation": lambda c, who, id_: c.actions.request_cancellation(
        who, id_, when=CancelWhen.NOW, reason=""
    ),
    "withdraw_cancellation": lambda c, who, id_: c.actions.withdraw_cancellation(who, id_),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_another_clients_service_is_not_found(
    company: CompanyAtWork, anna: ClientInfo, attempt: str
) -> None:
    ids = await company.ids()
    for number in (ids["J1"], 0, 4711, 2**63 - 1):
        with pytest.raises(NotFoundError):
            await ATTEMPTS[attempt](company, anna, number)
    assert (await company.actions.show_cart(anna, PL)).cart.lines == ()
    assert (await company.service(ids["J1"], "john")).label == ""
    assert await company.outbox() == []


INVOICE_ATTEMPTS: dict[str, Attempt] = {
    "show_invoice": lambda c, who, id_: c.actions.show_invoice(who, id_),
    "cancel_invoice": lambda c, who, id_: c.actions.cancel_invoice(who, id_),
    "pay_invoice": lambda c, who, id_: c.actions.pay_invoice(
        who, invoice_id=id_, gateway_number=BANK
    ),
}


@pytest.mark.parametrize("attempt", INVOICE_ATTEMPTS)
async def test_another_clients_proforma_is_not_found(
    company: CompanyAtWork, anna: ClientInfo, john: ClientInfo, attempt: str
) -> None:
    ids = await company.ids()
    placed = await company.renew(ids["J1"], ref="john", gateway=3)
    for number in (placed.invoice.id, 0, 2**63 - 1):
        with pytest.raises(NotFoundError):
            await INVOICE_ATTEMPTS[attempt](company, anna, number)
    assert (await company.actions.show_invoice(john, placed.invoice.id)).invoice.is_open


async def test_another_clients_line_of_the_cart_is_not_found(
    company: CompanyAtWork, anna: ClientInfo, john: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_renewal(john, PL, ids["J1"])
    with pytest.raises(NotFoundError):
        await company.actions.show_line_cycles(anna, PL, 1)
    with pytest.raises(NotFoundError):
        await company.actions.change_cycle(anna, PL, 1, BillingCycle.ANNUALLY)
    await company.actions.remove_line(anna, PL, 1)
    await company.actions.remove_renewal(anna, PL, ids["J1"])
    await company.actions.empty_cart(anna, PL)
    assert len((await company.actions.show_cart(john, PL)).cart.lines) == 1


async def test_another_clients_cart_cannot_be_paid(
    company: CompanyAtWork, anna: ClientInfo, john: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_renewal(john, PL, ids["J1"])
    review = await company.actions.review_checkout(john, PL)
    with pytest.raises(BillingError):
        await company.actions.place_order(
            anna,
            PL,
            revision=review.quoted_cart.revision,
            seal=review.quoted_cart.seal,
            gateway_number=BANK,
        )
