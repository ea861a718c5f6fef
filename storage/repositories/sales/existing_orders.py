"""The names and add-ons that a client cannot order again, read in one statement."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, null, or_, select, type_coerce, union_all

from billing.rules.names import name_key
from billing.rules.payments.orders import UNDER_WAY
from billing.rules.services.service import LIVE
from billing.rules.shop.existing_orders import ExistingOrders, Namesake, UnpaidLine
from storage.engines.connection import Connection
from storage.folding import domain_key
from storage.tables.sales import invoice_lines, invoices, orders
from storage.tables.services import services

_LINE = (invoices.c.id, invoices.c.number, invoice_lines.c.quote)
_ORDERED = (orders.c.lines,)
_NAMED = (services.c.product_id, services.c.domain_key, services.c.label_key)


async def read_existing_orders(
    connection: Connection, client_id: int, names: Collection[str]
) -> ExistingOrders:
    """What is on unpaid invoices and orders, and the live services with one of these names."""
    names = [name for name in names if name.strip()]
    by_name = [_orders_by_name(client_id, names)] if names else []
    query = union_all(_lines(client_id), _orders_under_way(client_id), *by_name)
    lines, namesakes = [], []
    for row in await connection.execute(query):
        invoice_id, number, quote, product_id, domain, label, ordered = row
        lines += [UnpaidLine(None, "", line.quote) for line in ordered or ()]
        if invoice_id is not None:
            lines.append(UnpaidLine(invoice_id, number, quote))
            continue
        for name in names:
            if domain == domain_key(name):
                namesakes.append(Namesake(name, product_id))
            elif label == name_key(name):
                namesakes.append(Namesake(name, product_id, by_label=True))
    lines.sort(key=lambda line: (line.invoice_id or 0, line.quote.line_id))
    return ExistingOrders(tuple(lines), tuple(namesakes))


def _lines(client_id: int) -> Select[Any]:
    return (
        select(*_LINE, *_nothing(_NAMED), *_nothing(_ORDERED))
        .join(invoices, invoices.c.id == invoice_lines.c.invoice_id)
        .where(invoice_lines.c.held_client_id == client_id, invoice_lines.c.quote.is_not(None))
    )


def _orders_under_way(client_id: int) -> Select[Any]:
    return select(*_nothing(_LINE), *_nothing(_NAMED), *_ORDERED).where(
        orders.c.client_id == client_id, orders.c.state.in_(tuple(UNDER_WAY))
    )


def _orders_by_name(client_id: int, names: Collection[str]) -> Select[Any]:
    s = services.c
    return select(*_nothing(_LINE), *_NAMED, *_nothing(_ORDERED)).where(
        s.client_id == client_id,
        s.status.in_(tuple(LIVE)),
        or_(
            s.domain_key.in_([domain_key(name) for name in names]),
            s.label_key.in_([name_key(name) for name in names]),
        ),
    )


def _nothing(columns: Collection[Any]) -> list[Any]:
    """NULL in place of columns, with their types."""
    return [type_coerce(null(), column.type) for column in columns]
