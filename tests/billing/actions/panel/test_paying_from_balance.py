"""What paying from the balance in the panel costs, and when it is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.errors import (
    BillingError,
    CartChangedError,
    FreshCodeNeededError,
    InvoiceClosedError,
    NotAllowedError,
    NotFoundError,
    NotOfferedError,
)
from billing.rules.panel.panel_calls import Verb
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.pay_links import PayPages
from billing.rules.payments.payload import read_payload
from billing.views.account import ClientInfo
from billing.views.payments import TelegramInvoice
from tests.billing.actions.company import ANNA, BANK, TELEGRAM, CompanyAtWork, make_company
from tests.billing.actions.panel.company import Connected
from tests.connected.fake import OUTSIDE
from tests.make import money
from tests.statements import counting

PAYS = replace(OUTSIDE, pays_there=True, pays_balance=True)


async def opened(beside: Connected, balance: str = "100.00") -> tuple[ClientInfo, Invoice]:
    """A client with something on the balance, and an invoice of the panel."""
    page = await beside.orders_a_renewal()
    await beside.works()
    (bill,) = (await beside.shown(page)).invoices
    return replace(await beside.client(), balance=money(balance)), bill


def paying(beside: Connected) -> CompanyAtWork:
    """The same company beside a panel whose balance pays."""
    beside.panel.capabilities = PAYS
    company = beside.company
    return make_company(company.database, company.clock, connected=beside.panel)


async def test_it_takes_as_many_statements_whatever_there_is(beside: Connected) -> None:
    client, bill = await opened(beside)
    company = paying(beside)
    with counting(company.database) as looking:
        page = await company.actions.show_invoice(client, bill.id)
    assert (page.balance_pays, len(looking)) == (True, 3)
    with counting(company.database) as paid:
        page = await company.actions.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)
    assert (page.is_being_paid, page.methods) == (True, ())
    assert len(paid) <= 11
    with counting(company.database) as again:
        await company.actions.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)
    assert len(again) <= 6
    calls = [one.call.verb for one in await company.actions.list_calls()]
    assert calls == [Verb.PAY_BALANCE]


async def test_what_it_refuses_changes_nothing(beside: Connected) -> None:
    client, bill = await opened(beside, "35.66")
    company = paying(beside)
    pay = company.actions.pay_from_balance
    for balance in (client.balance, None):
        with pytest.raises(BillingError, match="balance_too_low"):
            await pay(replace(client, balance=balance), invoice_id=bill.id, seal=bill.seal)
    rich = replace(client, balance=money("100.00"))
    with pytest.raises(CartChangedError, match="invoice_changed"):
        await pay(rich, invoice_id=bill.id, seal=bill.seal + 1)
    with pytest.raises(NotFoundError):
        await pay(rich, invoice_id=bill.id + 1, seal=bill.seal)
    with pytest.raises(NotFoundError):
        await pay(replace(rich, id=client.id + 1), invoice_id=bill.id, seal=bill.seal)
    with pytest.raises(NotOfferedError):
        await beside.company.actions.pay_from_balance(rich, invoice_id=bill.id, seal=bill.seal)
    assert not await company.actions.list_calls()
    beside.panel.pays_there(await beside.account(), await beside.bill())
    await beside.reads()
    with pytest.raises(InvoiceClosedError):
        await pay(rich, invoice_id=bill.id, seal=bill.seal)


async def test_it_pays_the_whole_or_nothing(beside: Connected) -> None:
    """The panel takes the total, whatever has come for it: more than is left is never used."""
    client, bill = await opened(beside)
    company = paying(beside)
    part = replace(bill, paid=money("5.00"))
    async with company.database.work.writing() as uow:
        await uow.panel_invoices.restate(part)
        await uow.commit()
    assert not (await company.actions.show_invoice(client, bill.id)).balance_pays
    with pytest.raises(NotOfferedError, match="gateway_off"):
        await company.actions.pay_from_balance(client, invoice_id=bill.id, seal=part.seal)
    assert not await company.actions.list_calls()


async def test_while_the_balance_pays_it_nobody_else_does(beside: Connected) -> None:
    client, bill = await opened(beside)
    actions = paying(beside).actions
    placed = await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=TELEGRAM)
    assert isinstance(placed.start, TelegramInvoice)
    payment_id = read_payload(placed.start.payload).id
    assert await actions.check_pre_checkout(ANNA, payment_id, bill.gross) == bill
    await actions.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)
    for gateway in (BANK, TELEGRAM):
        with pytest.raises(NotAllowedError, match="invoice_being_paid"):
            await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=gateway)
    with pytest.raises(NotAllowedError, match="invoice_being_paid"):
        await actions.check_pre_checkout(ANNA, payment_id, bill.gross)


async def test_what_was_begun_counts_when_balances_pay_nothing_any_more(
    beside: Connected,
) -> None:
    """The rights of the token were taken away between the client's yes and the sending."""
    client, bill = await opened(beside)
    actions = paying(beside).actions
    placed = await actions.pay_invoice(client, invoice_id=bill.id, gateway_number=TELEGRAM)
    assert isinstance(placed.start, TelegramInvoice)
    payment_id = read_payload(placed.start.payload).id
    await actions.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)
    beside.panel.capabilities = replace(PAYS, pays_balance=False)
    company = beside.company
    later = make_company(company.database, company.clock, connected=beside.panel).actions
    shown = await later.show_invoice(client, bill.id)
    assert (shown.is_being_paid, shown.methods, shown.pay_address) == (True, (), "")
    pages = PayPages("https://bot.example.com/pay/", "secret")
    show = replace(later.show_pay_page, env=replace(later.show_pay_page.env, pay_pages=pages))
    page = await show(pages.address_of(bill).rpartition("/")[2])
    assert (page.is_being_paid, page.address) == (True, "")
    with pytest.raises(NotAllowedError, match="invoice_being_paid"):
        await later.pay_invoice(client, invoice_id=bill.id, gateway_number=BANK)
    with pytest.raises(NotAllowedError, match="invoice_being_paid"):
        await later.check_pre_checkout(ANNA, payment_id, bill.gross)
    again = await later.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)
    assert again.is_being_paid
    assert len(await later.list_calls()) == 1


async def test_an_order_that_the_balance_pays_is_not_withdrawn(beside: Connected) -> None:
    client, bill = await opened(beside)
    actions = paying(beside).actions
    await actions.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)
    assert bill.order_id is not None
    assert not (await actions.show_order(client, bill.order_id)).is_withdrawable
    with pytest.raises(NotAllowedError, match="invoice_being_paid"):
        await actions.withdraw_order(client, bill.order_id)
    (listed,) = await actions.list_calls()
    assert listed.call.verb is Verb.PAY_BALANCE


async def test_a_fresh_code_is_asked_for_where_that_is_wished(beside: Connected) -> None:
    client, bill = await opened(beside)
    action = paying(beside).actions.pay_from_balance
    terms = replace(action.env.terms, fresh_code_after=timedelta(hours=1))
    strict = replace(action, env=replace(action.env, terms=terms))
    with pytest.raises(FreshCodeNeededError):
        await strict(client, invoice_id=bill.id, seal=bill.seal)
