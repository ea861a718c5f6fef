"""Invoices that a panel owns: what we keep is what it last said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import case, delete, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from billing.rules.errors import CartChangedError
from billing.rules.payments.invoices import Born, Invoice, InvoiceLine
from storage.engines.connection import Connection
from storage.repositories.sales.invoice_rows import (
    INVOICES,
    invoice_values,
    invoices_from,
    line_values,
)
from storage.statements import insert_numbered
from storage.tables.sales import invoice_lines, invoices
from storage.types import UTCDateTime


@dataclass(frozen=True, slots=True)
class SqlPanelInvoices:
    """Rows of invoices that were born of a panel."""

    connection: Connection

    async def add(self, made: Sequence[Invoice]) -> Sequence[Invoice]:
        """Insert invoices with their lines, in two statements however many; assign ids.

        CartChangedError if a renewal on one is on another invoice already.
        """
        if not made:
            return []
        try:
            rows = [invoice_values(invoice) for invoice in made]
            numbers = await insert_numbered(self.connection, invoices, rows)
            numbered = [replace(one, id=id_) for one, id_ in zip(made, numbers, strict=True)]
            lines = [line_values(one, line) for one in numbered for line in one.lines]
            ids = iter(await insert_numbered(self.connection, invoice_lines, lines))
        except IntegrityError as error:
            raise CartChangedError("already_invoiced") from error
        return [
            replace(one, lines=tuple(replace(line, id=next(ids)) for line in one.lines))
            for one in numbered
        ]

    async def restate(self, invoice: Invoice) -> Invoice:
        """Write a panel's invoice over what is kept of it; lines without an id get one."""
        await self.connection.execute(
            update(invoices).where(invoices.c.id == invoice.id).values(invoice_values(invoice))
        )
        named = [line.id for line in invoice.lines if line.id]
        mine = invoice_lines.c.invoice_id == invoice.id
        await self.connection.execute(
            delete(invoice_lines).where(mine, invoice_lines.c.id.not_in(named))
        )
        lines = [await self._write(invoice, line) for line in invoice.lines]
        return replace(invoice, lines=tuple(lines))

    async def _write(self, invoice: Invoice, line: InvoiceLine) -> InvoiceLine:
        values = line_values(invoice, line)
        if not line.id:
            new_row = insert(invoice_lines).returning(invoice_lines.c.id)
            number = (await self.connection.execute(new_row, values)).scalar_one()
            return replace(line, id=number)
        mine = invoice_lines.c.invoice_id == invoice.id, invoice_lines.c.id == line.id
        await self.connection.execute(update(invoice_lines).where(*mine).values(values))
        return line

    async def of_panel(self, client_id: int) -> tuple[Invoice, ...]:
        """The client's invoices that were born of a panel."""
        theirs = invoices.c.client_id == client_id, invoices.c.born == Born.PANEL
        return invoices_from((await self.connection.execute(INVOICES.where(*theirs))).all())

    async def elsewhere(self, client_id: int, refs: Collection[str]) -> tuple[Invoice, ...]:
        """Those of these that are kept under other clients."""
        others = invoices.c.ref.in_(tuple(refs)), invoices.c.client_id != client_id
        return invoices_from((await self.connection.execute(INVOICES.where(*others))).all())

    async def holders(self, numbers: Collection[str]) -> Mapping[str, str]:
        """The refs of the invoices that bear these numbers, "" for one of our own."""
        query = select(invoices.c.number, func.coalesce(invoices.c.ref, "")).where(
            invoices.c.number.in_(tuple(numbers))
        )
        return dict(row for row in (await self.connection.execute(query)).all())

    async def note_missing(
        self, client_id: int, invoice_ids: Collection[int], *, since: datetime
    ) -> Mapping[int, datetime]:
        """Note which of the client's invoices a reading has shown; since when each is missing."""
        c, now_missing = invoices.c, tuple(invoice_ids)
        known = func.coalesce(c.missing_since, literal(since, UTCDateTime))
        statement = (
            update(invoices)
            .where(
                c.client_id == client_id,
                c.born == Born.PANEL,
                or_(c.id.in_(now_missing), c.missing_since.is_not(None)),
            )
            .values(missing_since=case((c.id.in_(now_missing), known)))
            .returning(c.id, c.missing_since)
        )
        rows = (await self.connection.execute(statement)).all()
        return {number: at for number, at in rows if at is not None}
