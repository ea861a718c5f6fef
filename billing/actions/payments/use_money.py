"""Money that was received: kept under its provider's key, then used, inside one transaction."""

from billing.actions.environment import Environment
from billing.actions.payments.give_back import MoneyBack, give_back
from billing.actions.payments.settle import Settler
from billing.ports.outbox import PART_PAID_KEY, Notification
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.payments.charges import Misfit
from billing.rules.payments.invoices import LAPSED, Invoice
from billing.rules.payments.payment import CreditReason, Payment, apply_money
from billing.views.notices.money import MoneyCameLate, MoneyToCredit, PartPaid, SurplusSetAside
from billing.views.notices.operator import (
    Overpaid,
    PaidTooLate,
)
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
    """Count a booked payment to the invoice's balance, and give back what is too much."""
    use = apply_money(invoice, payment.amount)
    if use.to_invoice:
        await settler.panel.record_payment(uow, invoice, payment, use.to_invoice, now=env.now())
        invoice = await settler.receive(
            uow, invoice, use.to_invoice, gateway=payment.gateway, not_user=not_user
        )
    if use.surplus:
        await _keep_surplus(env, uow, invoice, payment, use.surplus)
    if use.settles:
        outcome = PaymentOutcome.PAID
    elif use.to_invoice:
        outcome = PaymentOutcome.PART
        note = _part_paid(invoice, payment, not_user)
        await uow.outbox.add([note], at=env.now())
    else:
        outcome = PaymentOutcome.SURPLUS
    is_credit = env.capabilities.credit
    return PaymentResult(outcome, invoice, payment.amount, use.surplus, is_credit=is_credit)


def nothing_new(invoice: Invoice, money: Money | None = None) -> PaymentResult:
    """A confirmation that came before: nothing is changed."""
    zero = Money.zero(invoice.currency)
    return PaymentResult(PaymentOutcome.REPEATED, invoice, money or zero, zero)


async def _keep_surplus(
    env: Environment, uow: UnitOfWork, invoice: Invoice, payment: Payment, surplus: Money
) -> None:
    """Give back what an invoice does not ask for (any more); the client and the operator read it.

    Where it becomes unplaced money, `give_back` tells the operator.
    """
    is_late, is_credit = invoice.status in LAPSED, env.capabilities.credit
    back = MoneyBack(
        invoice.client_id,
        surplus,
        CreditReason.SURPLUS,
        invoice.number,
        key=surplus_key(payment, is_all=surplus == payment.amount),
        misfit=Misfit.LATE if is_late else Misfit.SURPLUS,
        reference=payment.charge_id or "",
    )
    await give_back(env, uow, back)
    key, client_id = f"surplus:{payment.id}", invoice.client_id
    notice = _surplus_notice(invoice, surplus, is_credit=is_credit)
    notes = [Notification(key, notice, client_id=client_id)]
    if is_credit:
        alert: Overpaid | PaidTooLate = Overpaid(client_id, invoice.number, surplus)
        if is_late:
            reach = await uow.users.reach(client_id)
            alert = PaidTooLate(
                client_id, invoice.id, invoice.number, surplus, invoice.status, reach
            )
        notes.append(Notification(key, alert))
    await uow.outbox.add(notes, at=env.now())


def surplus_key(payment: Payment, *, is_all: bool) -> str:
    """The key of a payment, or of what was left of it, as unplaced money."""
    return f"payment:{payment.id}" if is_all else f"surplus:{payment.id}"


def _surplus_notice(
    invoice: Invoice, surplus: Money, *, is_credit: bool
) -> MoneyToCredit | SurplusSetAside | MoneyCameLate:
    """What the client reads of it."""
    if invoice.status in LAPSED:
        # Nothing was too much: what the client wanted to pay for did not happen.
        return MoneyCameLate(
            invoice.id, invoice.number, surplus, invoice.status, is_credit=is_credit
        )
    kind = MoneyToCredit if is_credit else SurplusSetAside
    return kind(invoice.number, surplus)


def _part_paid(invoice: Invoice, payment: Payment, not_user: int | None) -> Notification:
    return Notification(
        f"{PART_PAID_KEY}{payment.id}",
        PartPaid(invoice.id, invoice.number, payment.amount, invoice.balance),
        client_id=invoice.client_id,
        not_user=not_user,
    )
