"""What people are told once a proforma is paid: its client, and the operator."""

from billing.actions.environment import Environment
from billing.ports.outbox import Notification
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceLine, Outcome, StatedLine
from billing.views.notices.money import Receipt, ReminderUpdate
from billing.views.notices.operator import (
    LineUndelivered,
    OrderPaid,
    RenewedAfterMove,
)
from billing.views.notices.services import NamedService
from billing.views.notices.work import ProformaPaid


def to_client(invoice: Invoice, not_user: int | None) -> list[Notification]:
    """A receipt for the client's users. Reminders that spoke of it say so, whoever has paid."""
    number, client_id = invoice.number, invoice.client_id
    receipt = Receipt(invoice.id, number)
    return [
        Notification(f"receipt:{number}", receipt, client_id=client_id, not_user=not_user),
        Notification(f"redraw:{number}", ReminderUpdate(invoice.id), client_id=client_id),
    ]


def paid_in_full(
    env: Environment, invoice: Invoice, last: Money, gateway: str
) -> list[Notification]:
    """What the operator reads of it: nothing if it cost nothing, or if they do not want to.

    `last` is the money with which it is paid in full, `gateway` the way in which that came.
    """
    if not invoice.gross or not env.terms.tell_payments:
        return []
    paid = ProformaPaid(
        invoice.client_id, invoice.id, invoice.number, invoice.gross, last, gateway
    )
    return [Notification(f"paid:{invoice.number}", paid)]


def of_lines(invoice: Invoice) -> list[Notification]:
    """What the operator has to do for its lines or to know of them."""
    return [note for line in invoice.lines if (note := _tell_operator(invoice, line))]


def _tell_operator(invoice: Invoice, line: InvoiceLine) -> Notification | None:
    """What the operator has to do for a line or to know of it; None for nothing.

    Of its own invoices a panel tells its staff itself.
    """
    if isinstance(line.item, StatedLine):
        return None
    quote, client_id, number = line.quote, invoice.client_id, invoice.number
    gross = line.amounts.gross
    service = NamedService(line.service_id or 0, quote.name, quote.domain)
    key = f"{number}:{line.id}"
    match line.outcome:
        case Outcome.ORDERED if quote.parent_line is None:
            order = OrderPaid(client_id, service, number, gross)
            return Notification(f"order:{key}", order)
        case Outcome.CREDITED | Outcome.UNDELIVERED as outcome:
            is_credit = outcome is Outcome.CREDITED
            undelivered = LineUndelivered(client_id, service, number, gross, is_credit=is_credit)
            return Notification(f"line:{key}", undelivered)
        case Outcome.RENEWED_AFTER_MOVE:
            renewed = RenewedAfterMove(client_id, service, number, gross, line.due_date)
            return Notification(f"line:{key}", renewed)
        case _:
            return None
