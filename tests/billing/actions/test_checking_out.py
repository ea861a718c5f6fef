"""From the cart to a proforma: once, at the confirmed price, with credit and other ways to pay."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.catalog import Policy
from billing.rules.cycles import BillingCycle
from billing.rules.errors import (
    CartChangedError,
    EmptyCartError,
    InsufficientCreditError,
    InvoiceClosedError,
    NotOfferedError,
)
from billing.rules.invoices import InvoiceStatus, Outcome
from billing.rules.money import Money
from billing.rules.services import ServiceStatus
from billing.views.account import ClientInfo
from billing.views.payments import Done, Instructions, Placed, TelegramInvoice
from tests.billing.actions.company import (
    BANK,
    CREDIT,
    DUE,
    PL,
    TELEGRAM,
    CompanyAtWork,
    addon_row,
    catalogue,
)
from tests.make import TODAY, money, price, renewal_line
from tests.storage.company import service_row

MONTHLY = BillingCycle.MONTHLY


async def tap_pay(
    company: CompanyAtWork,
    client: ClientInfo,
    *,
    gateway: int = BANK,
    use_credit: bool = False,
    revision: int | None = None,
    seal: int | None = None,
) -> Placed:
    """Pay what is in the cart now; or at an earlier revision and seal."""
    quoted = (await company.actions.show_cart(client, PL)).quoted
    return await company.actions.place_order(
        client,
        PL,
        revision=quoted.revision if revision is None else revision,
        seal=quoted.seal if seal is None else seal,
        gateway_number=gateway,
        use_credit=use_credit,
    )


class TestReviewing:
    async def test_credit_that_covers_all_is_a_way_of_its_own(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        review = await company.actions.review_checkout(anna, PL)
        ways = {m.gateway: (m.credit_part, m.due_part) for m in review.methods}
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
        ways = {m.gateway: (m.credit_part, m.due_part) for m in review.methods}
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
        assert [method.gateway for method in review.methods] == ["credit", "telegram"]
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
        quoted = (await company.actions.show_cart(anna, PL)).quoted
        placed = await tap_pay(company, anna)
        invoice = placed.invoice
        assert tuple(line.quote for line in invoice.lines) == quoted.quotes
        assert invoice.totals == quoted.totals
        assert (invoice.status, invoice.paid) == (InvoiceStatus.UNPAID, money("0"))
        assert invoice.number == "PRO-202603-00001"
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
        assert [method.gateway for method in review.methods] == ["credit"]
        placed = await tap_pay(company, anna, gateway=CREDIT)
        assert placed.invoice.status is InvoiceStatus.PAID
        assert placed.invoice.gross == money("0")
        assert await company.credit() == money("100.00")
        assert len((await company.actions.show_credit(anna)).movements) == 1
        (order,) = await company.actions.list_orders()
        assert order.service.status is ServiceStatus.PENDING

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
            "PRO-202603-00001",
            "PRO-202603-00002",
            "PRO-202604-00001",
        ]


class TestTheSeal:
    async def test_a_price_that_changed_since_is_confirmed_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.add_product(
            anna, PL, product_number=company.number("vps"), cycle=MONTHLY, name="Serwer"
        )
        seen = (await company.actions.show_cart(anna, PL)).quoted
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
        seen = (await company.actions.show_cart(anna, PL)).quoted
        company.passes(days=1)
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)

    async def test_a_renewal_confirmed_yesterday_at_the_same_terms_is_placed(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted
        company.passes(days=1)
        placed = await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)
        assert placed.invoice.gross == seen.totals.gross

    async def test_a_cart_that_changed_since_is_confirmed_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted
        await company.actions.add_renewal(anna, PL, ids["A1"])
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, seal=seen.seal)
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, revision=4711)


class TestTappingTwice:
    @pytest.mark.parametrize("gateway", [CREDIT, BANK, TELEGRAM])
    async def test_one_after_the_other_makes_one_proforma(
        self, company: CompanyAtWork, anna: ClientInfo, gateway: int
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted
        first = await tap_pay(
            company, anna, gateway=gateway, revision=seen.revision, seal=seen.seal
        )
        again = await tap_pay(
            company, anna, gateway=gateway, revision=seen.revision, seal=seen.seal
        )
        assert (first.repeated, again.repeated) == (False, True)
        assert (
            again.invoice == (await company.actions.show_invoice(anna, first.invoice.id)).invoice
        )
        assert again.start == first.start

    @pytest.mark.parametrize("gateway", [CREDIT, BANK, TELEGRAM])
    async def test_at_the_same_moment_in_two_processes_makes_one_proforma(
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo, gateway: int
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted
        both = await asyncio.gather(
            *(
                process.actions.place_order(
                    anna,
                    PL,
                    revision=seen.revision,
                    seal=seen.seal,
                    gateway_number=gateway,
                )
                for process in (company, twin, company, twin)
            )
        )
        assert sorted(placed.repeated for placed in both) == [False, True, True, True]
        assert len({placed.invoice.id for placed in both}) == 1
        assert len({str(placed.start) for placed in both}) == 1
        moved = (await company.service(ids["S1"])).next_due_date
        assert moved == (DUE.replace(month=4) if gateway == CREDIT else DUE)
        expected = money("64.33") if gateway == CREDIT else money("100.00")
        assert await company.credit() == expected

    async def test_an_old_confirmation_of_another_way_leads_to_the_same_proforma(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted
        first = await tap_pay(company, anna)
        other = await tap_pay(
            company, anna, gateway=TELEGRAM, revision=seen.revision, seal=seen.seal
        )
        assert isinstance(other.start, TelegramInvoice)
        assert (other.repeated, other.invoice.id) == (True, first.invoice.id)
        unpaid = await tap_pay(
            company, anna, gateway=CREDIT, revision=seen.revision, seal=seen.seal
        )
        assert (unpaid.repeated, unpaid.invoice.status) == (True, InvoiceStatus.UNPAID)
        assert await company.credit() == money("100.00")

    async def test_after_the_proforma_was_cancelled_it_is_not_made_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted
        first = await tap_pay(company, anna)
        await company.actions.cancel_invoice(anna, first.invoice.id)
        again = await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)
        assert (again.repeated, again.invoice.status) == (True, InvoiceStatus.CANCELLED)
        assert again.start == Done()


class TestCredit:
    async def test_it_never_goes_below_zero_when_two_carts_worth_are_paid_at_once(
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        one, two = await company.owns(service_row("S2"), service_row("S3"))
        invoices = [(await company.renew(id_)).invoice.id for id_ in (ids["S1"], one, two)]
        results = await asyncio.gather(
            *(
                process.actions.pay_invoice(anna, invoice_id=id_, gateway_number=CREDIT)
                for process, id_ in zip((company, twin, company), invoices, strict=True)
            ),
            return_exceptions=True,
        )
        refused = [found for found in results if isinstance(found, BaseException)]
        assert [type(found) for found in refused] == [InsufficientCreditError]
        assert await company.credit() == money("28.66")

    async def test_a_balance_read_too_early_makes_no_proforma(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.adjust_credit("anna", "-80.00")
        with pytest.raises(InsufficientCreditError):
            await tap_pay(company, anna, gateway=CREDIT)
        with pytest.raises(InsufficientCreditError):
            await tap_pay(company, replace(anna, credit=money("30.00")), use_credit=True)
        assert len((await company.actions.show_cart(anna, PL)).cart.lines) == 1
        assert (await company.actions.list_invoices(anna, is_open=True)).found == 0
        assert await company.credit() == money("20.00")


class TestTheSamePeriod:
    async def test_is_never_on_two_proformas_at_once(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.add_renewal(anna, PL, ids["A1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted
        async with company.database.work.writing() as uow:
            cart = await uow.carts.get(anna.id)
            await uow.carts.save(cart, [*cart.lines, renewal_line(ids["S1"], id=0)])
            await uow.commit()
        view = await company.actions.show_cart(anna, PL)
        with pytest.raises(CartChangedError) as refused:
            await tap_pay(company, anna)
        assert refused.value.code == "already_invoiced"
        assert (await company.actions.list_invoices(anna, is_open=True)).found == 0
        await company.actions.remove_line(anna, PL, view.cart.lines[-1].id)
        placed = await tap_pay(company, anna)
        assert placed.invoice.gross == seen.totals.gross

    async def test_confirmed_by_two_users_becomes_one_proforma_and_a_question(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        first = (await company.actions.show_cart(anna, PL)).quoted
        await company.actions.add_renewal(anna, PL, ids["A1"])
        await tap_pay(company, anna)
        with pytest.raises(CartChangedError):
            await tap_pay(company, anna, revision=first.revision, seal=first.seal)

    async def test_can_be_bought_again_after_its_proforma_was_cancelled(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        first = await company.renew(ids["S1"])
        await company.actions.cancel_invoice(anna, first.invoice.id)
        second = await company.renew(ids["S1"])
        assert second.invoice.id != first.invoice.id
        assert second.invoice.lines[0].quote.period_from == DUE


class TestPayingAProforma:
    async def test_in_any_way_until_it_is_closed(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        for gateway, kind in ((BANK, Instructions), (TELEGRAM, TelegramInvoice)):
            placed = await company.actions.pay_invoice(
                anna, invoice_id=invoice.id, gateway_number=gateway
            )
            assert isinstance(placed.start, kind)
        paid = await company.actions.pay_invoice(
            anna, invoice_id=invoice.id, gateway_number=CREDIT
        )
        assert paid.invoice.status is InvoiceStatus.PAID
        for gateway in (CREDIT, BANK, TELEGRAM):
            with pytest.raises(InvoiceClosedError) as closed:
                await company.actions.pay_invoice(
                    anna, invoice_id=invoice.id, gateway_number=gateway
                )
            assert closed.value.params["status"] is InvoiceStatus.PAID
        assert await company.credit() == money("64.33")

    async def test_an_attempt_is_used_again_while_the_balance_is_the_same(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"], gateway=TELEGRAM)).invoice
        payloads = []
        for _ in range(2):
            placed = await company.actions.pay_invoice(
                anna, invoice_id=invoice.id, gateway_number=TELEGRAM
            )
            assert isinstance(placed.start, TelegramInvoice)
            payloads.append((placed.start.payload, placed.start.amount))
        await company.actions.record_transfer(invoice.number, "5.67")
        placed = await company.actions.pay_invoice(
            anna, invoice_id=invoice.id, gateway_number=TELEGRAM
        )
        assert isinstance(placed.start, TelegramInvoice)
        payloads.append((placed.start.payload, placed.start.amount))
        assert payloads == [
            ("p1:1", money("35.67")),
            ("p1:1", money("35.67")),
            ("p1:3", money("30.00")),
        ]

    async def test_credit_that_does_not_cover_it_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
        invoice = (await tap_pay(company, anna)).invoice
        with pytest.raises(InsufficientCreditError):
            await company.actions.pay_invoice(anna, invoice_id=invoice.id, gateway_number=CREDIT)
        assert await company.credit() == money("100.00")

    async def test_a_way_that_cannot_take_it_is_not_begun(
        self, company: CompanyAtWork, john: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["J1"], ref="john", gateway=TELEGRAM)).invoice
        with pytest.raises(NotOfferedError):
            await company.actions.pay_invoice(john, invoice_id=invoice.id, gateway_number=BANK)


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
