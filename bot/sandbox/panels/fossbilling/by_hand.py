"""What happens in the panel without the bot: a client pays there, staff change something."""

from datetime import date, datetime, time
from uuid import uuid4

from bot.sandbox.panels.fossbilling.billing import add_funds, execute, pending, settle
from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.methods.transactions import keep_transaction
from bot.sandbox.panels.fossbilling.services import suspend, unsuspend
from bot.sandbox.panels.fossbilling.state import Invoice
from bot.sandbox.panels.fossbilling.world import World

_NOON = time(12)


def pay(world: World, invoice: Invoice) -> None:
    """Pay an open invoice as a gateway does once the money is there: carried out at once."""
    if invoice.status != "unpaid":
        raise PanelError(f"Invoice is {invoice.status}")
    lines = pending(invoice)
    keep_transaction(world, invoice, f"gateway-{uuid4().hex[:12]}")
    settle(world, invoice)
    execute(world, invoice, lines)


def move_date(world: World, number: int, day: date) -> None:
    """Let an order end on another day, at the same hour; at noon if it had no end."""
    order = world.order(number)
    hour = order.expires_at.time() if order.expires_at else _NOON
    order.expires_at = datetime.combine(day, hour)
    order.updated_at = world.now()
    world.log(f"Update order #{order.id}")


def turn(world: World, number: int) -> None:
    """Suspend an active order, or let a suspended one run again."""
    order = world.order(number)
    if order.status == "suspended":
        unsuspend(world, order)
    else:
        suspend(world, order, "Suspended by staff")


def add_balance(world: World, client_id: int, amount: float) -> None:
    """Add to what a client has on their account; negative takes from it."""
    add_funds(world, world.client(client_id).id, amount, "Added by staff")
