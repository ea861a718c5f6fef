"""Orders and the invoices that a panel owns, on both stores."""

from dataclasses import replace

import pytest

from billing.rules.errors import CartChangedError
from billing.rules.payments.invoices import InvoiceLine, InvoiceStatus, Outcome
from billing.rules.payments.orders import LineState, OrderState
from billing.rules.shop.cart import LineKind
from billing.views.payments import OrderSummary
from billing.views.services import OwnedService
from storage.database import Database
from tests.gallery.panel import FEE, stated
from tests.make import NOW, TODAY, money, quote, service
from tests.storage.company import add_client, add_services
from tests.storage.panel import add_bill, add_order

FORGED = 2**62


async def test_an_order_is_kept_whole_and_found_by_its_cart(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    new = quote(kind=LineKind.PRODUCT, service_id=None, domain="nowa.example")
    order = await add_order(database, anna, new, quote(line_id=2, service_id=None))
    async with database.work.reading() as uow:
        assert await uow.orders.get(anna, order.id) == order
        assert await uow.orders.of_cart(anna, order.cart_revision) == order
        assert await uow.orders.get(john, order.id) is None
        assert await uow.orders.of_cart(john, order.cart_revision) is None
        for number in (2, FORGED):
            assert await uow.orders.get(anna, order.id + number) is None
            assert await uow.orders.of_cart(anna, number) is None


async def test_a_cart_becomes_one_order(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    await add_order(database, anna)
    with pytest.raises(CartChangedError):
        await add_order(database, anna)
    await add_order(database, anna, cart_revision=2)
    await add_order(database, john)


async def test_what_the_panel_has_answered_is_written(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    order = await add_order(database, anna)
    lines = tuple(replace(line, state=LineState.REFUSED) for line in order.lines)
    refused = replace(order, state=OrderState.REFUSED, lines=lines, refusal="closed")
    async with database.work.writing() as uow:
        await uow.orders.save(refused, ref="O4711")
        await uow.orders.save(replace(refused, client_id=john, refusal="another's"))
        await uow.commit()
    async with database.work.reading() as uow:
        assert await uow.orders.get(anna, order.id) == refused
        assert await uow.orders.by_refs(anna, ["O4711", "O1"]) == {"O4711": order.id}
        assert await uow.orders.by_refs(john, ["O4711"]) == {}


async def owned(database: Database, client_id: int) -> OwnedService:
    """The client's only service, with what holds its renewal."""
    async with database.work.reading() as uow:
        (own,) = await uow.services.live(client_id)
    return own


@pytest.mark.parametrize("state", OrderState)
async def test_a_renewal_is_held_until_the_panel_has_answered(
    database: Database, state: OrderState
) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna))
    order = await add_order(database, anna, quote(service_id=number), holds=True)
    with pytest.raises(CartChangedError):
        await add_order(database, anna, quote(service_id=number), holds=True, cart_revision=2)
    assert (await owned(database, anna)).being_renewed
    answered = replace(order, state=state)
    async with database.work.writing() as uow:
        await uow.orders.save(answered)
        await uow.commit()
    assert (await owned(database, anna)).being_renewed is answered.is_under_way
    john = await add_client(database, "john")
    async with database.work.reading() as uow:
        under_way = (OrderSummary(order.id, order.created_at),) if answered.is_under_way else ()
        assert await uow.orders.under_way(anna, 5) == under_way
        assert await uow.orders.under_way(john, 5) == ()
    again = add_order(database, anna, quote(service_id=number), holds=True, cart_revision=3)
    if answered.is_under_way:
        with pytest.raises(CartChangedError):
            await again
    else:
        assert (await again).id > order.id


async def test_only_renewals_are_held(database: Database) -> None:
    anna = await add_client(database)
    new = quote(kind=LineKind.PRODUCT, service_id=None)
    orders = [
        await add_order(database, anna, new, holds=True, cart_revision=revision)
        for revision in (1, 2)
    ]
    async with database.work.reading() as uow:
        assert [await uow.orders.get(anna, order.id) for order in orders] == orders


async def test_a_panels_proforma_is_kept_whole_and_restated(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    order = await add_order(database, anna)
    bill = await add_bill(database, anna)
    await add_bill(database, john, ref="2044", number="PRO-2044")
    async with database.work.reading() as uow:
        assert await uow.panel_invoices.of_panel(anna) == (bill,)
        assert await uow.invoices.of_order(anna, order.id) == ()
    renewed, _ = bill.lines
    renewed = replace(renewed, applied_at=NOW, outcome=Outcome.RENEWED, due_date=TODAY)
    extra = InvoiceLine(0, replace(FEE, name="Rabat"))
    paid = replace(
        bill, lines=(renewed, extra), status=InvoiceStatus.PAID, paid=money("71.34"), paid_at=NOW,
        order_id=order.id, number="FV/1",
    )  # fmt: skip
    async with database.work.writing() as uow:
        await uow.panel_invoices.restate(paid)
        await uow.commit()
    async with database.work.reading() as uow:
        (kept,) = await uow.panel_invoices.of_panel(anna)
        assert await uow.invoices.of_order(anna, order.id) == (kept,)
        assert await uow.invoices.of_order(john, order.id) == ()
        assert [one.number for one in await uow.panel_invoices.of_panel(john)] == ["PRO-2044"]
    assert kept.lines[0] == renewed
    assert kept.lines[1].id > bill.lines[1].id
    assert replace(kept, lines=()) == replace(paid, lines=())


@pytest.mark.parametrize("status", InvoiceStatus)
async def test_a_panels_proforma_holds_its_renewals_until_they_are_applied(
    database: Database, status: InvoiceStatus
) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna))
    bill = await add_bill(database, anna)
    about = replace(bill.lines[0], item=stated(service_id=number))
    async with database.work.writing() as uow:
        await uow.panel_invoices.restate(replace(bill, lines=(about,), status=status))
        await uow.commit()
    holds = status in (InvoiceStatus.DRAFT, InvoiceStatus.UNPAID, InvoiceStatus.BEING_APPLIED)
    own = await owned(database, anna)
    assert (own.on_invoice is not None or own.being_renewed) is holds
    assert own.being_renewed is (holds and status is not InvoiceStatus.UNPAID)


async def test_a_draft_is_shown_to_nobody(database: Database) -> None:
    anna = await add_client(database)
    order = await add_order(database, anna)
    draft = await add_bill(database, anna, status=InvoiceStatus.DRAFT, order_id=order.id)
    async with database.work.reading() as uow:
        assert await uow.invoices.get_with_catalog(anna, draft.id) is None
        assert await uow.invoices.own(anna, draft.number) is None
        assert await uow.invoices.of_order(anna, order.id) == ()
        assert await uow.invoices.counts(anna) == (0, 0)
        for is_open in (True, False):
            assert await uow.invoices.page(anna, is_open=is_open, limit=8, offset=0) == ()
        assert await uow.panel_invoices.of_panel(anna) == (draft,)
