"""Renewals: the list, what goes into the cart from it, and what does not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import AlreadyInvoicedError, NotFoundError, NotRenewableError
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import Policy
from billing.rules.shop.renewals import Refusal
from billing.views.account import ClientInfo
from billing.views.cart import RenewalList
from billing.views.services import CancelWhen
from tests.billing.actions.company import DUE, PL, CompanyAtWork, addon_row, catalogue
from tests.make import TODAY, money, price
from tests.storage.company import service_row

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY


def offered(found: RenewalList) -> list[str]:
    return [offer.service.ref for offer in found.offers]


def refusals(found: RenewalList) -> dict[str, Refusal | None]:
    return {refused.service.ref: refused.renewability.refusal for refused in found.refused}


class TestTheList:
    async def test_what_can_be_renewed_comes_most_urgent_first_and_numbered(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(
            service_row("S2", next_due_date=TODAY - timedelta(days=3)),
            service_row(
                "S3",
                next_due_date=TODAY - timedelta(days=9),
                status=ServiceStatus.SUSPENDED,
                suspended_for=SuspendedFor.NON_PAYMENT,
            ),
        )
        found = await company.actions.list_renewals(anna, PL)
        assert offered(found) == ["S3", "S2", "A1", "S1"]
        assert [offer.number for offer in found.offers] == [1, 2, 3, 4]
        assert found.due_soon == 4

    async def test_an_offer_shows_the_old_and_the_new_due_date_and_the_price(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(
            service_row("M31", next_due_date=date(2026, 2, 28), anchor_day=31, domain="m31.pl")
        )
        offer = (await company.actions.list_renewals(anna, PL)).offers.items[0]
        assert offer.quote.due_date == date(2026, 2, 28)
        assert offer.quote.period_to == date(2026, 3, 31)
        assert offer.quote.gross == money("35.67")
        assert offer.cycles == (MONTHLY, BillingCycle.QUARTERLY, ANNUALLY)
        assert offer.in_cart is None

    async def test_what_cannot_be_renewed_is_listed_with_the_reason_unless_it_is_done(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        suspended = ServiceStatus.SUSPENDED
        await company.owns(
            service_row("pending", status=ServiceStatus.PENDING, next_due_date=None),
            service_row("abuse", status=suspended, suspended_for=SuspendedFor.ABUSE),
            service_row("other", status=suspended, suspended_for=SuspendedFor.OTHER),
            service_row("once", cycle=BillingCycle.ONE_TIME, next_due_date=None),
            service_row("free", cycle=BillingCycle.FREE, next_due_date=None),
            service_row("done", status=ServiceStatus.COMPLETED, next_due_date=None),
            service_row("gone", status=ServiceStatus.TERMINATED),
            addon_row("of-abuse", "abuse"),
        )
        found = await company.actions.list_renewals(anna, PL)
        assert offered(found) == ["A1", "S1"]
        assert refusals(found) == {
            "abuse": Refusal.SUSPENDED,
            "other": Refusal.SUSPENDED,
            "of-abuse": Refusal.PARENT,
            "pending": Refusal.PENDING,
            "once": Refusal.ONE_TIME,
            "free": Refusal.FREE,
        }

    async def test_before_its_window_opens_the_date_is_named(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.publishes(catalogue(policy=Policy(opens_days_before={MONTHLY: 7})))
        found = await company.actions.list_renewals(anna, PL)
        assert offered(found) == []
        assert {refused.renewability.opens_on for refused in found.refused} == {
            DUE - timedelta(days=7)
        }
        company.passes(days=5)
        found = await company.actions.list_renewals(anna, PL)
        assert offered(found) == ["A1", "S1"]

    async def test_an_add_on_names_its_service(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.request_cancellation(anna, ids["S1"], when=CancelWhen.NOW, reason="")
        found = await company.actions.list_renewals(anna, PL)
        assert refusals(found) == {
            "A1": Refusal.PARENT_CANCELLATION,
            "S1": Refusal.CANCELLATION_OPEN,
        }
        assert [refused.parent_name for refused in found.refused] == ["Hosting start", ""]


class TestAdding:
    async def test_adding_twice_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        once = await company.actions.add_renewal(anna, PL, ids["S1"])
        cart = (await company.actions.show_cart(anna, PL)).cart
        twice = await company.actions.add_renewal(anna, PL, ids["S1"])
        assert once == twice
        assert (await company.actions.show_cart(anna, PL)).cart == cart
        assert (once.cart_lines, once.cart_total.whole) == (1, money("35.67"))

    async def test_adding_with_another_cycle_changes_the_cycle_of_the_one_line(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        found = await company.actions.add_renewal(anna, PL, ids["S1"], ANNUALLY)
        cart = (await company.actions.show_cart(anna, PL)).cart
        assert [(line.id, line.cycle) for line in cart.lines] == [(1, ANNUALLY)]
        assert found.cart_total.whole == money("356.70")
        assert found.offers.items[-1].in_cart is ANNUALLY
        again = await company.actions.add_renewal(anna, PL, ids["S1"])
        assert again.offers.items[-1].in_cart is ANNUALLY

    async def test_another_cycle_costs_todays_list_price_and_the_own_cycle_the_own_amount(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (old,) = await company.owns(service_row("old", amount=money("19.00")))
        choice = await company.actions.show_renewal_cycles(anna, PL, old)
        assert dict(choice.choices) == {
            MONTHLY: money("23.37"),
            BillingCycle.QUARTERLY: money("107.01"),
            ANNUALLY: money("356.70"),
        }
        assert (choice.line.line_id, choice.line.cycle) == (0, MONTHLY)

    async def test_a_cycle_without_a_price_is_refused(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        for cycle in (BillingCycle.BIENNIALLY, BillingCycle.ONE_TIME, BillingCycle.FREE):
            with pytest.raises(NotRenewableError) as refused:
                await company.actions.add_renewal(anna, PL, ids["S1"], cycle)
            assert refused.value.code == "cycle_not_offered"

    async def test_where_the_policy_keeps_the_cycle_no_other_is_offered(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.publishes(catalogue(policy=Policy(change_cycle_on_renewal=False)))
        choice = await company.actions.show_renewal_cycles(anna, PL, ids["S1"])
        assert [cycle for cycle, _ in choice.choices] == [MONTHLY]
        with pytest.raises(NotRenewableError):
            await company.actions.add_renewal(anna, PL, ids["S1"], ANNUALLY)

    async def test_a_service_whose_product_is_gone_keeps_its_own_cycle(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (old,) = await company.owns(service_row("old", product="legacy"))
        choice = await company.actions.show_renewal_cycles(anna, PL, old)
        assert [cycle for cycle, _ in choice.choices] == [MONTHLY]
        await company.actions.add_renewal(anna, PL, old)

    async def test_a_cycle_in_the_cart_that_lost_its_price_hides_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], ANNUALLY)
        start, *rest = company.catalog.products
        cheaper = replace(start, prices=(price("29.00"),))
        await company.publishes(catalogue(products=(cheaper, *rest)))
        found = await company.actions.list_renewals(anna, PL)
        assert offered(found) == ["A1", "S1"]
        assert (found.offers.items[1].in_cart, found.cart_lines) == (None, 0)
        choice = await company.actions.show_renewal_cycles(anna, PL, ids["S1"])
        assert (choice.line.line_id, choice.line.cycle) == (0, MONTHLY)
        found = await company.actions.add_renewal(anna, PL, ids["S1"])
        assert (found.offers.items[1].in_cart, found.cart_lines) == (MONTHLY, 1)
        assert [line.id for line in (await company.actions.show_cart(anna, PL)).cart.lines] == [1]

    async def test_what_cannot_be_renewed_is_not_added(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        pending, gone = await company.owns(
            service_row("pending", status=ServiceStatus.PENDING, next_due_date=None),
            service_row("gone", status=ServiceStatus.TERMINATED),
        )
        with pytest.raises(NotRenewableError) as refused:
            await company.actions.add_renewal(anna, PL, pending)
        assert refused.value.code == "pending"
        with pytest.raises(NotFoundError):
            await company.actions.add_renewal(anna, PL, gone)

    async def test_what_an_unpaid_proforma_holds_leads_to_that_proforma(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        found = await company.actions.list_renewals(anna, PL)
        assert offered(found) == ["A1"]
        assert [(r.service.ref, r.on_invoice) for r in found.refused] == [
            ("S1", placed.invoice.id)
        ]
        for attempt in (
            company.actions.add_renewal(anna, PL, ids["S1"]),
            company.actions.renew_from_page(anna, ids["S1"], PL),
            company.actions.show_renewal_cycles(anna, PL, ids["S1"]),
        ):
            with pytest.raises(AlreadyInvoicedError) as held:
                await attempt
            assert held.value.params["invoice_id"] == placed.invoice.id
        assert (await company.actions.show_cart(anna, PL)).cart.lines == ()

    async def test_unticking_removes_the_line_and_doing_it_again_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.add_renewal(anna, PL, ids["A1"])
        once = await company.actions.remove_renewal(anna, PL, ids["S1"])
        cart = (await company.actions.show_cart(anna, PL)).cart
        twice = await company.actions.remove_renewal(anna, PL, ids["S1"])
        assert once == twice
        assert [line.service_id for line in cart.lines] == [ids["A1"]]
        assert (await company.actions.show_cart(anna, PL)).cart == cart

    async def test_ids_of_lines_are_never_given_twice(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        for expected in (1, 2, 3):
            await company.actions.add_renewal(anna, PL, ids["S1"])
            cart = (await company.actions.show_cart(anna, PL)).cart
            assert [line.id for line in cart.lines] == [expected]
            await company.actions.remove_renewal(anna, PL, ids["S1"])


class TestAddingAllDueSoon:
    async def test_everything_overdue_or_due_within_30_days_is_added_once(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        overdue, edge, later, abuse = await company.owns(
            service_row("overdue", next_due_date=TODAY - timedelta(days=40)),
            service_row("edge", next_due_date=TODAY + timedelta(days=30)),
            service_row("later", next_due_date=TODAY + timedelta(days=31)),
            service_row("abuse", status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.ABUSE),
        )
        before = await company.actions.list_renewals(anna, PL)
        found = await company.actions.add_all_due_soon(anna, PL)
        cart = (await company.actions.show_cart(anna, PL)).cart
        assert [line.service_id for line in cart.lines] == [overdue, ids["A1"], ids["S1"], edge]
        assert (before.due_soon, found.due_soon, found.cart_lines) == (4, 0, 4)
        assert {later, abuse}.isdisjoint(line.service_id for line in cart.lines)
        await company.actions.add_all_due_soon(anna, PL)
        assert (await company.actions.show_cart(anna, PL)).cart == cart

    async def test_cycles_that_were_chosen_before_stay(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], ANNUALLY)
        found = await company.actions.add_all_due_soon(anna, PL)
        assert {offer.service.ref: offer.in_cart for offer in found.offers} == {
            "S1": ANNUALLY,
            "A1": MONTHLY,
        }

    async def test_what_is_on_an_unpaid_proforma_is_left_out(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.renew(ids["S1"])
        found = await company.actions.add_all_due_soon(anna, PL)
        assert (found.cart_lines, found.due_soon) == (1, 0)


async def test_two_users_of_one_client_share_its_cart(company: CompanyAtWork) -> None:
    ids = await company.ids()
    one, other = [(await company.actions.identify(user)).client for user in (11, 12)]
    assert one is not None
    assert other is not None
    await company.actions.add_renewal(one, PL, ids["S1"])
    found = await company.actions.add_renewal(other, "en", ids["A1"])
    assert found.cart_lines == 2


async def test_today_is_the_companys_day(company: CompanyAtWork, anna: ClientInfo) -> None:
    before = await company.actions.list_renewals(anna, PL)
    company.passes(hours=13, minutes=59)
    assert (await company.actions.list_renewals(anna, PL)).today == before.today == TODAY
    company.passes(minutes=1)
    after = await company.actions.list_renewals(anna, PL)
    assert company.clock.now().date() == TODAY
    assert after.today == TODAY + timedelta(days=1)
