"""Orders and proformas of a connected panel in a database."""

from dataclasses import replace
from typing import Any

from billing.rules.payments.invoices import Invoice
from billing.rules.payments.orders import Order, OrderLine, OrderState
from billing.rules.shop.quotes import Quote
from storage.database import Database
from tests.gallery.panel import bill
from tests.make import NOW, money, quote


def order(client_id: int, *quotes: Quote, **changes: Any) -> Order:
    """An order that waits for its panel; of a renewal of a service that is gone when no quotes."""
    lines = tuple(OrderLine(one) for one in quotes or (quote(service_id=None),))
    made = Order(0, client_id, 1, OrderState.PLACING, "PLN", 1, money("35.67"), lines, NOW)
    return replace(made, **changes)


async def add_order(
    database: Database, client_id: int, *quotes: Quote, holds: bool = False, **changes: Any
) -> Order:
    """Insert one, and hold its renewals where that is said."""
    async with database.work.writing() as uow:
        added = await uow.orders.add(order(client_id, *quotes, **changes))
        if holds:
            await uow.orders.hold(added)
        await uow.commit()
    return added


async def add_bill(database: Database, client_id: int, **changes: Any) -> Invoice:
    """Insert a proforma of a panel, about no service."""
    made = bill(**{"order_id": None, **changes})
    lines = tuple(
        replace(line, id=0, item=replace(line.item, service_id=None)) for line in made.lines
    )
    async with database.work.writing() as uow:
        added = await uow.invoices.add(replace(made, id=0, client_id=client_id, lines=lines))
        await uow.commit()
    return added
