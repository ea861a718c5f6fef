"""The operator is told of every proforma that is paid, unless they do not want to be."""

from dataclasses import replace

from billing.rules.cycles import BillingCycle
from billing.views.account import ClientInfo
from billing.views.notices.work import ProformaPaid
from tests.billing.actions.company import (
    BANK,
    CREDIT,
    PL,
    TELEGRAM,
    TERMS,
    CompanyAtWork,
    make_company,
    tap_pay,
)
from tests.make import STAFF, known, money

GROSS = money("35.67")


async def told(company: CompanyAtWork) -> list[ProformaPaid]:
    return [notice for _, notice in await company.notices(ProformaPaid)]


async def test_a_transfer_is_told_once_with_its_way(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    invoice = (await company.renew((await company.ids())["S1"])).invoice
    assert await told(company) == []
    for _ in range(2):
        await company.actions.record_transfer(invoice.number, by=STAFF)
    paid = ProformaPaid(anna.id, invoice.id, invoice.number, GROSS, GROSS, "bank")
    assert await told(company) == [paid]


async def test_credit_and_a_payment_in_telegram_are_told_too(company: CompanyAtWork) -> None:
    number = (await company.ids())["S1"]
    await company.renew(number, gateway=CREDIT)
    placed = await company.renew(number, gateway=TELEGRAM)
    async with company.database.work.reading() as uow:
        attempt = known(await uow.payments.open_of(placed.invoice.id, "telegram"))
    await company.actions.confirm_payment(
        payment_id=attempt.id, charge_id="charge", gateway="telegram", amount=GROSS
    )
    assert [one.gateway for one in await told(company)] == ["", "telegram"]


async def test_of_parts_the_last_one_is_told(company: CompanyAtWork, anna: ClientInfo) -> None:
    await company.actions.add_renewal(anna, PL, (await company.ids())["S1"])
    await company.actions.adjust_credit("anna", "-90.00", by=STAFF)
    placed = await tap_pay(company, await company.client(), gateway=BANK, use_credit=True)
    await company.actions.record_transfer(placed.invoice.number, "20.00", by=STAFF)
    assert await told(company) == []
    await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    (paid,) = await told(company)
    assert (paid.amount, paid.last, paid.gateway) == (GROSS, money("5.67"), "bank")


async def test_it_can_be_switched_off(company: CompanyAtWork) -> None:
    quiet = make_company(
        company.database, company.clock, terms=replace(TERMS, tell_payments=False)
    )
    await quiet.renew((await quiet.ids())["S1"], gateway=CREDIT)
    assert await told(company) == []


async def test_what_costs_nothing_is_not_paid(company: CompanyAtWork, anna: ClientInfo) -> None:
    await company.actions.add_product(
        anna, PL, product_number=company.number("parking"), cycle=BillingCycle.FREE,
        name="nowa.example", addons=[],
    )  # fmt: skip
    await company.place(gateway=CREDIT)
    assert await told(company) == []
    assert await company.alerts() == ["order_paid"]
