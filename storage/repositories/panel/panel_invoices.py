"""Invoices that a panel owns: what we keep is what it last said."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.rules.invoices import Born, Invoice
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

    connection: AsyncConnection

    async def restate(self, invoice: Invoice) -> None:
        """Write a panel's invoice over what is kept of it; lines without an id are new."""
        await self.connection.execute(
            update(invoices).where(invoices.c.id == invoice.id).values(invoice_values(invoice))
        )
        named = [line.id for line in invoice.lines if line.id]
        mine = invoice_lines.c.invoice_id == invoice.id
        await self.connection.execute(
            delete(invoice_lines).where(mine, invoice_lines.c.id.not_in(named))
        )
        for line in invoice.lines:
            values = line_values(invoice, line)
            if line.id:
                by_id = update(invoice_lines).where(mine, invoice_lines.c.id == line.id)
                await self.connection.execute(by_id.values(values))
            else:
                await self.connection.execute(insert(invoice_lines), values)

    async def of_panel(self, client_id: int) -> tuple[Invoice, ...]:
        """The client's invoices that were born of a panel."""
        theirs = invoices.c.client_id == client_id, invoices.c.born == Born.PANEL
        return invoices_from((await self.connection.execute(INVOICES.where(*theirs))).all())
