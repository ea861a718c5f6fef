"""What a client may do with their own token."""

from bot.sandbox.panels.fossbilling.billing import new_invoice, new_line
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.methods.orders import delete_order
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import client_row, number, order_alone
from bot.sandbox.panels.fossbilling.services import PENDING
from bot.sandbox.panels.fossbilling.state import Order
from bot.sandbox.panels.fossbilling.world import World

_LEAST_FUNDS, _MOST_FUNDS = 10, 200


async def profile(world: World, _params: Parameters, caller: Caller) -> Json:
    """`client/profile/get`."""
    return client_row(world, world.client(caller.client_id))


async def balance(world: World, _params: Parameters, caller: Caller) -> float:
    """`client/client/balance_get_total`."""
    return number(world.balance(caller.client_id))


async def order(world: World, params: Parameters, caller: Caller) -> Json:
    """`client/order/get`."""
    return order_alone(world, _own_order(world, params, caller))


async def delete(world: World, params: Parameters, caller: Caller) -> bool:
    """`client/order/delete`: only what has not been set up."""
    order = _own_order(world, params, caller)
    if order.status not in PENDING:
        raise PanelError("Only pending and failed setup orders can be deleted.")
    delete_order(world, order)
    return True


def _own_order(world: World, params: Parameters, caller: Caller) -> Order:
    order = world.order(params.id("id", "Order"))
    if order.client_id != caller.client_id:
        raise PanelError("Order not found")
    return order


async def funds_invoice(world: World, params: Parameters, caller: Caller) -> str:
    """`client/invoice/funds_invoice`: a deposit invoice's hash, between two limits."""
    amount = params.amount("amount")
    if amount is None:
        raise PanelError("Amount was not passed")
    if amount < _LEAST_FUNDS:
        raise PanelError(f"Amount must be at least {_LEAST_FUNDS}", 981)
    if amount > _MOST_FUNDS:
        raise PanelError(f"Amount must be at most {_MOST_FUNDS}", 982)
    await world.pause()
    line = new_line(world, title="Add funds to account", price=amount)
    line.type, line.charged = "deposit", 1
    invoice = new_invoice(world, caller.client_id, [line])
    world.log(f"Approved invoice {invoice.id}.", client_id=caller.client_id)
    world.log(f"Generated add funds invoice #{invoice.id}", client_id=caller.client_id)
    return invoice.hash
