"""What clients can do with the invoices that a panel owns."""

from dataclasses import replace
from itertools import chain, repeat

import pytest

from billing.actions.panel.mirror import mirror
from billing.actions.payments.pay_page import ShowPayPage
from billing.rules.errors import BillingError, NotAllowedError, NotFoundError, NotOfferedError
from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.invoices import Born, Invoice, InvoiceStatus
from billing.rules.payments.pay_links import PayPages
from billing.rules.payments.payload import read_payload
from billing.views.payments import PaymentOutcome, TelegramInvoice
from tests.billing.actions.company import ANNA, BANK, TELEGRAM, CompanyAtWork, make_company
from tests.billing.actions.panel.company import Connected
from tests.connected.fake import OUTSIDE, PAGES, Trouble
from tests.make import NOW, STAFF
from tests.statements import counting


async def its_bill(beside: Connected, **changes: object) -> Invoice:
    """The invoice of an order that the panel has placed, as the panel might state it."""
    page = await beside.orders_a_renewal()
    await beside.works()
    (bill,) = (await beside.shown(page)).invoices
    stated = replace(bill, **changes)  # type: ignore[arg-type]
    async with beside.company.database.work.writing() as uow:
        await uow.panel_invoices.restate(stated)
        await uow.commit()
    return stated


async def test_the_panels_own_page_is_kept_with_it(beside: Connected) -> None:
    beside.panel.capabilities = replace(OUTSIDE, pays_there=True)
    bill = await its_bill(beside)
    assert bill.address == f"{PAGES}/{bill.ref}"
    # A reading that does not say it takes nothing away; one that says another replaces it.
    for said, kept in (("", bill.address), (f"{PAGES}/new", f"{PAGES}/new")):
        (await beside.bill()).address = said
        await beside.reads()
        assert (await beside.shown_bill(bill.id)).address == kept


async def test_its_page_on_the_web_takes_a_few_statements(beside: Connected) -> None:
    env = beside.company.actions.run_calls.env
    pages = PayPages("https://bot.example.com/pay/", "secret")
    show = ShowPayPage(
        replace(env, pay_pages=pages, capabilities=replace(OUTSIDE, pays_there=True))
    )
    bill = await its_bill(beside, address=f"{PAGES}/1")
    with counting(beside.company.database) as statements:
        page = await show(pages.address_of(bill).removeprefix(pages.base))
    assert len(statements) == 5
    assert (page.invoice, page.language, page.address) == (bill, "pl", bill.address)


async def test_a_draft_has_no_page_on_the_web(beside: Connected) -> None:
    pages = PayPages("https://bot.example.com/pay/", "secret")
    show = ShowPayPage(replace(beside.company.actions.run_calls.env, pay_pages=pages))
    draft = await its_bill(beside, status=InvoiceStatus.DRAFT)
    for token in (pages.address_of(draft).removeprefix(pages.base), "A" * 32, "x"):
        with pytest.raises(NotFoundError):
            await show(token)


async def test_it_is_not_cancelled_here(beside: Connected) -> None:
    bill = await its_bill(beside)
    client, actions = await beside.client(), beside.company.actions
    with pytest.raises(NotAllowedError, match="invoice_not_cancellable"):
        await actions.cancel_invoice(client, bill.id)
    assert (await actions.show_invoice(client, bill.id)).invoice == bill


async def test_a_draft_is_neither_shown_nor_paid_nor_cancelled(beside: Connected) -> None:
    bill = await its_bill(beside, status=InvoiceStatus.DRAFT)
    client, actions = await beside.client(), beside.company.actions
    with pytest.raises(NotFoundError):
        await actions.show_invoice(client, bill.id)
    with pytest.raises(NotFoundError):
        await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=BANK)
    with pytest.raises(NotFoundError):
        await actions.cancel_invoice(client, bill.id)
    for is_open in (True, False):
        assert not (await actions.list_invoices(client, is_open=is_open)).invoices
    assert bill.order_id is not None
    assert (await actions.show_order(client, bill.order_id)).invoices == ()


@pytest.mark.parametrize("number", ["fv/2026/a", "FV 12", "#2043"])
async def test_a_transfer_names_it_as_the_panel_does(beside: Connected, number: str) -> None:
    await its_bill(beside, number=number)
    paid = await beside.company.actions.record_transfer(f" {number} ", by=STAFF)
    assert paid.outcome is PaymentOutcome.PAID
    assert paid.invoice.status is InvoiceStatus.BEING_APPLIED


@pytest.mark.parametrize("has_credit", [False, True])
async def test_our_credit_never_pays_it(beside: Connected, has_credit: bool) -> None:
    """The panel would not know: also a panel beside which clients have credit with us."""
    bill = await its_bill(beside)
    beside.panel.capabilities = replace(OUTSIDE, credit=has_credit)
    company = make_company(beside.company.database, beside.company.clock, connected=beside.panel)
    client, actions = await company.client(), company.actions
    assert bill.born is Born.PANEL
    assert client.credit >= bill.balance
    for use_credit in (False, True):
        page = await actions.show_invoice(client, bill.id, use_credit=use_credit)
        assert page.credit is None
        assert {one.gateway.code for one in page.methods if one.gateway} == {"bank", "telegram"}
        assert all(one.gateway and not one.credit_part for one in page.methods)
    with pytest.raises(NotOfferedError):
        await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=None)
    await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=BANK, use_credit=True)
    assert (await actions.show_invoice(client, bill.id)).invoice == bill
    assert await company.credit() == client.credit


async def test_a_payment_in_telegram_is_for_it_whatever_number_it_gets(
    beside: Connected,
) -> None:
    bill = await its_bill(beside, number="FV 1/2026 żółw")
    client, actions = await beside.client(), beside.company.actions
    placed = await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=TELEGRAM)
    assert isinstance(placed.start, TelegramInvoice)
    named = read_payload(placed.start.payload)
    assert named.belongs_to(replace(bill, number="FV 2/2026"))
    assert not named.belongs_to(replace(bill, ref="other"))


async def test_it_is_not_paid_while_its_order_is_being_withdrawn(beside: Connected) -> None:
    bill = await its_bill(beside)
    client, actions = await beside.client(), beside.company.actions
    placed = await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=TELEGRAM)
    assert isinstance(placed.start, TelegramInvoice)
    payment_id = read_payload(placed.start.payload).id
    assert bill.order_id is not None
    await actions.withdraw_order(client, bill.order_id)
    page = await actions.show_invoice(client, bill.id)
    assert (page.methods, page.is_being_withdrawn) == ((), True)
    with pytest.raises(NotAllowedError, match="order_being_withdrawn"):
        await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=BANK)
    with pytest.raises(NotAllowedError, match="order_being_withdrawn"):
        await actions.check_pre_checkout(ANNA, payment_id, bill.gross)
    await beside.works()
    page = await actions.show_invoice(client, bill.id)
    assert (page.invoice.status, page.is_being_withdrawn) == (InvoiceStatus.CANCELLED, False)


async def test_what_the_panel_has_taken_is_counted_once_until_it_is_read_back(
    beside: Connected,
) -> None:
    bill = await its_bill(beside)
    client, actions = await beside.client(), beside.company.actions
    unpaid = await beside.panel.refresh(client)
    await actions.record_transfer(bill.number, by=STAFF)
    # It is read before, written, and cannot be read after that.
    beside.panel.troubles = chain([Trouble.NONE] * 2, repeat(Trouble.UNREACHABLE))
    await beside.works()
    (listed,) = (await actions.list_calls()).items
    assert (listed.call.state, listed.call.is_open) == (CallState.DONE, True)
    beside.panel.troubles = repeat(Trouble.NONE)
    # A reading that began before shows it as unpaid; nobody is to pay it again.
    for seen, status in (
        (unpaid, InvoiceStatus.BEING_APPLIED),
        (await beside.panel.refresh(client), InvoiceStatus.PAID),
    ):
        async with beside.company.database.work.writing(client.id) as uow:
            await mirror(actions.run_calls.env, uow, client, seen, began_at=NOW)
            await uow.commit()
        kept = await beside.shown_bill(bill.id)
        assert (kept.paid, kept.status) == (bill.gross, status)
    await beside.works(minutes=1)
    assert not await actions.list_calls()
    assert (await beside.shown_bill(bill.id)).paid == bill.gross


async def test_where_invoices_are_ours_no_order_is_withdrawn(company: CompanyAtWork) -> None:
    (number,) = [(await company.ids())["S1"]]
    placed = await company.renew(number)
    assert placed.invoice.order_id is not None
    with pytest.raises(BillingError, match="order_not_withdrawable"):
        await company.actions.withdraw_order(await company.client(), placed.invoice.order_id)


async def test_a_number_that_the_panel_uses_again_names_one_invoice(beside: Connected) -> None:
    """Deleted there, its number goes to the next one: ours stays in the history, cancelled."""
    bill = await its_bill(beside)
    account = beside.panel.account(await beside.client())
    there = await beside.bill()
    account.bills.append(replace(there, ref="B99", number=bill.number))
    for _ in range(2):
        await beside.reads()
        async with beside.company.database.work.reading() as uow:
            kept = {one.ref: one for one in await uow.panel_invoices.of_panel(bill.client_id)}
        assert kept[bill.ref].number == bill.number
        assert kept["B99"].number == f"{bill.number} (#B99)"
