"""Invoices: made, paid, and carried out line by line."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.services import PENDING, renew, set_up
from bot.sandbox.panels.fossbilling.state import BalanceRow, Invoice, Line, Order
from bot.sandbox.panels.fossbilling.world import World

_DUE_AFTER = timedelta(days=5)
_HASH_LIFE = timedelta(days=90)
CRON_WAIT = timedelta(minutes=10)


def new_invoice(
    world: World,
    client_id: int,
    lines: list[Line],
    *,
    due_at: datetime | None = None,
    gateway_id: int | None = None,
    approved: bool = True,
) -> Invoice:
    """Write an unpaid invoice in the client's currency; due in five days unless told."""
    now = world.now()
    client = world.client(client_id)
    percent = 0 if client.tax_exempt else world.tax_percent
    invoice = Invoice(
        id=world.next_id(world.data.invoices, "invoices"),
        serie="FOSS",
        nr=_next_nr(world),
        client_id=client_id,
        hash=uuid4().hex,
        hash_expires_at=now + _HASH_LIFE,
        gateway_id=gateway_id,
        taxname=f"VAT {percent}%" if percent else "",
        taxrate=str(percent),
        currency=client.currency,
        rate=world.rate(client.currency),
        due_at=due_at or now + _DUE_AFTER,
        created_at=now,
        updated_at=now,
        lines=lines,
        approved=approved,
    )
    world.data.invoices.append(invoice)
    return invoice


def _next_nr(world: World) -> str:
    """Return the next number; credit notes have numbers of their own, so it drifts from the id."""
    return str(1 + max((int(i.nr) for i in world.data.invoices if i.serie != "CN-"), default=0))


def new_line(world: World, *, title: str, price: float) -> Line:
    """Return a line that no invoice has yet."""
    return Line(id=world.next_id((), "lines"), title=title, price=price)


def order_line(world: World, order: Order, *, task: str, price: float | None = None) -> Line:
    """Return a line about an order: its price is net, for one of it."""
    line = new_line(world, title=order.title, price=order.price if price is None else price)
    line.period, line.quantity, line.unit = order.period, order.quantity, order.unit
    line.type, line.rel_id, line.task = "order", order.id, task
    line.taxed = int(bool(world.tax_percent))
    return line


def pending(invoice: Invoice) -> list[Line]:
    """Return the lines that have not been carried out."""
    return [line for line in invoice.lines if line.status != "executed"]


def settle(world: World, invoice: Invoice) -> None:
    """Mark an invoice paid and let the orders forget their open invoice."""
    now = world.now()
    invoice.status = "paid"
    invoice.serie = None
    invoice.paid_at = invoice.updated_at = now
    invoice.taxname, invoice.taxrate = invoice.taxname or "", invoice.taxrate or "0"
    about = set(invoice.orders())
    for line in pending(invoice):
        line.status = "pending_setup"
    for order in world.data.orders:
        if order.id in about:
            order.unpaid_invoice_id = None
    if not world.traps.singles_stay_open:
        _close_singles(world, about)
    world.log(f"Marked invoice {invoice.id} as paid.")


def _close_singles(world: World, about: set[int]) -> None:
    for other in world.data.invoices:
        if other.status == "unpaid" and other.orders() and about.issuperset(other.orders()):
            other.status = "canceled"
            other.updated_at = world.now()


def execute(world: World, invoice: Invoice, lines: Sequence[Line]) -> None:
    """Carry out lines of a paid invoice; what fails is kept in the order's history only."""
    for line in lines:
        line.status = "executed"
        try:
            _carry_out(world, invoice, line)
        except PanelError:
            continue


def _carry_out(world: World, invoice: Invoice, line: Line) -> None:
    if line.type == "deposit" and not world.traps.deposit_uncredited:
        add_funds(world, invoice.client_id, line.price, f"Deposit of invoice #{invoice.nr}")
    if line.rel_id is None:
        return
    order = world.order(line.rel_id)
    if order.status == "canceled" and not world.traps.canceled_revive:
        return
    if line.task == "activate" and order.status in PENDING:
        set_up(world, order)
    elif line.task == "renew":
        period = order.period if world.traps.period_at_payment else line.period
        # A payment does not set up what is waiting; `order/renew` does.
        if order.status in PENDING:
            order.status = "failed_renew"
        renew(world, order, period)


def add_funds(world: World, client_id: int, amount: float, description: str) -> None:
    """Change a client's balance; a negative amount takes from it."""
    rows = world.data.balances
    rows.append(
        BalanceRow(
            id=world.next_id(rows, "balances"),
            client_id=client_id,
            description=description,
            amount=amount,
            created_at=world.now(),
        )
    )


def total(invoice: Invoice) -> float:
    """Return what is to be paid."""
    return round(invoice.subtotal() + invoice.tax(), 2)


async def pay_from_balance(world: World, invoice: Invoice) -> bool:
    """Pay an open invoice from the balance if that is enough, all or nothing; tell whether."""
    amount = total(invoice)
    if invoice.status != "unpaid" or world.balance(invoice.client_id) < amount or amount <= 0:
        return False
    await world.pause()
    reason = f"Payment for invoice #{invoice.nr} using account credit."
    add_funds(world, invoice.client_id, -amount, reason)
    settle(world, invoice)
    execute(world, invoice, pending(invoice))
    return True
