"""A client of the panel with what was read of theirs."""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from billing.rules.panel.unread_rows import RowKind, UnreadRow
from billing.views.panel import PanelClient, SeenInvoice, Snapshot
from bot.panels.fossbilling.clients import balance_of, read_client
from bot.panels.fossbilling.invoices import client_of
from bot.panels.fossbilling.orders import SeenOrder
from bot.panels.fossbilling.unread import UnreadRows, number_of, read_row
from bot.panels.fossbilling.values import Row

log = logging.getLogger(__name__)


def snapshot_of(
    client: PanelClient,
    client_row: Row,
    orders: Iterable[SeenOrder],
    invoices: Iterable[SeenInvoice],
    unread: UnreadRows,
) -> Snapshot:
    """What was read of a client, with what could not be."""
    return Snapshot(
        tuple(order.service for order in orders),
        tuple(sorted(invoices, key=lambda one: int(one.ref))),
        is_closed=client.is_closed,
        balance=balance_of(client_row),
        unread=unread.of(client.ref),
        strays=unread.strays,
    )


def known_client(row: Row) -> PanelClient | None:
    """A client of a list; one without a number is nobody whom one could ask for."""
    client = read_row(RowKind.CLIENT, row, partial(read_client, row))
    if isinstance(client, UnreadRow):
        log.warning("a client of the panel without a number that can be read is left out")
        return None
    return client


def owner_of(one: Row, known: Mapping[int, str]) -> str:
    """Whose an order or an invoice is, as it says or as it was known; "" where nobody can say."""
    try:
        owner = client_of(one)
    except ValueError:
        owner = ""
    return owner or known.get(int(number_of(one) or 0), "")


def invoice_of(
    owner: str, one: Row, read: Callable[[], SeenInvoice | None]
) -> SeenInvoice | UnreadRow | None:
    """An invoice of a client; one of nobody is of no use, however well it can be read."""
    invoice = read_row(RowKind.INVOICE, one, read)
    if owner or invoice is None:
        return invoice
    number = number_of(one)
    return UnreadRow(RowKind.INVOICE, number, "client_id" if number else "id")
