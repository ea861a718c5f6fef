"""The names and add-ons that a client cannot order again, read in one statement."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, null, or_, select, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.rules.existing_orders import ExistingOrders, Namesake, UnpaidLine
from billing.rules.names import name_key
from billing.rules.services import LIVE
from storage.folding import domain_key
from storage.tables.sales import invoice_lines, invoices
from storage.tables.services import services

_LINE = (invoices.c.id, invoices.c.number, invoice_lines.c.quote)
_NAMED = (services.c.product_id, services.c.domain_key, services.c.label_key)


async def read_existing_orders(
    connection: AsyncConnection, client_id: int, names: Collection[str]
) -> ExistingOrders:
    """The lines of unpaid invoices, and the live services that bear one of these names."""
    names = [name for name in names if name.strip()]
    query = union_all(_lines(client_id), *([_orders_by_name(client_id, names)] if names else []))
    lines, namesakes = [], []
    for invoice_id, number, quote, product_id, domain, label in await connection.execute(query):
        if invoice_id is not None:
            lines.append(UnpaidLine(invoice_id, number, quote))
            continue
        for name in names:
            if domain == domain_key(name):
                namesakes.append(Namesake(name, product_id))
            elif label == name_key(name):
                namesakes.append(Namesake(name, product_id, by_label=True))
    lines.sort(key=lambda line: (line.invoice_id, line.quote.line_id))
    return ExistingOrders(tuple(lines), tuple(namesakes))


def _lines(client_id: int) -> Select[Any]:
    return (
        select(*_LINE, *_nothing(_NAMED))
        .join(invoices, invoices.c.id == invoice_lines.c.invoice_id)
        .where(invoice_lines.c.held_client_id == client_id)
    )


def _orders_by_name(client_id: int, names: Collection[str]) -> Select[Any]:
    s = services.c
    return select(*_nothing(_LINE), *_NAMED).where(
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
