"""Invoices that a panel owns: what we keep is what it last said."""

from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, update

from billing.rules.payments.invoices import Born, Invoice, InvoiceLine
from storage.engines.connection import Connection
from storage.repositories.sales.invoice_rows import (
    INVOICES,
    invoice_values,
    invoices_from,
    line_values,
)
from storage.tables.sales import invoice_lines, invoices


@dataclass(frozen=True, slots=True)
class SqlPanelInvoices:
    """Rows of invoices that were born of a panel."""

    connection: Connection

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
