"""Invoices made and changed by staff, with any lines at any prices."""

from bot.sandbox.panels.fossbilling.billing import new_invoice, new_line
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.methods.invoices import read_invoice
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.state import Invoice, Line
from bot.sandbox.panels.fossbilling.texts import check_short_text
from bot.sandbox.panels.fossbilling.world import World

_STATUSES = ("unpaid", "paid", "refunded", "canceled")


async def prepare(world: World, params: Parameters, _caller: Caller) -> int | str:
    """`invoice/prepare`: any lines at any prices; no order points to it, no balance is used."""
    client = world.client(params.id("client_id", "Client"))
    items = params.get("items")
    lines = [_line(world, item) for item in items] if isinstance(items, list) else []
    await world.pause()
    invoice = new_invoice(
        world,
        client.id,
        lines,
        gateway_id=params.number("gateway_id"),
        approved=params.flag("approve"),
    )
    if not world.traps.pointer_misleads:
        _point(world, invoice)
    world.log(f"Prepared invoice {invoice.id}.")
    if invoice.approved:
        world.log(f"Approved invoice {invoice.id} instantly.")
    return world.created_id(invoice.id)


def _point(world: World, invoice: Invoice) -> None:
    for number in invoice.orders():
        world.order(number).unpaid_invoice_id = invoice.id


def _line(world: World, sent: object) -> Line:
    """Return a line as it was sent; only what is `taxed` is."""
    item = Parameters(sent if isinstance(sent, dict) else {}, world.traps)
    title = item.text("title") or ""
    check_short_text(world, "invoice_item", "title", title)
    line = new_line(world, title=title, price=item.amount("price") or 0)
    line.period, line.unit = item.text("period"), item.text("unit")
    line.quantity = max(1, item.number("quantity") or 1)
    line.taxed = int(item.truth("taxed"))
    line.type, line.task = item.text("type") or "custom", item.text("task") or "void"
    line.rel_id = item.number("rel_id")
    return line


async def update(world: World, params: Parameters, _caller: Caller) -> bool:
    """`invoice/update`: status, gateway, due date, approval."""
    invoice = read_invoice(world, params)
    status, gateway = params.text("status"), params.number("gateway_id")
    if status in _STATUSES:
        invoice.status = status
    if gateway is not None:
        invoice.gateway_id = gateway
    if "due_at" in params:
        invoice.due_at = world.read_date(params.get("due_at"))
    if status == "canceled" and not world.traps.pointer_misleads:
        _forget(world, invoice)
    invoice.updated_at = world.now()
    world.log(f"Updated invoice {invoice.id}.")
    return True


def _forget(world: World, invoice: Invoice) -> None:
    """Let the orders that point to an invoice forget it."""
    for order in world.data.orders:
        if order.unpaid_invoice_id == invoice.id:
            order.unpaid_invoice_id = None


async def delete(world: World, params: Parameters, _caller: Caller) -> bool:
    """`invoice/delete`: paid ones too."""
    invoice = read_invoice(world, params)
    world.data.invoices.remove(invoice)
    _forget(world, invoice)
    world.log(f"Removed invoice {invoice.id}.")
    return True
