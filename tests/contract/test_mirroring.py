"""The mirror follows a FOSSBilling: what staff do there is here after the next tick."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceKind, ServiceStatus
from billing.views.notices.money import Receipt
from storage.notices import from_columns
from storage.tables.messages import outbox
from tests.contract.companies import ANNA, JAN, Beside
from tests.database import on_both_stores
from tests.make import NOW

USER = 4711

pytestmark = on_both_stores


async def _follows(beside: Beside) -> None:
    """Anna's account has a user, and everybody who has one is read."""
    anna = await beside.client()
    async with beside.core.database.work.writing() as uow:
        await uow.users.link(USER, anna.id, at=NOW)
        await uow.commit()
    await beside.core.actions.read_first()


async def _ticks(beside: Beside) -> int:
    beside.clock.advance(timedelta(minutes=1))
    return await beside.core.actions.read_changes()


async def test_those_with_a_user_are_seen_first(beside: Beside) -> None:
    await _follows(beside)
    assert (await beside.client(ANNA)).sight.seen_at is not None
    assert {"5", "6", "7"} <= (await beside.services(ANNA)).keys()
    assert await beside.core.actions.read_first() == 0


async def test_what_a_first_period_has_cost_is_not_made_up(beside: Beside) -> None:
    """It may have had a setup fee, or another price; of what was paid once there is one price."""
    assert (await beside.service("7")).first_amount is None
    once = beside.world.order(7)
    once.period, once.quantity = None, 1
    for price in (98, 77):
        once.price = price
        await beside.reads_all()
        service = await beside.service("7")
        assert (service.cycle.recurring, service.first_amount) == (
            False,
            Money(price * 100, "PLN"),
        )


async def test_a_suspension_and_a_payment_there_are_here_after_a_tick(beside: Beside) -> None:
    await _follows(beside)
    await _ticks(beside)
    (first, *_) = await beside.open()
    await beside.panel.http.write("admin/order/suspend", id=5)
    await beside.panel.http.write(
        "admin/invoice/mark_as_paid", id=int(first.ref), gateway_id=1, transactionId="t-1"
    )
    assert await _ticks(beside) == 1
    assert (await beside.service("5")).status is ServiceStatus.SUSPENDED
    (paid,) = [one for one in await beside.invoices() if one.id == first.id]
    assert paid.status is InvoiceStatus.PAID
    receipts = [one for one in await _told(beside) if isinstance(one, Receipt)]
    assert [one.invoice_id for one in receipts] == [first.id]
    assert await _ticks(beside) == 0


async def test_a_second_service_of_a_cart_is_a_service_here(beside: Beside) -> None:
    await _follows(beside)
    await _ticks(beside)
    leader = beside.world.order(5)
    beside.world.data.orders.append(
        replace(
            leader, id=40, product_id=2, group_master=0, title="Hosting 2", meta={},
            unpaid_invoice_id=None, config={"id": 9, "product_id": 2, "price": 19.9},
        )
    )  # fmt: skip
    line = {"title": "x", "price": 19.9, "type": "order", "rel_id": 40, "task": "activate"}
    await beside.panel.http.write("admin/invoice/prepare", client_id=2, items=[line])
    await _ticks(beside)
    made = await beside.service("40")
    assert (made.kind, made.parent_id) == (ServiceKind.SERVICE, None)


async def test_everything_comes_to_its_end_and_then_is_not_due(beside: Beside) -> None:
    await _follows(beside)
    await _ticks(beside)
    assert await beside.core.actions.read_everything() == 1
    assert await beside.core.actions.read_everything.tonight() == 0
    assert (await beside.client(JAN)).sight.seen_at != (await beside.client(ANNA)).sight.seen_at


async def _told(beside: Beside) -> list[object]:
    query = select(outbox.c.topic, outbox.c.facts).order_by(outbox.c.id)
    async with beside.core.database.engines.readers.connect() as connection:
        return [from_columns(*row) for row in (await connection.execute(query)).all()]
