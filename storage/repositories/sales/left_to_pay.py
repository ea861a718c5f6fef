"""What a client has yet to pay of their unpaid invoices, summed by the database."""

from sqlalchemy import func, select

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.home import LeftToPay
from storage.engines.connection import Connection
from storage.tables.sales import invoices


async def left_to_pay(connection: Connection, client_id: int) -> LeftToPay:
    """Their number, what is left of them together, and the newest: one statement."""
    left = invoices.c.gross - invoices.c.paid
    query = select(
        func.count(), func.sum(left), func.max(invoices.c.id), func.max(invoices.c.currency)
    ).where(invoices.c.client_id == client_id, invoices.c.status == InvoiceStatus.UNPAID)
    count, balance, newest, currency = (await connection.execute(query)).one()
    return LeftToPay(count, None if balance is None else Money(int(balance), currency), newest)
