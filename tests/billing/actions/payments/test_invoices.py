"""Proformas: the list, one of them, giving up, running out; the credit's history."""

from datetime import timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import InvoiceClosedError
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.payment import CreditReason
from billing.views.account import ClientInfo
from billing.views.notices.money import InvoiceExpired
from tests.billing.actions.company import BANK, CREDIT, PL, TELEGRAM, CompanyAtWork, code_of
from tests.make import STAFF, TODAY, money
from tests.storage.company import service_row


class TestLooking:
    async def test_open_and_past_ones_are_listed_newest_first(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        paid = await company.renew(ids["S1"], gateway=CREDIT)
        given_up = await company.renew(ids["S1"])
        await company.actions.cancel_invoice(anna, given_up.invoice.id)
        waiting = await company.renew(ids["A1"])
        is_open = await company.actions.list_invoices(anna, is_open=True)
        past = await company.actions.list_invoices(anna, is_open=False)
        assert [summary.id for summary in is_open.invoices] == [waiting.invoice.id]
        assert [summary.id for summary in past.invoices] == [
            given_up.invoice.id,
            paid.invoice.id,
        ]
        assert is_open.invoices[0].balance == money("12.30")

    @pytest.mark.slow
    async def test_a_page_past_the_end_is_the_last(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        numbers = await company.owns(*(service_row(f"N{n}") for n in range(9)))
        for number in numbers:
            await company.renew(number)
        for page, shown, found in ((0, 0, 8), (1, 1, 1), (2**62, 1, 1), (-5, 0, 8)):
            listed = await company.actions.list_invoices(anna, is_open=True, page=page)
            assert (listed.page, len(listed.invoices), listed.pages) == (shown, found, 2)
        nothing = await company.actions.list_invoices(anna, is_open=False, page=7)
        assert (nothing.page, nothing.count, nothing.pages) == (0, 0, 1)

    async def test_one_shows_the_ways_to_pay_what_is_left(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        await company.actions.record_transfer(invoice.number, "10.00", by=STAFF)
        page = await company.actions.show_invoice(anna, invoice.id)
        assert {(code_of(m), m.credit_part + m.due_part) for m in page.methods} == {
            (name, money("25.67")) for name in ("credit", "bank", "telegram")
        }
        await company.actions.record_transfer(invoice.number, by=STAFF)
        assert (await company.actions.show_invoice(anna, invoice.id)).methods == ()

    async def test_the_history_of_credit_comes_in_pages(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        for _ in range(9):
            await company.actions.adjust_credit("anna", "1.00", by=STAFF)
        first = await company.actions.show_credit(anna)
        second = await company.actions.show_credit(anna, 1)
        assert (len(first.movements), first.more) == (8, True)
        assert (len(second.movements), second.more) == (2, False)
        assert second.movements[-1].reason is CreditReason.LOADED
        assert (await company.actions.show_credit(anna, 2**62)).movements == ()
        assert (await company.actions.show_credit(anna, -1)).page == 0


class TestGivingUp:
    async def test_what_was_paid_is_credit_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
        invoice = (await company.place(use_credit=True)).invoice
        await company.actions.record_transfer(invoice.number, "56.70", by=STAFF)
        assert await company.credit() == money("0")
        cancelled = (await company.actions.cancel_invoice(anna, invoice.id)).invoice
        assert (cancelled.status, cancelled.paid) == (InvoiceStatus.CANCELLED, money("156.70"))
        assert await company.credit() == money("156.70")
        newest = (await company.actions.show_credit(anna)).movements[0]
        assert (newest.reason, newest.invoice_number) == (
            CreditReason.RELEASED,
            invoice.number,
        )

    async def test_happens_once(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
        invoice = (await company.place(use_credit=True)).invoice
        await company.actions.cancel_invoice(anna, invoice.id)
        with pytest.raises(InvoiceClosedError):
            await company.actions.cancel_invoice(anna, invoice.id)
        assert await company.credit() == money("100.00")

    async def test_what_is_paid_is_never_given_up(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"], gateway=CREDIT)).invoice
        with pytest.raises(InvoiceClosedError) as closed:
            await company.actions.cancel_invoice(anna, invoice.id)
        assert closed.value.params["status"] is InvoiceStatus.PAID


class TestRunningOut:
    async def test_it_waits_through_its_last_day(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        assert placed.invoice.expires_on == TODAY + timedelta(days=14)
        company.passes(days=14)
        assert await company.actions.expire_invoices() == 0
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        company.passes(days=1)
        assert await company.actions.expire_invoices() == 0

    async def test_credit_is_released_and_the_renewal_can_be_bought_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
        invoice = (await company.place(use_credit=True)).invoice
        company.passes(days=15)
        assert await company.actions.expire_invoices() == 1
        assert await company.actions.expire_invoices() == 0
        shown = (await company.actions.show_invoice(anna, invoice.id)).invoice
        assert shown.status is InvoiceStatus.EXPIRED
        assert await company.credit() == money("100.00")
        assert (await company.actions.show_cart(anna, PL)).cart.lines == ()
        again = await company.renew(ids["S1"])
        assert again.invoice.id != invoice.id
        with pytest.raises(InvoiceClosedError):
            await company.actions.pay_invoice(anna, invoice_id=invoice.id, gateway_number=TELEGRAM)

    async def test_the_client_is_told_what_came_back(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
        await company.place(use_credit=True)
        await company.renew(ids["A1"], gateway=BANK)
        company.passes(days=15)
        assert await company.actions.expire_invoices() == 2
        notices = await company.notices(InvoiceExpired)
        assert [expired.released for user, expired in notices if user == 11] == [
            money("100.00"),
            money("0.00"),
        ]
