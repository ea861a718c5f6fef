"""Payments: marked by staff, taken from the balance, given back; and what gateways said."""

from dataclasses import replace

from bot.sandbox.panels.fossbilling.billing import (
    execute,
    new_invoice,
    new_line,
    pay_from_balance,
    pending,
    settle,
    total,
)
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.methods.invoices import read_invoice
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import columns
from bot.sandbox.panels.fossbilling.state import Invoice, Transaction
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World

_CUSTOM = 1


async def mark_as_paid(world: World, params: Parameters, _caller: Caller) -> bool:
    """`invoice/mark_as_paid`: the full total, now; without `execute` cron carries it out."""
    invoice = read_invoice(world, params)
    if invoice.status == "paid":
        return True
    lines = pending(invoice)
    _check_payment(world, params, invoice)
    await world.pause()
    _keep_transaction(world, params, invoice)
    settle(world, invoice)
    if params.flag("execute") or not world.traps.execution_waits:
        execute(world, invoice, lines)
    return True


def _check_payment(world: World, params: Parameters, invoice: Invoice) -> None:
    """Refuse a payment without a gateway, without a transaction, or with a used one."""
    before = invoice.gateway_id
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
        if invoice.gateway_id != _CUSTOM:
            return None
        return "Transaction ID is required when using the Custom payment gateway."
    used = _transaction(world, txn_id)
    if used is not None and used.invoice_id != invoice.id:
        return "Transaction ID is already associated with another invoice."
    return None


def _transaction(world: World, txn_id: str) -> Transaction | None:
    rows = world.data.transactions
    return next((row for row in rows if row.txn_id.lower() == txn_id.lower()), None)


def _keep_transaction(world: World, params: Parameters, invoice: Invoice) -> None:
    """Write the transaction, once; another gateway than Custom leaves none."""
    txn_id = params.text("transactionId")
    if txn_id is None or invoice.gateway_id != _CUSTOM or _transaction(world, txn_id):
        return
    rows = world.data.transactions
    rows.append(
        Transaction(
            id=world.next_id(rows, "transactions"),
            invoice_id=invoice.id,
            txn_id=txn_id,
            gateway_id=_CUSTOM,
            amount=total(invoice),
            currency=invoice.currency,
            created_at=world.now(),
        )
    )
    world.log(f"Received transaction {rows[-1].id} from payment gateway {_CUSTOM}")


async def transactions(world: World, params: Parameters, _caller: Caller) -> Json:
    """`invoice/transaction_get_list`: by the exact number, whatever its capitals."""
    txn_id, invoice_id = params.text("txn_id"), params.number("invoice_id")
    rows = [
        row
        for row in reversed(world.data.transactions)
        if (txn_id is None or row.txn_id.lower() == txn_id.lower())
        and invoice_id in (None, row.invoice_id)
    ]
    return page_of(params, rows, _transaction_row)


def _transaction_row(row: Transaction) -> Json:
    return {
        **columns(row),
        "txn_status": None,
        "gateway": "Custom",
        "type": None,
        "status": "processed",
        "ip": "127.0.0.1",
        "validate_ipn": 1,
        "error": None,
        "error_code": None,
        "note": f"Custom transaction No: {row.txn_id}",
        "updated_at": text(row.created_at),
    }


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
