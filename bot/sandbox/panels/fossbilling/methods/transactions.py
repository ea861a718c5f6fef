"""What a gateway said about payments, or staff in its place."""

from bot.sandbox.panels.fossbilling.billing import execute, pending, settle, total
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import PHP_TYPE, Json, PanelError
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import columns
from bot.sandbox.panels.fossbilling.state import Invoice, Transaction
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World

CUSTOM = 1
"""The id of the gateway that is no gateway: staff write down what they saw elsewhere."""


def transaction_of(world: World, txn_id: str) -> Transaction | None:
    """Return the transaction with this number, whatever its capitals."""
    rows = world.data.transactions
    return next((row for row in rows if row.txn_id.lower() == txn_id.lower()), None)


def keep_transaction(world: World, invoice: Invoice, txn_id: str) -> Transaction:
    """Write a transaction, or return the one with its number: the amount is not compared."""
    known = transaction_of(world, txn_id)
    if known is not None:
        return known
    rows = world.data.transactions
    row = Transaction(
        id=world.next_id(rows, "transactions"),
        invoice_id=invoice.id,
        txn_id=txn_id,
        gateway_id=CUSTOM,
        amount=total(invoice),
        currency=invoice.currency,
        created_at=world.now(),
    )
    rows.append(row)
    world.log(f"Received transaction {row.id} from payment gateway {CUSTOM}")
    return row


async def create(world: World, params: Parameters, _caller: Caller) -> int:
    """`invoice/transaction_create`: an amount that is sent is ignored."""
    invoice = world.invoice(params.id("invoice_id", "Invoice"))
    txn_id = params.text("txn_id")
    if txn_id is None:
        raise PanelError("Transaction ID was not passed")
    return keep_transaction(world, invoice, txn_id).id


async def process(world: World, params: Parameters, _caller: Caller) -> bool:
    """`invoice/transaction_process`: pays, and says that it failed."""
    number = params.id("id", "Transaction")
    found = (row for row in world.data.transactions if row.id == number)
    row = next(found, None)
    if row is None:
        raise PanelError("Transaction not found")
    invoice = world.invoice(row.invoice_id)
    if invoice.status != "paid":
        settle(world, invoice)
        execute(world, invoice, pending(invoice))
    if world.traps.process_pays_and_fails:
        raise PanelError("Return value must be of type bool, int returned", PHP_TYPE)
    return True


async def get_list(world: World, params: Parameters, _caller: Caller) -> Json:
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
