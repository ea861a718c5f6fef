"""Paying the same thing twice: one proforma, one debit, one period on one proforma at a time."""

import asyncio
from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import (
    CartChangedError,
    InsufficientCreditError,
    InvoiceClosedError,
    NotOfferedError,
)
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.account import ClientInfo
from billing.views.payments import Done, Instructions, TelegramInvoice
from tests.billing.actions.company import (
    BANK,
    CREDIT,
    DUE,
    PL,
    TELEGRAM,
    CompanyAtWork,
    tap_pay,
)
from tests.make import STAFF, money, renewal_line
from tests.storage.company import service_row


class TestTappingTwice:
    @pytest.mark.parametrize("gateway", [CREDIT, BANK, TELEGRAM])
    async def test_one_after_the_other_makes_one_proforma(
        self, company: CompanyAtWork, anna: ClientInfo, gateway: int | None
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
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
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo, gateway: int | None
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
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
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
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
        assert unpaid.start == Done()
        assert await company.credit() == money("100.00")
        async with company.database.work.reading() as uow:
            attempts = [await uow.payments.open_of(first.invoice.id, each)
                        for each in ("bank", "telegram", "credit")]  # fmt: skip
        assert [attempt is not None for attempt in attempts] == [True, True, False]

    async def test_after_the_proforma_was_cancelled_it_is_not_made_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        first = await tap_pay(company, anna)
        await company.actions.cancel_invoice(anna, first.invoice.id)
        again = await tap_pay(company, anna, revision=seen.revision, seal=seen.seal)
        assert (again.repeated, again.invoice.status) == (True, InvoiceStatus.CANCELLED)
        assert again.start == Done()


class TestCredit:
    @pytest.mark.slow
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
        await company.actions.adjust_credit("anna", "-80.00", by=STAFF)
        with pytest.raises(InsufficientCreditError):
            await tap_pay(company, anna, gateway=CREDIT)
        with pytest.raises(InsufficientCreditError):
            await tap_pay(company, replace(anna, credit=money("30.00")), use_credit=True)
        assert len((await company.actions.show_cart(anna, PL)).cart.lines) == 1
        assert (await company.actions.list_invoices(anna, is_open=True)).count == 0
        assert await company.credit() == money("20.00")


class TestTheSamePeriod:
    async def test_is_never_on_two_proformas_at_once(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.add_renewal(anna, PL, ids["A1"])
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        async with company.database.work.writing() as uow:
            cart = await uow.carts.get(anna.id)
            await uow.carts.save(cart, [*cart.lines, renewal_line(ids["S1"], id=0)])
            await uow.commit()
        view = await company.actions.show_cart(anna, PL)
        with pytest.raises(CartChangedError) as refused:
            await tap_pay(company, anna)
        assert refused.value.code == "already_invoiced"
        assert (await company.actions.list_invoices(anna, is_open=True)).count == 0
        await company.actions.remove_line(anna, PL, view.cart.lines[-1].id)
        placed = await tap_pay(company, anna)
        assert placed.invoice.gross == seen.totals.gross

    async def test_confirmed_by_two_users_becomes_one_proforma_and_a_question(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        first = (await company.actions.show_cart(anna, PL)).quoted_cart
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
        for every_way in (CREDIT, BANK, TELEGRAM):
            with pytest.raises(InvoiceClosedError) as closed:
                await company.actions.pay_invoice(
                    anna, invoice_id=invoice.id, gateway_number=every_way
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
        await company.actions.record_transfer(invoice.number, "5.67", by=STAFF)
        placed = await company.actions.pay_invoice(
            anna, invoice_id=invoice.id, gateway_number=TELEGRAM
        )
        assert isinstance(placed.start, TelegramInvoice)
        payloads.append((placed.start.payload, placed.start.amount))
        assert payloads == [
            (f"p2:1:{invoice.number}", money("35.67")),
            (f"p2:1:{invoice.number}", money("35.67")),
            (f"p2:3:{invoice.number}", money("30.00")),
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
