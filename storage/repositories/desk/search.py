"""Searching over all clients, for staff.

Every word has to occur somewhere, as in a client's own search, so no index of a database can
serve it: the folded texts of services and clients are read through, in less than 100 ms for a
hundred thousand services (`tests/benchmarks/finding.py`). Proformas and users are found by their
indexes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from billing.rules.folding import fold
from billing.rules.names import MOST_WORDS
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.desk import FoundClient, FoundInvoice, FoundService
from storage.engines.connection import Connection
from storage.repositories.services.service_lists import search_terms
from storage.rows import SERVICE, WIDTH, service_from
from storage.tables.accounts import clients, links
from storage.tables.sales import invoices
from storage.tables.services import services

ESCAPE = "/"
LONGEST_USER_ID = 16
"""Digits; Telegram's ids have at most 52 bits."""

LAST = chr(0x10FFFF)
"""The last code point: with it ends what has a beginning."""

_CLIENT = (clients.c.id, clients.c.ref, clients.c.name)


@dataclass(frozen=True, slots=True)
class SqlDeskSearch:
    """Searches in the rows of all clients."""

    connection: Connection

    async def clients(self, text: str, *, limit: int) -> tuple[FoundClient, ...]:
        """By id, name or e-mail; a number also finds the clients of the user with that id."""
        terms = fold(text).split()[:MOST_WORDS]
        if not terms:
            return ()
        matches: ColumnElement[bool] = and_(*_has_all(clients.c.search_text, terms))
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_USER_ID:
            theirs = select(links.c.client_id).where(links.c.user_id == int(text))
            matches = or_(matches, clients.c.id.in_(theirs))
        # The condition on the key lets its index lead, so that nothing has to be sorted.
        found = select(*_CLIENT).where(clients.c.id > 0, matches)
        rows = await self.connection.execute(found.order_by(clients.c.id).limit(limit))
        return tuple(FoundClient(*row) for row in rows)

    async def services(self, text: str, *, limit: int) -> tuple[FoundService, ...]:
        """By name or domain, add-ons left out."""
        terms = search_terms(text)
        if not terms:
            return ()
        query = (
            select(*SERVICE, *_CLIENT)
            .join(clients, clients.c.id == services.c.client_id)
            .where(services.c.parent_id.is_(None), *_has_all(services.c.search_text, terms))
            .order_by(services.c.id)
            .limit(limit)
        )
        rows = await self.connection.execute(query)
        return tuple(FoundService(service_from(r), FoundClient(*r[WIDTH:])) for r in rows)

    async def invoices(self, number: str, *, limit: int) -> tuple[FoundInvoice, ...]:
        """By the number or its beginning, in whatever case."""
        start = number.upper()
        query = (
            select(invoices.c.id, invoices.c.number, *_CLIENT)
            .join(clients, clients.c.id == invoices.c.client_id)
            .where(
                invoices.c.number >= start,
                invoices.c.number < start + LAST,
                invoices.c.status != InvoiceStatus.DRAFT,
            )
            .order_by(invoices.c.number)
            .limit(limit)
        )
        rows: Sequence[Any] = (await self.connection.execute(query)).all()
        return tuple(FoundInvoice(r[0], r[1], FoundClient(*r[2:])) for r in rows)


def _has_all(column: Any, terms: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Every one of the folded words; wildcards in them are plain characters."""
    for term in terms:
        plain = term
        for special in (ESCAPE, "%", "_"):
            plain = plain.replace(special, ESCAPE + special)
        yield column.like(f"%{plain}%", escape=ESCAPE)
