"""The cart: changing lines, removing them, and what cannot be bought any more."""

from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import (
    AlreadyInvoicedError,
    CartChangedError,
    NotFoundError,
    NotOfferedError,
    NotRenewableError,
)
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.catalog import Policy
from billing.rules.shop.quotes import Unavailable
from billing.rules.shop.renewals import Refusal
from billing.views.account import ClientInfo
from billing.views.cart import RemovedLines
from tests.billing.actions.company import PL, CompanyAtWork, catalogue
from tests.make import money, price, renewal_line
from tests.storage.company import service_row

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY


async def order_with_addons(company: CompanyAtWork, client: ClientInfo) -> None:
    """Lines 1 (product) with 2 and 3 (its add-ons), and 4 (another product)."""
    await company.actions.add_product(
        client,
        PL,
        product_number=company.number("start"),
        cycle=MONTHLY,
        name="nowa.example",
        addons=((company.number("ssl"), ANNUALLY), (company.number("ip"), MONTHLY)),
    )
    await company.actions.add_product(
        client, PL, product_number=company.number("vps"), cycle=MONTHLY, name="Serwer"
    )


async def test_an_empty_cart_is_shown(company: CompanyAtWork, anna: ClientInfo) -> None:
    view = await company.actions.show_cart(anna, PL)
    assert (view.cart.lines, view.cart.revision) == ((), 0)
    assert view.quoted_cart.totals.gross == money("0")
    assert view.credit == money("100.00")


async def test_it_shows_net_tax_gross_and_what_recurs(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await order_with_addons(company, anna)
    view = await company.actions.show_cart(anna, PL)
    totals = view.quoted_cart.totals
    assert totals.net == money("29.00") + money("100.00") + money("32.00") + money("35.00")
    assert totals.net + totals.tax == totals.gross == money("241.08")
    recurring = {cycle: amount.whole for cycle, amount in view.quoted_cart.recurring}
    assert recurring == {MONTHLY: money("93.48"), ANNUALLY: money("123.00")}
    assert (view.tax_rate, view.prices_include_tax) == (2300, False)
    assert view.changeable == {1, 2, 3, 4}


async def test_removing_a_product_removes_the_add_ons_ordered_for_it(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await order_with_addons(company, anna)
    removed = await company.actions.remove_line(anna, PL, 1)
    assert [line.id for line in removed.cart.cart.lines] == [4]
    assert [line.id for line in removed.lines] == [1, 2, 3]
    assert removed.names == ("Hosting start", "Dodatek ssl", "Dodatek ip")
    again = await company.actions.remove_line(anna, PL, 1)
    assert again == RemovedLines(removed.cart)


class TestRestoring:
    async def test_lines_come_back_to_their_places_and_once_only(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        before = (await company.actions.show_cart(anna, PL)).cart
        removed = await company.actions.remove_line(anna, PL, 1)
        restored = await company.actions.restore_lines(anna, PL, removed.lines)
        assert (restored.new, restored.cart.cart.lines) == (True, before.lines)
        again = await company.actions.restore_lines(anna, PL, removed.lines)
        assert (again.new, again.cart) == (False, restored.cart)
        assert (await company.actions.show_cart(anna, PL)) == restored.cart

    async def test_what_was_added_meanwhile_stays_and_is_not_doubled(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        removed = await company.actions.remove_line(anna, PL, 1)
        await company.actions.add_renewal(anna, PL, ids["S1"], ANNUALLY)
        restored = await company.actions.restore_lines(anna, PL, removed.lines)
        assert not restored.new
        assert [(line.id, line.cycle) for line in restored.cart.cart.lines] == [(2, ANNUALLY)]

    async def test_add_ons_do_not_come_back_without_their_product(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        removed = await company.actions.remove_line(anna, PL, 1)
        await order_with_addons(company, anna)
        restored = await company.actions.restore_lines(anna, PL, removed.lines)
        assert not restored.new
        assert [line.id for line in restored.cart.cart.lines] == [4, 5, 6, 7]

    async def test_what_was_bought_meanwhile_is_a_problem_of_the_cart(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        removed = await company.actions.remove_line(anna, PL, 4)
        await order_with_addons(company, anna)
        await company.place()
        restored = await company.actions.restore_lines(anna, PL, removed.lines)
        assert restored.cart.quoted_cart.quotes == ()
        assert [problem.line_id for problem in restored.cart.quoted_cart.problems] == [4]


async def test_removing_an_add_on_leaves_its_product(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await order_with_addons(company, anna)
    removed = await company.actions.remove_line(anna, PL, 3)
    assert [line.id for line in removed.cart.cart.lines] == [1, 2, 4]
    assert [line.id for line in removed.lines] == [3]


async def test_emptying_counts_only_for_the_cart_that_was_shown(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await order_with_addons(company, anna)
    shown = (await company.actions.show_cart(anna, PL)).cart.revision
    await company.actions.add_renewal(anna, PL, ids["S1"])
    with pytest.raises(CartChangedError):
        await company.actions.empty_cart(anna, PL, revision=shown)
    view = await company.actions.empty_cart(anna, PL, revision=shown + 1)
    assert view.cart.lines == ()
    again = await company.actions.empty_cart(anna, PL, revision=shown)
    assert again.cart == view.cart


class TestCycles:
    async def test_a_line_offers_every_cycle_with_its_gross_price(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        choice = await company.actions.show_line_cycles(anna, PL, 3)
        assert choice.line.cycle is MONTHLY
        assert dict(choice.choices) == {
            MONTHLY: money("39.36"),
            BillingCycle.QUARTERLY: money("68.88"),
            ANNUALLY: money("172.20"),
        }

    async def test_a_line_gets_another_cycle(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        view = await company.actions.change_cycle(anna, PL, 1, ANNUALLY)
        assert [line.cycle for line in view.cart.lines] == [ANNUALLY, ANNUALLY, MONTHLY, MONTHLY]
        assert (await company.actions.show_cart(anna, PL)).cart == view.cart
        again = await company.actions.change_cycle(anna, PL, 1, ANNUALLY)
        assert again.cart == view.cart

    async def test_a_cycle_without_a_price_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        before = (await company.actions.show_cart(anna, PL)).cart
        for cycle in (BillingCycle.TRIENNIALLY, BillingCycle.ONE_TIME):
            with pytest.raises(NotOfferedError) as refused:
                await company.actions.change_cycle(anna, PL, 1, cycle)
            assert refused.value.code == "cycle_not_offered"
        assert (await company.actions.show_cart(anna, PL)).cart == before

    async def test_a_line_that_is_gone_is_not_found(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        await company.actions.remove_line(anna, PL, 1)
        with pytest.raises(NotFoundError):
            await company.actions.show_line_cycles(anna, PL, 1)
        with pytest.raises(NotFoundError):
            await company.actions.change_cycle(anna, PL, 2, MONTHLY)

    async def test_a_renewal_that_cannot_be_bought_in_any_cycle_says_why(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.publishes(catalogue(policy=Policy(opens_days_before={MONTHLY: 1})))
        with pytest.raises(NotRenewableError) as refused:
            await company.actions.change_cycle(anna, PL, 1, ANNUALLY)
        assert refused.value.code == "not_open_yet"
        with pytest.raises(NotFoundError):
            await company.actions.show_line_cycles(anna, PL, 1)


class TestProblems:
    async def test_a_product_that_is_withdrawn_takes_its_add_ons_along(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        _, *rest = company.catalog.products
        await company.publishes(catalogue(products=tuple(rest)))
        view = await company.actions.show_cart(anna, PL)
        assert {(p.line_id, p.reason) for p in view.quoted_cart.problems} == {
            (1, Unavailable.NOT_OFFERED),
            (2, Unavailable.NOT_OFFERED),
            (3, Unavailable.NOT_OFFERED),
        }
        assert [quote.line_id for quote in view.quoted_cart.quotes] == [4]
        assert view.quoted_cart.totals.gross == money("43.05")

    async def test_a_service_that_has_ended_is_a_problem_and_no_price(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.add_renewal(anna, PL, ids["A1"])
        ended = service_row("S1", status=ServiceStatus.TERMINATED)
        await company.load(ended, replace_state=True)
        view = await company.actions.show_cart(anna, PL)
        assert [(p.reason, p.refusal) for p in view.quoted_cart.problems] == [
            (Unavailable.NOT_RENEWABLE, Refusal.TERMINATED),
            (Unavailable.NOT_RENEWABLE, Refusal.PARENT),
        ]
        assert view.quoted_cart.quotes == ()
        listed = await company.actions.list_renewals(anna, PL)
        assert (listed.cart_lines, listed.cart_total.whole) == (0, money("0"))

    async def test_what_was_invoiced_meanwhile_leads_to_that_proforma(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        async with company.database.work.writing() as uow:
            cart = await uow.carts.get(anna.id)
            await uow.carts.save(cart, [renewal_line(ids["S1"], id=0)])
            await uow.commit()
        view = await company.actions.show_cart(anna, PL)
        (problem,) = view.quoted_cart.problems
        assert (problem.reason, problem.invoice_id) == (Unavailable.INVOICED, placed.invoice.id)
        with pytest.raises(AlreadyInvoicedError):
            await company.actions.change_cycle(anna, PL, problem.line_id, ANNUALLY)

    async def test_a_price_that_changes_is_seen_at_once_without_a_new_revision(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order_with_addons(company, anna)
        before = await company.actions.show_cart(anna, PL)
        start, *rest = company.catalog.products
        dearer = replace(start, prices=(price("39.00"),))
        await company.publishes(catalogue(products=(dearer, *rest)))
        after = await company.actions.show_cart(anna, PL)
        assert after.cart == before.cart
        assert after.quoted_cart.seal != before.quoted_cart.seal
        assert after.quoted_cart.totals.gross == before.quoted_cart.totals.gross + money("12.30")
        assert 1 not in after.changeable
