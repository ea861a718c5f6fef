"""A panel restored from a backup gives ids again: a row of somebody else is never touched."""

import pytest

from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.orders import OrderState
from billing.views.notices.panel import CallNeedsYou
from tests.contract.companies import ANNA, JAN, Beside
from tests.database import on_both_stores
from tests.make import STAFF

pytestmark = on_both_stores


async def error(company: Beside) -> str:
    (notice,) = await company.alerts()
    assert isinstance(notice, CallNeedsYou)
    return notice.error


async def invoice_of(company: Beside, number: str) -> str:
    (invoice,) = [one for one in await company.invoices(JAN) if one.ref == number]
    return invoice.number


async def test_a_payment_is_not_recorded_on_it(beside: Beside) -> None:
    number = await invoice_of(beside, "4")
    beside.world.invoice(4).client_id = int(ANNA)
    await beside.core.actions.record_transfer(number, by=STAFF)
    await beside.settles()
    (call,) = await beside.calls()
    assert (call.state, call.error) == (CallState.REFUSED, "no_such_invoice")
    assert beside.world.invoice(4).status == "unpaid"
    assert beside.troubles.writes == []


@pytest.mark.parametrize("status", ["unpaid", "paid"])
async def test_no_balance_pays_it(beside: Beside, status: str) -> None:
    (invoice,) = [one for one in await beside.invoices(JAN) if one.ref == "4"]
    beside.gives(500, JAN)
    beside.world.invoice(4).client_id = int(ANNA)
    beside.world.invoice(4).status = status
    async with beside.core.database.work.writing(invoice.client_id) as uow:
        await beside.core.panel.pay_balance(uow, invoice, now=beside.clock.now())
        await uow.commit()
    await beside.settles()
    assert await error(beside) == "no_such_invoice"
    assert beside.troubles.writes == []


async def test_it_is_not_cancelled(beside: Beside) -> None:
    beside.world.order(3).client_id = int(ANNA)
    await beside.cancels("3", JAN)
    await beside.settles()
    assert await error(beside) == "no_such_service"
    assert beside.world.order(3).status == "active"
    assert beside.troubles.writes == []


async def test_an_invoice_is_not_withdrawn(beside: Beside) -> None:
    order = await places(beside)
    beside.world.invoice(21).client_id = int(ANNA)
    await withdraws(beside, order)
    assert await error(beside) == "no_such_invoice"
    assert beside.world.invoice(21).status == "unpaid"
    assert len(beside.world.data.orders) == 16


async def test_an_order_is_not_withdrawn(beside: Beside) -> None:
    order = await places(beside)
    beside.world.order(16).client_id = int(ANNA)
    await withdraws(beside, order)
    assert await error(beside) == "no_such_service"
    assert beside.world.order(16).status == "pending_setup"
    shown = await beside.core.actions.show_order(await beside.client(JAN), order)
    assert shown.order.state is OrderState.PLACED


async def places(company: Beside) -> int:
    await company.puts("care", name="Opieka", ref=JAN)
    page = await company.orders(JAN)
    await company.settles()
    return page.order.id


async def withdraws(company: Beside, order: int) -> None:
    company.troubles.begin()
    await company.core.actions.withdraw_order(await company.client(JAN), order)
    await company.settles()
    assert company.troubles.writes == []


async def test_what_was_made_is_not_taken_back(beside: Beside) -> None:
    await beside.puts("care", name="Opieka", ref=JAN)
    await beside.puts("start", name="nowa.example", ref=JAN)
    await beside.orders(JAN)
    await beside.takes(2)
    beside.world.order(16).client_id = int(ANNA)
    beside.world.product(2)["status"] = "disabled"
    await beside.settles()
    assert beside.world.order(16).status == "pending_setup"
    assert beside.troubles.writes == ["order/create"]
