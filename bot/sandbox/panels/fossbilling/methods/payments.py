"""Payments: marked by staff, taken from the balance, given back."""

from dataclasses import replace

from bot.sandbox.panels.fossbilling.billing import (
    execute,
    new_invoice,
    new_line,
    pay_from_balance,
    pending,
    settle,
)
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.methods.invoices import read_invoice
from bot.sandbox.panels.fossbilling.methods.transactions import (
    CUSTOM,
    keep_transaction,
    transaction_of,
)
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.state import Invoice
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World


async def mark_as_paid(world: World, params: Parameters, _caller: Caller) -> bool:
    """`invoice/mark_as_paid`: the full total, now; without `execute` cron carries it out."""
    invoice = read_invoice(world, params)
    if invoice.status == "paid":
        return True
    lines = pending(invoice)
    _check_payment(world, params, invoice)
    await world.pause()
    _keep(world, params, invoice)
    settle(world, invoice)
    if params.flag("execute") or not world.traps.execution_waits:
        execute(world, invoice, lines)
    return True


def _check_payment(world: World, params: Parameters, invoice: Invoice) -> None:
    """Refuse a payment without a gateway, without a transaction, or with a used one."""
    before = invoice.gateway_id
    if not world.is_before_08:
        invoice.gateway_id = params.number("gateway_id") or before
    if invoice.gateway_id is None:
        raise PanelError("Payment gateway is required when marking an invoice as paid.")
    reason = _transaction_problem(world, params, invoice)
    if reason is not None:
        if not world.traps.gateway_kept:
            invoice.gateway_id = before
        raise PanelError(reason)


def _transaction_problem(world: World, params: Parameters, invoice: Invoice) -> str | None:
    txn_id = params.text("transactionId")
    if txn_id is None:
        if invoice.gateway_id != CUSTOM:
            return None
        return "Transaction ID is required when using the Custom payment gateway."
    used = transaction_of(world, txn_id)
    if used is not None and used.invoice_id != invoice.id:
        return "Transaction ID is already associated with another invoice."
    return None


def _keep(world: World, params: Parameters, invoice: Invoice) -> None:
    """Write the transaction; another gateway than Custom leaves none."""
    txn_id = params.text("transactionId")
    if txn_id is not None and invoice.gateway_id == CUSTOM:
        keep_transaction(world, invoice, txn_id)


async def pay_with_credits(world: World, params: Parameters, _caller: Caller) -> bool:
    """`invoice/pay_with_credits`: all or nothing, and true in both cases."""
    paid = await pay_from_balance(world, read_invoice(world, params))
    if not paid and not world.traps.credits_always_true:
        raise PanelError("The balance is not enough for this invoice")
    return True


async def refund(world: World, params: Parameters, _caller: Caller) -> int | str:
    """`invoice/refund`: a credit note beside the invoice, which stays paid."""
    invoice = read_invoice(world, params)
    if invoice.status != "paid":
        raise PanelError("Only paid invoices can be refunded")
    await world.pause()
    lines = [
        replace(
            line,
            id=new_line(world, title=line.title, price=line.price).id,
            price=-line.price,
            status="executed",
        )
        for line in invoice.lines
    ]
    nr = 1 + sum(i.serie == "CN-" for i in world.data.invoices)
    note = new_invoice(world, invoice.client_id, lines)
    note.serie, note.nr, note.status = "CN-", str(nr), "refunded"
    note.due_at, note.paid_at = None, world.now()
    note.taxname, note.taxrate = invoice.taxname, invoice.taxrate
    note.notes = f"{text(world.now())}: Refund for #{invoice.id} invoice.       \n"
    invoice.notes = f"{text(world.now())}: Refund invoice #{note.id} generated.       \n"
    return world.created_id(note.id)
