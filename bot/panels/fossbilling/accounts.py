"""A client of the panel with what was read of theirs."""

import logging
from collections.abc import Iterable
from functools import partial

from billing.rules.panel.unread_rows import RowKind, UnreadRow
from billing.views.panel import PanelClient, SeenInvoice, Snapshot
from bot.panels.fossbilling.clients import balance_of, read_client
from bot.panels.fossbilling.orders import SeenOrder
from bot.panels.fossbilling.unread import UnreadRows, read_row
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
