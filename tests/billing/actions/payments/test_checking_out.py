"""From the cart to a proforma: once, at the confirmed price, with credit and other ways to pay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import (
    CartChangedError,
    EmptyCartError,
    NotOfferedError,
)
from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus, Outcome
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.catalog import Policy
from billing.views.account import ClientInfo
from billing.views.payments import Done, Instructions
from tests.billing.actions.company import (
    BANK,
    CREDIT,
    DUE,
    PL,
    TELEGRAM,
    CompanyAtWork,
    addon_row,
    catalogue,
    code_of,
    tap_pay,
)
from tests.make import TODAY, money, price
from tests.storage.company import service_row

MONTHLY = BillingCycle.MONTHLY


class TestReviewing:
    async def test_credit_that_covers_all_is_a_way_of_its_own(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        review = await company.actions.review_checkout(anna, PL)
        ways = {code_of(m): (m.credit_part, m.due_part) for m in review.methods}
        gross, zero = money("35.67"), money("0")
        assert ways == {
            "credit": (gross, zero),
            "bank": (zero, gross),
            "telegram": (zero, gross),
        }

    async def test_credit_that_does_not_cover_it_comes_first_and_the_rest_after(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
        review = await company.actions.review_checkout(anna, PL)
        ways = {code_of(m): (m.credit_part, m.due_part) for m in review.methods}
        assert ways == {
            "bank": (money("100.00"), money("256.70")),
            "telegram": (money("100.00"), money("256.70")),
        }
        without = await company.actions.review_checkout(anna, PL, use_credit=False)
        assert {m.due_part for m in without.methods} == {money("356.70")}

    async def test_where_the_company_has_no_account_bank_transfer_is_not_offered(
        self, company: CompanyAtWork, john: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(john, PL, ids["J1"])
        review = await company.actions.review_checkout(john, PL)
        assert [code_of(method) for method in review.methods] == ["credit", "telegram"]
        with pytest.raises(NotOfferedError):
            await tap_pay(company, john, gateway=BANK)

    async def test_an_empty_cart_has_nothing_to_review_or_pay(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        with pytest.raises(EmptyCartError):
            await company.actions.review_checkout(anna, PL)
        with pytest.raises(EmptyCartError):
            await tap_pay(company, anna)


class TestPlacing:
    async def test_the_proforma_is_what_the_cart_was(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.add_renewal(anna, PL, ids["A1"], BillingCycle.QUARTERLY)
        quoted = (await company.actions.show_cart(anna, PL)).quoted_cart
        placed = await tap_pay(company, anna)
        invoice = placed.invoice
        assert tuple(line.quote for line in invoice.lines) == quoted.quotes
        assert invoice.totals == quoted.totals
        assert (invoice.status, invoice.paid) == (InvoiceStatus.UNPAID, money("0"))
        assert invoice.number == "PRO-202603-00001-7391"
        assert invoice.expires_on == TODAY + timedelta(days=14)
        assert not placed.repeated
        stored = (await company.actions.show_invoice(anna, invoice.id)).invoice
        assert stored == invoice
        assert (await company.actions.show_cart(anna, PL)).cart.lines == ()

    async def test_a_bank_transfer_is_told_where_to_with_the_number_as_its_title(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        assert isinstance(placed.start, Instructions)
        assert placed.start.title == placed.invoice.number
        assert placed.start.amount == money("35.67")
        assert (await company.service(ids["S1"])).next_due_date == DUE

    @pytest.mark.slow
    async def test_credit_pays_at_once(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"], gateway=CREDIT)
        assert placed.start == Done()
        assert placed.invoice.status is InvoiceStatus.PAID
        assert placed.invoice.lines[0].outcome is Outcome.RENEWED
        assert await company.credit() == money("64.33")
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)

    async def test_credit_pays_a_part_and_the_transfer_the_rest(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
        placed = await tap_pay(company, anna, use_credit=True)
        assert isinstance(placed.start, Instructions)
        assert placed.start.amount == placed.invoice.balance == money("256.70")
        assert placed.invoice.status is InvoiceStatus.UNPAID
        assert await company.credit() == money("0")
        history = await company.actions.show_credit(await company.client())
        assert [str(m.amount) for m in history.movements] == ["-100.00 PLN", "100.00 PLN"]
        assert history.movements[0].invoice_number == placed.invoice.number

    async def test_what_is_free_is_settled_at_once_without_money(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.add_product(
            anna,
            PL,
            product_number=company.number("parking"),
            cycle=BillingCycle.FREE,
            name="wolna.example",
        )
        review = await company.actions.review_checkout(anna, PL)
        assert [code_of(method) for method in review.methods] == ["credit"]
        placed = await tap_pay(company, anna, gateway=CREDIT)
        assert placed.invoice.status is InvoiceStatus.PAID
        assert placed.invoice.gross == money("0")
        assert await company.credit() == money("100.00")
        assert len((await company.actions.show_credit(anna)).movements) == 1
        (order,) = await company.actions.list_orders()
        assert order.service.status is ServiceStatus.PENDING

    @pytest.mark.slow
    async def test_what_cannot_be_bought_stays_in_the_cart(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        (other,) = await company.owns(service_row("S2"))
        await company.actions.add_renewal(anna, PL, other)
        await company.actions.add_renewal(anna, PL, ids["S1"])
        ended = service_row("S2", status=ServiceStatus.TERMINATED)
        await company.load(ended, replace_state=True)
        placed = await tap_pay(company, anna)
        assert [line.quote.service_id for line in placed.invoice.lines] == [ids["S1"]]
        view = await company.actions.show_cart(anna, PL)
        assert [line.service_id for line in view.cart.lines] == [other]
        with pytest.raises(EmptyCartError):
            await tap_pay(company, anna)

    async def test_a_way_to_pay_that_is_switched_off_makes_no_proforma(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        with pytest.raises(NotOfferedError) as refused:
            await tap_pay(company, anna, gateway=77)
        assert refused.value.code == "gateway_off"
        assert len((await company.actions.show_cart(anna, PL)).cart.lines) == 1

    async def test_numbers_run_on_within_a_month(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        first = await company.renew(ids["S1"])
        second = await company.renew(ids["J1"], ref="john", gateway=TELEGRAM)
        company.passes(days=31)
        third = await company.renew(ids["A1"])
        assert [p.invoice.number for p in (first, second, third)] == [
            "PRO-202603-00001-7391",
            "PRO-202603-00002-7391",
            "PRO-202604-00001-7391",
        ]


class TestTheSeal:
    async def test_a_price_that_changed_since_is_confirmed_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.add_product(
            anna, PL, product_number=company.number("vps"), cycle=MONTHLY, name="Serwer"
        )
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        *others, vps, a, b, c, d, e = company.catalog.products
        dearer = replace(vps, prices=(price("45.00"),))
        await company.publishes(catalogue(products=(*others, dearer, a, b, c, d, e)))
        with pytest.raises(CartChangedError) as changed:
            await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)
        assert changed.value.params["total"] == money("55.35")
        placed = await tap_pay(company, anna)
        assert placed.invoice.gross == money("55.35")

    async def test_dates_that_moved_overnight_are_confirmed_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.add_product(
            anna, PL, product_number=company.number("vps"), cycle=MONTHLY, name="Serwer"
        )
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        company.passes(days=1)
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)

    async def test_a_renewal_confirmed_yesterday_at_the_same_terms_is_placed(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        company.passes(days=1)
        placed = await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)
        assert placed.invoice.gross == seen.totals.gross

    async def test_a_cart_that_changed_since_is_confirmed_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        await company.actions.add_renewal(anna, PL, ids["A1"])
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, seal=seen.seal)
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, revision=4711)


async def test_tax_is_the_clients_own_and_currencies_never_mix(
    company: CompanyAtWork, john: ClientInfo
) -> None:
    ids = await company.ids()
    await company.owns(
        addon_row(
            "JA1",
            "J1",
            client="john",
            amount=money("2.00", "EUR"),
            first_amount=money("2.00", "EUR"),
        )
    )
    placed = await company.renew(ids["J1"], ref="john", gateway=CREDIT)
    assert placed.invoice.totals.tax == Money.zero("EUR")
    assert placed.invoice.gross == money("7.00", "EUR")
    assert await company.credit("john") == money("43.00", "EUR")


async def test_the_operator_sets_how_long_a_proforma_waits(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.publishes(catalogue(policy=Policy(invoice_expires_days=3)))
    placed = await company.renew(ids["S1"])
    assert placed.invoice.expires_on == TODAY + timedelta(days=3)
