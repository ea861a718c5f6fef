"""Money that comes: each charge once, parts, too much, too late, of the wrong kind."""

import asyncio

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import (
    BillingError,
    InvoiceClosedError,
    NotFoundError,
)
from billing.rules.money import Money
from billing.rules.payments.charges import Misfit
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.payload import NamedPayment, read_payload
from billing.rules.payments.payment import PaymentStatus
from billing.views.account import ClientInfo
from billing.views.notices.money import (
    MoneyCameLate,
    MoneyToCredit,
    PartPaid,
    Receipt,
    ReminderUpdate,
)
from billing.views.payments import PaymentOutcome, TelegramInvoice
from tests.billing.actions.company import (
    ANNA,
    BANK,
    CREDIT,
    DUE,
    GUEST,
    JOHN,
    PIOTR,
    PL,
    TELEGRAM,
    CompanyAtWork,
)
from tests.make import STAFF, money

GROSS = money("35.67")


async def invoiced(company: CompanyAtWork) -> tuple[Invoice, int]:
    """A proforma for S1 (35.67 PLN) to be paid in Telegram, and its payment's number."""
    ids = await company.ids()
    placed = await company.renew(ids["S1"], gateway=TELEGRAM)
    return placed.invoice, payment_of(placed.start)


def payment_of(start: object) -> int:
    assert isinstance(start, TelegramInvoice)
    return read_payload(start.payload).id


async def payments(company: CompanyAtWork, invoice: Invoice) -> list[str]:
    async with company.database.work.reading() as uow:
        return [str(paid.amount) for paid in await uow.payments.paid_of(invoice.id)]


class TestBeforeTheMoneyIsTaken:
    async def test_an_open_proforma_of_that_amount_may_be_paid_by_its_users(
        self, company: CompanyAtWork
    ) -> None:
        invoice, payment = await invoiced(company)
        for user in (ANNA, PIOTR):
            assert await company.actions.check_pre_checkout(user, payment, GROSS) == invoice

    @pytest.mark.parametrize("user", [JOHN, GUEST])
    async def test_nobody_else_may(self, company: CompanyAtWork, user: int) -> None:
        _, payment = await invoiced(company)
        with pytest.raises(NotFoundError):
            await company.actions.check_pre_checkout(user, payment, GROSS)

    async def test_an_unknown_payment_is_refused(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotFoundError):
            await company.actions.check_pre_checkout(ANNA, 4711, GROSS)

    @pytest.mark.parametrize("amount", [money("35.66"), money("35.67", "EUR")])
    async def test_another_amount_or_currency_is_refused(
        self, company: CompanyAtWork, amount: object
    ) -> None:
        _, payment = await invoiced(company)
        with pytest.raises(BillingError) as refused:
            await company.actions.check_pre_checkout(ANNA, payment, amount)  # type: ignore[arg-type]
        assert refused.value.code == "amount_changed"

    async def test_an_old_message_is_refused_once_a_part_was_paid(
        self, company: CompanyAtWork
    ) -> None:
        invoice, payment = await invoiced(company)
        await company.actions.record_transfer(invoice.number, "5.67", by=STAFF)
        for amount in (GROSS, money("30.00")):
            with pytest.raises(BillingError) as refused:
                await company.actions.check_pre_checkout(ANNA, payment, amount)
            assert refused.value.code == "amount_changed"

    async def test_what_is_closed_is_refused(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        invoice, payment = await invoiced(company)
        await company.actions.cancel_invoice(anna, invoice.id)
        with pytest.raises(InvoiceClosedError):
            await company.actions.check_pre_checkout(ANNA, payment, GROSS)

    async def test_a_payload_that_means_another_proforma_is_refused(
        self, company: CompanyAtWork
    ) -> None:
        invoice, payment = await invoiced(company)
        meant = NamedPayment(payment, invoice.number)
        may = await company.actions.check_pre_checkout(ANNA, payment, GROSS, named_payment=meant)
        assert may == invoice
        for number in (invoice.number.replace("7391", "7392"), ""):
            other = NamedPayment(payment, number)
            with pytest.raises(NotFoundError):
                await company.actions.check_pre_checkout(ANNA, payment, GROSS, named_payment=other)


class TestAProvidersConfirmation:
    async def test_for_a_payload_that_means_another_proforma_books_nothing(
        self, company: CompanyAtWork
    ) -> None:
        invoice, payment = await invoiced(company)
        other = NamedPayment(payment, invoice.number.replace("7391", "7392"))
        with pytest.raises(NotFoundError):
            await company.actions.confirm_payment(
                gateway="telegram",
                payment_id=payment,
                charge_id="ch-1",
                amount=GROSS,
                named_payment=other,
            )
        assert await payments(company, invoice) == []
        paid = await company.actions.confirm_payment(
            gateway="telegram",
            payment_id=payment,
            charge_id="ch-1",
            amount=GROSS,
            named_payment=NamedPayment(payment, invoice.number),
        )
        assert paid.outcome is PaymentOutcome.PAID

    async def test_pays_and_applies_at_once(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice, payment = await invoiced(company)
        result = await company.actions.confirm_payment(
            gateway="telegram", payment_id=payment, charge_id="ch-1", amount=GROSS, user_id=ANNA
        )
        assert (result.outcome, result.surplus) == (PaymentOutcome.PAID, money("0"))
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)
        stored = (await company.actions.show_invoice(anna, invoice.id)).invoice
        assert stored == result.invoice
        assert stored.status is InvoiceStatus.PAID
        assert stored.paid_at == company.clock.now()
        assert all(line.applied_at == company.clock.now() for line in stored.lines)

    async def test_a_receipt_goes_to_the_users_who_do_not_see_it_on_their_screen(
        self, company: CompanyAtWork
    ) -> None:
        _, payment = await invoiced(company)
        await company.actions.confirm_payment(
            gateway="telegram", payment_id=payment, charge_id="ch-1", amount=GROSS, user_id=ANNA
        )
        assert await company.users_with(Receipt) == [PIOTR]
        assert await company.users_with(ReminderUpdate) == [ANNA, PIOTR]

    async def test_that_comes_twice_changes_nothing_and_says_so(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        invoice, payment = await invoiced(company)
        for outcome in (PaymentOutcome.PAID, PaymentOutcome.REPEATED, PaymentOutcome.REPEATED):
            result = await company.actions.confirm_payment(
                gateway="telegram", payment_id=payment, charge_id="ch-1", amount=GROSS
            )
            assert (result.outcome, result.received) == (outcome, GROSS)
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)
        assert await company.credit() == money("100.00")
        assert await payments(company, invoice) == ["35.67 PLN"]
        for kind in (Receipt, ReminderUpdate):
            assert len(await company.users_with(kind)) == 2

    async def test_that_comes_many_times_at_once_in_two_processes_counts_once(
        self, company: CompanyAtWork, twin: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        invoice, payment = await invoiced(company)
        results = await asyncio.gather(
            *(
                process.actions.confirm_payment(
                    gateway="telegram", payment_id=payment, charge_id="ch-1", amount=GROSS
                )
                for process in (company, twin, company, twin)
            )
        )
        outcome = sorted(result.outcome for result in results)
        assert outcome == [PaymentOutcome.PAID, *[PaymentOutcome.REPEATED] * 3]
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)
        assert await payments(company, invoice) == ["35.67 PLN"]

    async def test_a_second_charge_for_a_paid_proforma_is_credit_and_told(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        invoice, payment = await invoiced(company)
        for charge in ("ch-1", "ch-2", "ch-2"):
            result = await company.actions.confirm_payment(
                gateway="telegram", payment_id=payment, charge_id=charge, amount=GROSS
            )
        assert result.outcome is PaymentOutcome.REPEATED
        assert await company.credit() == money("135.67")
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)
        assert await payments(company, invoice) == ["35.67 PLN", "35.67 PLN"]
        assert await company.alerts() == ["overpaid"]
        notices = await company.notices(MoneyToCredit)
        assert [(user, notice.amount) for user, notice in notices] == [
            (ANNA, GROSS),
            (PIOTR, GROSS),
        ]

    async def test_two_charges_at_once_pay_once_and_credit_once(
        self, company: CompanyAtWork, twin: CompanyAtWork
    ) -> None:
        _, payment = await invoiced(company)
        results = await asyncio.gather(
            company.actions.confirm_payment(
                gateway="telegram", payment_id=payment, charge_id="a", amount=GROSS
            ),
            twin.actions.confirm_payment(
                gateway="telegram", payment_id=payment, charge_id="b", amount=GROSS
            ),
        )
        assert sorted(r.outcome for r in results) == [
            PaymentOutcome.PAID,
            PaymentOutcome.SURPLUS,
        ]
        assert await company.credit() == money("135.67")

    async def test_less_than_is_due_stays_open_with_the_balance(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice, payment = await invoiced(company)
        result = await company.actions.confirm_payment(
            gateway="telegram",
            payment_id=payment,
            charge_id="ch-1",
            amount=money("30.00"),
            user_id=ANNA,
        )
        assert (result.outcome, result.invoice.balance) == (PaymentOutcome.PART, money("5.67"))
        assert (await company.service(ids["S1"])).next_due_date == DUE
        assert await company.users_with(PartPaid) == [PIOTR]
        rest = await company.actions.pay_invoice(
            anna, invoice_id=invoice.id, gateway_number=TELEGRAM
        )
        result = await company.actions.confirm_payment(
            gateway="telegram",
            payment_id=payment_of(rest.start),
            charge_id="ch-2",
            amount=money("5.67"),
        )
        assert result.outcome is PaymentOutcome.PAID
        assert await company.credit() == money("100.00")

    async def test_more_than_is_due_pays_and_the_rest_is_credit(
        self, company: CompanyAtWork
    ) -> None:
        _, payment = await invoiced(company)
        result = await company.actions.confirm_payment(
            gateway="telegram", payment_id=payment, charge_id="ch-1", amount=money("40.00")
        )
        assert (result.outcome, result.surplus) == (PaymentOutcome.PAID, money("4.33"))
        assert await company.credit() == money("104.33")
        assert await company.alerts() == ["overpaid"]

    @pytest.mark.parametrize("how", [InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED])
    async def test_for_a_proforma_that_was_closed_meanwhile_is_credit_and_told(
        self, company: CompanyAtWork, anna: ClientInfo, how: InvoiceStatus
    ) -> None:
        ids = await company.ids()
        invoice, payment = await invoiced(company)
        if how is InvoiceStatus.CANCELLED:
            await company.actions.cancel_invoice(anna, invoice.id)
        else:
            company.passes(days=15)
            assert await company.actions.expire_invoices() == 1
        result = await company.actions.confirm_payment(
            gateway="telegram", payment_id=payment, charge_id="ch-1", amount=GROSS
        )
        assert (result.outcome, result.surplus) == (PaymentOutcome.SURPLUS, GROSS)
        assert result.invoice.status is how
        assert await company.credit() == money("135.67")
        assert (await company.service(ids["S1"])).next_due_date == DUE
        assert await company.alerts() == ["paid_too_late"]
        assert await payments(company, invoice) == ["35.67 PLN"]
        notices = await company.notices(MoneyCameLate)
        assert [(user, late.status, late.amount) for user, late in notices] == [
            (ANNA, how, GROSS),
            (PIOTR, how, GROSS),
        ]
        assert await company.notices(MoneyToCredit) == []

    async def test_an_attempt_that_was_given_up_is_paid_all_the_same(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        invoice, payment = await invoiced(company)
        await company.actions.pay_invoice(anna, invoice_id=invoice.id, gateway_number=CREDIT)
        async with company.database.work.reading() as uow:
            attempt = await uow.payments.get(payment)
        assert attempt is not None
        assert attempt.status is PaymentStatus.EXPIRED
        result = await company.actions.confirm_payment(
            gateway="telegram", payment_id=payment, charge_id="late", amount=GROSS
        )
        assert result.outcome is PaymentOutcome.SURPLUS
        assert await company.credit() == money("100.00")

    @pytest.mark.parametrize(
        ("charge", "amount", "why"),
        [
            ("ch-1", money("35.67", "EUR"), Misfit.OTHER_CURRENCY),
            ("x" * 300, GROSS, Misfit.BAD_CHARGE_ID),
        ],
    )
    async def test_that_fits_nothing_is_put_aside_and_told_but_counts_for_nothing(
        self,
        company: CompanyAtWork,
        anna: ClientInfo,
        charge: str,
        amount: Money,
        why: Misfit,
    ) -> None:
        invoice, payment = await invoiced(company)
        for _ in range(2):
            result = await company.actions.confirm_payment(
                gateway="telegram", payment_id=payment, charge_id=charge, amount=amount
            )
            assert (result.outcome, result.received) == (PaymentOutcome.UNPLACED, amount)
        (aside,) = await company.actions.list_unplaced()
        assert (aside.reason, aside.reference, aside.amount) == (why, charge, amount.minor)
        assert await payments(company, invoice) == []
        assert (await company.actions.show_invoice(anna, invoice.id)).invoice.paid == money("0")
        assert await company.credit() == money("100.00")
        assert await company.alerts() == ["unplaced_payment"]

    async def test_for_an_unknown_payment_is_not_found(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotFoundError):
            await company.actions.confirm_payment(
                gateway="telegram", payment_id=4711, charge_id="ch-1", amount=GROSS
            )

    @pytest.mark.parametrize("gateway", ["bank", "credit", "", "another"])
    async def test_of_another_gateway_is_refused(
        self, company: CompanyAtWork, gateway: str
    ) -> None:
        invoice, payment = await invoiced(company)
        with pytest.raises(NotFoundError):
            await company.actions.confirm_payment(
                gateway=gateway, payment_id=payment, charge_id="ch-1", amount=GROSS
            )
        assert await payments(company, invoice) == []

    async def test_a_very_long_charge_id_is_a_key_as_well(self, company: CompanyAtWork) -> None:
        _, payment = await invoiced(company)
        for outcome in (PaymentOutcome.PAID, PaymentOutcome.REPEATED):
            result = await company.actions.confirm_payment(
                gateway="telegram", payment_id=payment, charge_id="x" * 250, amount=money("40.00")
            )
            assert result.outcome is outcome
        assert len(await company.notices(MoneyToCredit)) == 2


@pytest.mark.slow
async def test_credit_a_part_by_telegram_and_the_rest_by_transfer_settle_together(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
    placed = await company.place(gateway=TELEGRAM, use_credit=True)
    assert placed.invoice.balance == money("256.70")
    await company.actions.confirm_payment(
        gateway="telegram",
        payment_id=payment_of(placed.start),
        charge_id="ch-1",
        amount=money("200.00"),
    )
    by_bank = await company.actions.pay_invoice(
        anna, invoice_id=placed.invoice.id, gateway_number=BANK
    )
    assert by_bank.invoice.balance == money("56.70")
    result = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    assert result.outcome is PaymentOutcome.PAID
    assert (await company.service(ids["S1"])).cycle is BillingCycle.ANNUALLY
    assert await company.credit() == money("0")
