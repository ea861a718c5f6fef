"""Money that was received: kept under its provider's key, then used, inside one transaction."""

from billing.actions.environment import Environment
from billing.actions.payments.settle import Settler
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.invoices import LAPSED, Invoice
from billing.rules.money import Money
from billing.rules.payments import CreditReason, Payment, apply_money
from billing.views.notices.money import MoneyCameLate, MoneyToCredit, PartPaid
from billing.views.notices.operator import Overpaid, PaidTooLate
from billing.views.payments import PaymentOutcome, PaymentResult


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
        await settler.panel.record_payment(uow, invoice, payment, use.applied, now=env.now())
        invoice = await settler.receive(uow, invoice, use.applied, not_user=not_user)
    if use.surplus:
        await _keep_surplus(env, uow, invoice, payment, use.surplus)
    if use.settles:
        outcome = PaymentOutcome.PAID
    elif use.applied:
        outcome = PaymentOutcome.PART
        note = _part_paid(invoice, payment, not_user)
        await uow.outbox.add([note], at=env.now())
    else:
        outcome = PaymentOutcome.TO_CREDIT
    return PaymentResult(outcome, invoice, payment.amount, use.surplus)


def nothing_new(invoice: Invoice, money: Money | None = None) -> PaymentResult:
    """A confirmation that came before: nothing is changed."""
    zero = Money.zero(invoice.currency)
    return PaymentResult(PaymentOutcome.REPEATED, invoice, money or zero, zero)


async def _keep_surplus(
    env: Environment, uow: UnitOfWork, invoice: Invoice, payment: Payment, surplus: Money
) -> None:
    """What an invoice does not ask for (any more) is the client's credit; both sides are told."""
    now, key, client_id = env.now(), f"surplus:{payment.id}", invoice.client_id
    await uow.clients.move_credit(
        client_id, surplus, reason=CreditReason.SURPLUS, at=now, invoice_number=invoice.number
    )
    id_, number, status = invoice.id, invoice.number, invoice.status
    notice: MoneyToCredit | MoneyCameLate = MoneyToCredit(number, surplus)
    alert: Overpaid | PaidTooLate = Overpaid(client_id, number, surplus)
    if status in LAPSED:
        # Nothing was too much: what the client wanted to pay for did not happen.
        reach = await uow.users.reach(client_id)
        notice = MoneyCameLate(id_, number, surplus, status)
        alert = PaidTooLate(client_id, id_, number, surplus, status, reach)
    notes = [Notification(key, notice, client_id=client_id), Notification(key, alert)]
    await uow.outbox.add(notes, at=now)


def _part_paid(invoice: Invoice, payment: Payment, not_user: int | None) -> Notification:
    return Notification(
        f"part:{payment.id}",
        PartPaid(invoice.id, invoice.number, payment.amount, invoice.balance),
        client_id=invoice.client_id,
        not_user=not_user,
    )
