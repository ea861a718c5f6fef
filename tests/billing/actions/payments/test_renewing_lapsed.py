"""What a closed proforma would have renewed, put into the cart again."""

from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import AlreadyInvoicedError, NotFoundError, NotRenewableError
from billing.rules.payments.invoices import Invoice
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo
from billing.views.payments import RenewedAgain
from tests.billing.actions.company import CREDIT, PL, CompanyAtWork
from tests.make import money

MONTHLY = BillingCycle.MONTHLY


async def lapsed(company: CompanyAtWork, *refs: str, cycle: BillingCycle = MONTHLY) -> Invoice:
    """A proforma for the renewal of Anna's services that she has cancelled."""
    ids, anna = await company.ids(), await company.client()
    for ref in refs:
        await company.actions.add_renewal(anna, PL, ids[ref], cycle)
    invoice = (await company.place()).invoice
    await company.actions.cancel_invoice(anna, invoice.id)
    return invoice


def put(again: RenewedAgain) -> set[int | None]:
    return {line.service_id for line in again.cart.cart.lines}


async def test_all_of_it_is_in_the_cart_and_can_be_paid_from_the_credit(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    invoice = await lapsed(company, "S1", "A1")
    for _ in range(2):
        again = await company.actions.renew_lapsed(anna, invoice.id, PL)
        assert put(again) == {ids["S1"], ids["A1"]}
        assert (again.alone, again.complete) == (True, True)
        assert again.checkout.quoted_cart.totals.gross == invoice.gross == money("47.97")
        credit = again.checkout.methods[0]
        assert (credit.gateway, credit.credit_part) == (CREDIT, invoice.gross)
    assert again.cart.cart == (await company.actions.show_cart(anna, PL)).cart


async def test_the_cycle_is_the_one_that_was_sold(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    invoice = await lapsed(company, "S1", cycle=BillingCycle.ANNUALLY)
    ids = await company.ids()
    await company.actions.add_renewal(anna, PL, ids["S1"], MONTHLY)
    again = await company.actions.renew_lapsed(anna, invoice.id, PL)
    assert again.checkout.quoted_cart.totals.gross == invoice.gross
    assert again.alone


async def test_what_is_in_the_cart_beside_it_stays_and_is_said(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    invoice = await lapsed(company, "S1")
    await company.actions.add_renewal(anna, PL, ids["A1"])
    again = await company.actions.renew_lapsed(anna, invoice.id, PL)
    assert put(again) == {ids["S1"], ids["A1"]}
    assert (again.alone, again.complete) == (False, True)


async def test_only_what_can_still_be_renewed_is_put(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    invoice = await lapsed(company, "S1", "A1")
    await company.renew(ids["A1"], gateway=CREDIT)
    again = await company.actions.renew_lapsed(anna, invoice.id, PL)
    assert put(again) == {ids["S1"]}
    assert (again.alone, again.complete) == (True, False)


async def test_a_new_service_is_not_ordered_again(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_product(
        anna, PL, product_number=company.number("start"), cycle=MONTHLY, name="nowa.example"
    )
    invoice = await lapsed(company, "S1")
    assert len(invoice.lines) == 2
    again = await company.actions.renew_lapsed(anna, invoice.id, PL)
    assert put(again) == {ids["S1"]}
    assert (again.alone, again.complete) == (True, False)


async def test_what_was_renewed_in_another_way_is_not_renewed_twice(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    invoice = await lapsed(company, "S1")
    await company.renew(ids["S1"], gateway=CREDIT)
    with pytest.raises(NotRenewableError) as refused:
        await company.actions.renew_lapsed(anna, invoice.id, PL)
    assert refused.value.code == "renewed_already"
    assert (await company.actions.show_cart(anna, PL)).cart.lines == ()


async def test_what_another_proforma_holds_is_paid_there(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    invoice = await lapsed(company, "S1")
    other = (await company.renew(ids["S1"])).invoice
    for number in (invoice.id, other.id):
        with pytest.raises(AlreadyInvoicedError) as refused:
            await company.actions.renew_lapsed(anna, number, PL)
        assert refused.value.params["invoice_id"] == other.id


async def test_what_has_ended_is_refused_with_its_reason(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    invoice = await lapsed(company, "S1")
    service = await company.service(ids["S1"])
    async with company.database.work.writing() as uow:
        ended = [replace(service, status=ServiceStatus.TERMINATED)]
        await uow.services.save(ended)
        await uow.commit()
    with pytest.raises(NotRenewableError) as refused:
        await company.actions.renew_lapsed(anna, invoice.id, PL)
    assert refused.value.code == "terminated"


async def test_nobody_renews_for_somebody_else(company: CompanyAtWork, john: ClientInfo) -> None:
    invoice = await lapsed(company, "S1")
    for number in (invoice.id, 4711):
        with pytest.raises(NotFoundError):
            await company.actions.renew_lapsed(john, number, PL)


async def test_an_order_alone_has_nothing_to_renew(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await company.actions.add_product(
        anna, PL, product_number=company.number("start"), cycle=MONTHLY, name="nowa.example"
    )
    invoice = await lapsed(company)
    with pytest.raises(NotFoundError):
        await company.actions.renew_lapsed(anna, invoice.id, PL)
