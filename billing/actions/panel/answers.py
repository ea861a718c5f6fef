"""Telling a client what became of their order."""

from datetime import datetime

from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.money import total
from billing.rules.payments.orders import Order
from billing.views.notices.money import OrderAnswered


async def order_answered(uow: UnitOfWork, order: Order, key: str, *, at: datetime) -> None:
    """Tell the client's users how the panel has answered, and what it asks for."""
    bills = await uow.invoices.of_order(order.client_id, order.id)
    invoiced = total((bill.gross for bill in bills), order.currency)
    # Where a price was not known before, there is no total to compare with.
    is_known = all(quote.gross is not None for quote in order.quotes)
    notice = OrderAnswered(
        order.id,
        order.state,
        order.total if is_known else invoiced,
        invoiced=invoiced,
        left=total((bill.balance for bill in bills if bill.is_open), order.currency),
        count=len(bills),
        first_invoice_id=bills[0].id if bills else None,
        refusal=order.refusal,
    )
    await uow.outbox.add([Notification(key, notice, client_id=order.client_id)], at=at)
