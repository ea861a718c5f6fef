"""Orders, as staff read them and let services run, stop and end."""

from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import columns, order_alone, order_row
from bot.sandbox.panels.fossbilling.services import (
    cancel,
    close_open_invoices,
    renew,
    set_up,
    suspend,
    uncancel,
    unsuspend,
)
from bot.sandbox.panels.fossbilling.state import Order, StatusNote
from bot.sandbox.panels.fossbilling.texts import check_short_text
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World


def read_order(world: World, params: Parameters) -> Order:
    """Return the order that a call names."""
    return world.order(params.id("id", "Order"))


async def get(world: World, params: Parameters, _caller: Caller) -> Json:
    """`order/get`."""
    return order_alone(world, read_order(world, params))


async def addons(world: World, params: Parameters, _caller: Caller) -> list[Json]:
    """`order/addons`: the add-on orders of a main one, which no list shows."""
    parent = read_order(world, params)
    return [
        order_row(world, order)
        for order in world.data.orders
        if order.group_id == parent.group_id
        and order.client_id == parent.client_id
        and not order.group_master
    ]


async def history(world: World, params: Parameters, _caller: Caller) -> Json:
    """`order/status_history_get_list`: newest first, with the reasons of failures."""
    order = read_order(world, params)
    notes = [note for note in reversed(world.data.notes) if note.client_order_id == order.id]
    return page_of(params, notes, _note_row)


def _note_row(note: StatusNote) -> Json:
    return {**columns(note), "updated_at": text(note.created_at)}


async def activate(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/activate`; `force` sets up what failed, and adds a period to an active order."""
    order = read_order(world, params)
    set_up(world, order, force=params.truth("force"))
    return True


async def renew_free(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/renew`: free of charge, without an invoice, at every call."""
    order = read_order(world, params)
    renew(world, order, order.period)
    return True


async def suspend_order(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/suspend`: active ones only; its add-ons run on."""
    suspend(world, read_order(world, params), _reason(world, params))
    return True


async def unsuspend_order(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/unsuspend`: suspended ones only."""
    unsuspend(world, read_order(world, params))
    return True


async def cancel_order(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/cancel`: at once."""
    cancel(world, read_order(world, params), _reason(world, params))
    return True


def _reason(world: World, params: Parameters) -> str | None:
    check_short_text(world, "client_order", "reason", params.get("reason"))
    return params.text("reason")


async def uncancel_order(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/uncancel`: free of charge."""
    uncancel(world, read_order(world, params))
    return True


async def delete(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/delete`: its invoice stays open."""
    delete_order(world, read_order(world, params))
    return True


def delete_order(world: World, order: Order) -> None:
    """Remove an order."""
    close_open_invoices(world, order)
    world.data.orders.remove(order)
    world.log(f"Deleted order #{order.id}")
