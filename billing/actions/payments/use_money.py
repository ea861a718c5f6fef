"""Money that was received: kept under its provider's key, then used, inside one transaction."""

from billing.actions.environment import Environment
from billing.actions.payments.settle import Settler
from billing.ports.outbox import Notification, Topic
from billing.ports.work import UnitOfWork
from billing.rules.invoices import LAPSED, Invoice
from billing.rules.money import Money
from billing.rules.payments import CreditReason, Payment, apply_money
from billing.views.payments import PaymentNews, PaymentResult


async def use_money(
    env: Environment,
    uow: UnitOfWork,
    settler: Settler,
    invoice: Invoice,
    payment: Payment,
    *,
    not_user: int | None = None,
) -> PaymentResult:
    """Count a booked payment to the invoice's balance, and what is too much to credit."""
    use = apply_money(invoice, payment.amount)
    if use.applied:
        invoice = await settler.receive(uow, invoice, use.applied, not_user=not_user)
    if use.surplus:
        await _keep_surplus(env, uow, invoice, payment, use.surplus)
    if use.settles:
        news = PaymentNews.PAID
    elif use.applied:
        news = PaymentNews.PART
        note = _part_paid(invoice, payment, not_user)
        await uow.outbox.add([note], at=env.now())
    else:
        news = PaymentNews.TO_CREDIT
    return PaymentResult(news, invoice, payment.amount, use.surplus)


def nothing_new(invoice: Invoice, received: Money | None = None) -> PaymentResult:
    """A confirmation that came before: nothing is changed."""
    zero = Money.zero(invoice.currency)
    return PaymentResult(PaymentNews.REPEATED, invoice, received or zero, zero)


async def _keep_surplus(
    env: Environment, uow: UnitOfWork, invoice: Invoice, payment: Payment, surplus: Money
) -> None:
    """What an invoice does not ask for (any more) is the client's credit; both sides are told."""
    now, key, client_id = env.now(), f"surplus:{payment.id}", invoice.client_id
    await uow.clients.move_credit(
        client_id, surplus, reason=CreditReason.SURPLUS, at=now, invoice_number=invoice.number
    )
    facts: dict[str, str | int] = {"number": invoice.number, "amount": str(surplus)}
    event, topic = "surplus", Topic.MONEY_TO_CREDIT
    if invoice.status in LAPSED:
        # Nothing was too much: what the client wanted to pay for did not happen.
        event, topic = "late", Topic.MONEY_CAME_LATE
        facts |= {"invoice_id": invoice.id, "status": str(invoice.status)}
    alert: dict[str, str | int] = {**facts, "event": event, "client_id": client_id}
    if topic is Topic.MONEY_CAME_LATE:
        alert["reach"] = str(await uow.users.reach(client_id))
    notes = [
        Notification(key, topic, client_id, facts),
        Notification(key, Topic.OPERATOR, None, alert),
    ]
    await uow.outbox.add(notes, at=now)


def _part_paid(invoice: Invoice, payment: Payment, not_user: int | None) -> Notification:
    facts: dict[str, str | int] = {
        "invoice_id": invoice.id,
        "number": invoice.number,
        "amount": str(payment.amount),
        "balance": str(invoice.balance),
    }
    return Notification(f"part:{payment.id}", Topic.PART_PAID, invoice.client_id, facts, not_user)
