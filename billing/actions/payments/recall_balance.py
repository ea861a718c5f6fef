"""Money has come for an invoice that was to be paid from the balance in the panel."""

from dataclasses import replace

from billing.actions.environment import Environment
from billing.actions.payments.methods import pays_from_balance
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.invoices import Born, Invoice

PAID_OTHERWISE = "paid_otherwise"
"""What is kept of a payment from the balance that was not needed any more."""


async def recall_balance(
    env: Environment, uow: UnitOfWork, invoice: Invoice, money: Money
) -> bool:
    """Take a payment from the balance back before it is sent, where this money covers it all.

    The caller's transaction has locked the client. False where the panel may have it by now, or
    may be about to pay more than is left: then only one of the two can pay the invoice.
    """
    if not (env.capabilities.deferred and invoice.born is Born.PANEL and invoice.is_open):
        return True
    now = env.now()
    for call in await uow.panel_calls.open_for_invoice(invoice.id):
        if not pays_from_balance(call):
            continue
        if call.state is not CallState.WAITING or money < invoice.balance:
            return False
        # A process that has it in hand finds it closed before it sends anything.
        closed = replace(call, is_open=False, error=PAID_OTHERWISE)
        if await uow.panel_calls.move(closed, CallState.REFUSED, due_at=now, at=now) is None:
            return False
    return True
