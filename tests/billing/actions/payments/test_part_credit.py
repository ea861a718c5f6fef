"""A proforma that waits is paid from credit first and in another way for the rest."""

import asyncio
from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import InsufficientCreditError
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.payment import CreditReason
from billing.views.account import ClientInfo
from billing.views.payments import Instructions, PaymentOutcome, TelegramInvoice
from tests.billing.actions.company import BANK, PL, TELEGRAM, CompanyAtWork, tap_pay
from tests.make import STAFF, money


async def a_year_of_s1(company: CompanyAtWork, anna: ClientInfo) -> Invoice:
    """A proforma of 356.70, for a client with 100.00 of credit."""
    ids = await company.ids()
    await company.actions.add_renewal(anna, PL, ids["S1"], BillingCycle.ANNUALLY)
    return (await tap_pay(company, anna)).invoice


async def test_the_ways_to_pay_show_what_is_left_after_credit(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    invoice = await a_year_of_s1(company, anna)
    plain = await company.actions.show_invoice(anna, invoice.id)
    split = await company.actions.show_invoice(anna, invoice.id, use_credit=True)
    assert (plain.credit, plain.use_credit) == (money("100.00"), False)
    assert {way.due_part for way in plain.methods} == {money("356.70")}
    assert {way.due_part for way in split.methods} == {money("256.70")}
    assert {way.credit_part for way in split.methods} == {money("100.00")}


@pytest.mark.slow
@pytest.mark.parametrize("gateway", [BANK, TELEGRAM])
async def test_credit_is_taken_and_the_rest_asked_for(
    company: CompanyAtWork, anna: ClientInfo, gateway: int | None
) -> None:
    invoice = await a_year_of_s1(company, anna)
    placed = await company.actions.pay_invoice(
        anna, invoice_id=invoice.id, gateway_number=gateway, use_credit=True
    )
    assert isinstance(placed.start, Instructions | TelegramInvoice)
    assert placed.start.amount == placed.invoice.balance == money("256.70")
    assert await company.credit() == money("0")
    (moved, *_) = (await company.actions.show_credit(anna)).movements
    assert (moved.reason, moved.amount) == (CreditReason.APPLIED, money("-100.00"))


async def test_tapped_again_it_takes_nothing_more(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    invoice = await a_year_of_s1(company, anna)
    for client in (anna, replace(anna, credit=money("0"))):
        placed = await company.actions.pay_invoice(
            client, invoice_id=invoice.id, gateway_number=BANK, use_credit=True
        )
        assert placed.invoice.balance == money("256.70")
    result = await company.actions.record_transfer(invoice.number, by=STAFF)
    assert (result.outcome, result.received) == (PaymentOutcome.PAID, money("256.70"))


async def test_two_taps_at_once_take_credit_once(company: CompanyAtWork, anna: ClientInfo) -> None:
    invoice = await a_year_of_s1(company, anna)
    both = await asyncio.gather(
        *(
            company.actions.pay_invoice(
                anna, invoice_id=invoice.id, gateway_number=BANK, use_credit=True
            )
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(tap, InsufficientCreditError) for tap in both) == 1
    shown = await company.actions.show_invoice(anna, invoice.id)
    assert shown.invoice.paid == money("100.00")
    assert await company.credit() == money("0")


async def test_it_comes_back_when_the_proforma_is_cancelled(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    invoice = await a_year_of_s1(company, anna)
    await company.actions.pay_invoice(
        anna, invoice_id=invoice.id, gateway_number=BANK, use_credit=True
    )
    cancelled = (await company.actions.cancel_invoice(anna, invoice.id)).invoice
    assert cancelled.paid == await company.credit() == money("100.00")


async def test_credit_that_covers_all_is_left_to_its_own_way(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    invoice = (await company.renew(ids["S1"])).invoice
    placed = await company.actions.pay_invoice(
        anna, invoice_id=invoice.id, gateway_number=BANK, use_credit=True
    )
    assert placed.invoice.balance == money("35.67")
    assert await company.credit() == money("100.00")
