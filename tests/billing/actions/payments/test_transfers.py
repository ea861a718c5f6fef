"""Bank transfers as the operator records them: each once, in parts, too much, too late."""

import asyncio

import pytest
from sqlalchemy import update

from billing.rules.errors import (
    InvalidInputError,
    InvoiceClosedError,
    NotFoundError,
)
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.payment import CreditReason
from billing.views.account import ClientInfo
from billing.views.notices.money import PartPaid
from billing.views.payments import PaymentOutcome
from storage.tables.sales import invoices
from tests.billing.actions.company import (
    ANNA,
    DUE,
    PIOTR,
    CompanyAtWork,
)
from tests.make import STAFF, money

GROSS = money("35.67")


async def payments(company: CompanyAtWork, invoice: Invoice) -> list[str]:
    async with company.database.work.reading() as uow:
        return [str(paid.amount) for paid in await uow.payments.paid_of(invoice.id)]


class TestATransfer:
    async def test_without_an_amount_pays_the_whole_balance(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        result = await company.actions.record_transfer(f" {invoice.number.lower()} ", by=STAFF)
        assert (result.outcome, result.received) == (PaymentOutcome.PAID, GROSS)
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)
        again = await company.actions.record_transfer(invoice.number, by=STAFF)
        assert again.outcome is PaymentOutcome.REPEATED
        assert await payments(company, invoice) == ["35.67 PLN"]
        assert await company.credit() == money("100.00")

    async def test_in_parts_stays_open_until_the_last(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        part = await company.actions.record_transfer(invoice.number, "20", by=STAFF)
        assert (part.outcome, part.invoice.balance) == (PaymentOutcome.PART, money("15.67"))
        assert [(user, part.balance) for user, part in await company.notices(PartPaid)] == [
            (ANNA, money("15.67")),
            (PIOTR, money("15.67")),
        ]
        last = await company.actions.record_transfer(invoice.number, "15.67", by=STAFF)
        assert last.outcome is PaymentOutcome.PAID
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)

    async def test_of_the_same_amount_on_the_same_day_counts_once_unless_it_is_said(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        number = invoice.number
        for again, outcome in (
            (False, PaymentOutcome.PART),
            (False, PaymentOutcome.REPEATED),
            (True, PaymentOutcome.PART),
            (False, PaymentOutcome.REPEATED),
        ):
            result = await company.actions.record_transfer(number, "10.00", again=again, by=STAFF)
            assert result.outcome is outcome
        company.passes(days=1)
        result = await company.actions.record_transfer(number, "10.00", by=STAFF)
        assert (result.outcome, result.invoice.balance) == (PaymentOutcome.PART, money("5.67"))

    async def test_of_one_bank_reference_counts_once_on_any_day(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        number = (await company.renew(ids["S1"])).invoice.number
        await company.actions.record_transfer(number, "10.00", reference="BANK-1", by=STAFF)
        company.passes(days=3)
        result = await company.actions.record_transfer(
            number, "10.00", reference="BANK-1", by=STAFF
        )
        assert result.outcome is PaymentOutcome.REPEATED
        result = await company.actions.record_transfer(
            number, "10.00", reference="BANK-2", by=STAFF
        )
        assert result.invoice.balance == money("15.67")

    async def test_recorded_twice_at_once_counts_once(
        self, company: CompanyAtWork, twin: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        number = (await company.renew(ids["S1"])).invoice.number
        results = await asyncio.gather(
            *(
                process.actions.record_transfer(number, "35.67", by=STAFF)
                for process in (company, twin)
            )
        )
        assert sorted(r.outcome for r in results) == [PaymentOutcome.PAID, PaymentOutcome.REPEATED]
        assert await company.credit() == money("100.00")

    async def test_that_is_too_much_pays_and_the_rest_is_credit(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        number = (await company.renew(ids["S1"])).invoice.number
        result = await company.actions.record_transfer(number, "50.00", by=STAFF)
        assert (result.outcome, result.surplus) == (PaymentOutcome.PAID, money("14.33"))
        assert await company.credit() == money("114.33")
        history = await company.actions.show_credit(await company.client())
        assert history.movements[0].reason is CreditReason.SURPLUS

    async def test_for_a_closed_proforma_needs_its_amount_and_becomes_credit(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        await company.actions.cancel_invoice(anna, invoice.id)
        with pytest.raises(InvoiceClosedError) as closed:
            await company.actions.record_transfer(invoice.number, by=STAFF)
        assert closed.value.params["status"] is InvoiceStatus.CANCELLED
        result = await company.actions.record_transfer(invoice.number, "35.67", by=STAFF)
        assert result.outcome is PaymentOutcome.SURPLUS
        assert await company.credit() == money("135.67")

    @pytest.mark.parametrize(
        ("amount", "code"),
        [
            ("0", "bad_amount"),
            ("-5", "bad_amount"),
            ("pięć", "bad_amount"),
            ("", "bad_amount"),
            ("1.234", "too_many_decimals"),
        ],
    )
    async def test_of_no_amount_is_refused(
        self, company: CompanyAtWork, amount: str, code: str
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        with pytest.raises(InvalidInputError) as refused:
            await company.actions.record_transfer(invoice.number, amount, by=STAFF)
        assert refused.value.code == code
        assert await payments(company, invoice) == []

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            ("PRO-202603-99999-7391", "no_such_invoice"),
            ("PRO-202603-00001-7392", "no_such_invoice"),
            ("PRO-202603-00001-739", "no_such_invoice"),
            ("pro-202603-00001 ", "number_without_digits"),
            ("PRO-202603-99999", "number_without_digits"),
        ],
    )
    async def test_for_no_whole_number_is_not_found(
        self, company: CompanyAtWork, number: str, code: str
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        assert invoice.number == "PRO-202603-00001-7391"
        with pytest.raises(NotFoundError) as refused:
            await company.actions.record_transfer(number, "10.00", by=STAFF)
        assert refused.value.code == code
        assert await payments(company, invoice) == []

    async def test_for_a_number_of_an_older_version_is_booked_as_it_reads(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        async with company.database.engines.writer.begin() as connection:
            await connection.execute(update(invoices).values(number="PRO-202603-00001"))
        result = await company.actions.record_transfer("PRO-202603-00001", by=STAFF)
        assert (result.outcome, result.invoice.id) == (PaymentOutcome.PAID, invoice.id)
