"""Each kind of write whose answer is lost waits until the panel is certainly done with it.

PHP's own limit counts no time in which it waits for a database, a mail server or a server that it
sets up. So a write that we gave up may still take effect minutes later, and one more of the same
would be a second order, payment or period. What was never done is sent again, once.
"""

from collections.abc import Awaitable, Callable

import pytest

from billing.rules.panel.panel_calls import CallState
from bot.panels.fossbilling.facts import MAY_RUN
from tests.contract.companies import FREE, JAN, Beside
from tests.contract.troubles import WRITES, Trouble
from tests.database import on_both_stores
from tests.make import STAFF

Begin = Callable[[Beside], Awaitable[None]]


async def order(company: Beside) -> None:
    await company.puts("care", name="Opieka", ref=JAN)
    await company.confirms(JAN)


async def order_what_is_free(company: Beside) -> None:
    await company.puts("trial", FREE, name="Próba", ref=JAN)
    await company.confirms(JAN)


async def renew(company: Beside) -> None:
    await company.puts_renewals("4", ref=JAN)
    await company.confirms(JAN)


async def withdraw(company: Beside) -> None:
    await company.puts("care", name="Opieka", ref=JAN)
    page = await company.orders(JAN)
    await company.settles()
    await company.core.actions.withdraw_order(await company.client(JAN), page.order.id)


async def transfer(company: Beside) -> None:
    (invoice,) = [one for one in await company.invoices(JAN) if one.ref == "4"]
    await company.core.actions.record_transfer(invoice.number, by=STAFF)


async def pay_from_balance(company: Beside) -> None:
    await renew(company)
    await company.settles()
    company.gives(200, JAN)
    await company.reads_all()
    (invoice,) = [one for one in await company.open(JAN) if one.order_id]
    await company.core.actions.pay_from_balance(
        await company.client(JAN), invoice_id=invoice.id, seal=invoice.seal
    )


async def put_on_the_balance(company: Beside) -> None:
    (invoice,) = [one for one in await company.invoices(JAN) if one.ref == "4"]
    actions = company.core.actions
    await actions.record_transfer(invoice.number, "10.00", by=STAFF)
    await company.settles()
    await actions.drop_call((await company.calls())[0].id, by=STAFF)
    (unplaced,) = (await actions.list_unplaced()).items
    await actions.credit_unplaced(unplaced.id, JAN, by=STAFF)


async def end(company: Beside) -> None:
    await company.cancels("4", JAN)


async def end_with_an_open_invoice(company: Beside) -> None:
    await company.cancels("3", JAN)


BEGINNINGS: dict[str, Begin] = {
    "order/create": order,
    "invoice/prepare": order,
    "order/update": order,
    "order/activate": order_what_is_free,
    "invoice/renewal_invoice": renew,
    "order/delete": withdraw,
    "invoice/mark_as_paid": transfer,
    "invoice/pay_with_credits": pay_from_balance,
    "client/balance_add_funds": put_on_the_balance,
    "order/cancel": end,
    "invoice/update": end_with_an_open_invoice,
}


def test_these_are_all_writes() -> None:
    assert sorted(BEGINNINGS) == sorted(WRITES)
    assert MAY_RUN.total_seconds() == 12 * 60


@on_both_stores
@pytest.mark.parametrize("write", BEGINNINGS)
async def test_it_waits_and_is_then_sent_once(beside: Beside, write: str) -> None:
    await BEGINNINGS[write](beside)
    beside.troubles.begin()
    beside.troubles.first = {f"admin/{write}": Trouble.CUT}
    await beside.runs()
    for wait in (6, 60, 180, 450):
        await beside.runs(seconds=wait)
    assert write not in beside.troubles.writes
    (call,) = await beside.calls()
    assert (call.state, call.sendings) == (CallState.UNKNOWN, 1)
    await beside.settles()
    assert beside.troubles.writes.count(write) == 1
    assert await beside.calls() == []
