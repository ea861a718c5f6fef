"""Renewal invoices: the call that may buy a period each time it is made."""

from datetime import timedelta

from bot.sandbox.panels.fossbilling.billing import new_invoice, order_line, pay_from_balance
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.methods.orders import read_order
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.state import Invoice, Order
from bot.sandbox.panels.fossbilling.world import World


async def renewal_invoice(world: World, params: Parameters, _caller: Caller) -> int | str:
    """`admin/invoice/renewal_invoice`: the open invoice's id as a number, a new one's as text."""
    order = read_order(world, params)
    known = open_invoice(world, order)
    invoice = await _renewal(world, order, known, due_days=params.number("due_days"))
    return invoice.id if invoice is known else world.created_id(invoice.id)


async def own_renewal(world: World, params: Parameters, caller: Caller) -> str:
    """`client/invoice/renewal_invoice`: the invoice's hash."""
    order = world.order(params.id("order_id", "Order"))
    if order.client_id != caller.client_id:
        raise PanelError("Order not found")
    invoice = await _renewal(world, order, open_invoice(world, order), due_days=None)
    return invoice.hash


async def _renewal(
    world: World, order: Order, known: Invoice | None, *, due_days: int | None
) -> Invoice:
    await world.pause()
    invoice = known or make_renewal(world, order, due_days=due_days)
    if world.traps.balance_spent:
        await pay_from_balance(world, invoice)
    return invoice


def make_renewal(world: World, order: Order, *, due_days: int | None) -> Invoice:
    """Write a renewal invoice; due when the order ends, or in five days if it has no end."""
    line = order_line(world, order, task="renew", price=_price(world, order))
    due_at = order.expires_at
    if due_days is not None:
        due_at = world.now() + timedelta(days=due_days)
    invoice = new_invoice(world, order.client_id, [line], due_at=due_at)
    order.unpaid_invoice_id = invoice.id
    world.log(f"Approved invoice {invoice.id}.")
    world.log(f"Generated new renewal invoice #{invoice.id}")
    return invoice


def open_invoice(world: World, order: Order) -> Invoice | None:
    """Return the unpaid invoice that an order points to."""
    sought = order.unpaid_invoice_id
    found = (i for i in world.data.invoices if i.id == sought and i.status == "unpaid")
    return next(found, None)


def _price(world: World, order: Order) -> float:
    """Return the price of a renewal: a domain's is the TLD's, whatever the order says."""
    tld = order.config.get("register_tld") if order.service_type == "domain" else None
    if tld is None:
        return order.price
    years = int((order.period or "1Y")[0])
    price = float(world.product(order.product_id)["pricing"][tld]["price_renew"])
    return round(price * years * world.rate(order.currency), 2)
