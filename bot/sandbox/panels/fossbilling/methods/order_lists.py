"""The list of orders: who is in it, and how it lies about its length."""

import re

from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import order_in_list
from bot.sandbox.panels.fossbilling.state import Order
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World

_NUMBERS = ("id", "client_id", "product_id", "promo_id")
_TEXTS = ("status", "period", "invoice_option", "title", "service_type")


async def get_list(world: World, params: Parameters, _caller: Caller) -> Json:
    """`order/get_list`: newest first; unknown parameters are ignored, add-ons hidden."""
    shown = [
        order
        for order in reversed(world.data.orders)
        if (order.group_master or not world.traps.addons_hidden) and _wanted(world, order, params)
    ]
    return _page(world, params, shown)


async def own_list(world: World, params: Parameters, caller: Caller) -> Json:
    """`client/order/get_list`: all of one's own, the add-ons too."""
    shown = [
        order
        for order in reversed(world.data.orders)
        if order.client_id == caller.client_id and _wanted(world, order, params)
    ]
    return _page(world, params, shown)


def _page(world: World, params: Parameters, orders: list[Order]) -> Json:
    """Return a page; an order with several rows of meta is there as often, and counted so."""
    if world.traps.meta_counted and not isinstance(params.get("meta"), dict):
        orders = [order for order in orders for _ in range(max(1, len(order.meta)))]
    return page_of(params, orders, lambda order: order_in_list(world, order))


def _wanted(world: World, order: Order, params: Parameters) -> bool:
    return _fits(order, params) and _found(world, order, params) and _has_meta(order, params)


def _fits(order: Order, params: Parameters) -> bool:
    """Compare the filters that are columns; dates are those of the creation, by whole days."""
    created = text(order.created_at) or ""
    first, last = params.text("date_from"), params.text("date_to")
    return (
        all(params.number(n) in (None, getattr(order, n, None)) for n in _NUMBERS)
        and all(params.text(n) in (None, getattr(order, n)) for n in _TEXTS)
        and (first is None or created[:10] >= first[:10])
        and (last is None or created[:10] <= last[:10])
    )


def _found(world: World, order: Order, params: Parameters) -> bool:
    """Compare `search`: a number is an id, else a part of a title or a name."""
    sought = params.text("search")
    if sought is None:
        return True
    if sought.isdecimal():
        return order.id == int(sought)
    client = world.client(order.client_id)
    texts = (order.title, client.first_name, client.last_name)
    return any(sought.lower() in each.lower() for each in texts)


def _has_meta(order: Order, params: Parameters) -> bool:
    """Compare `meta`: one key, the value's beginning, with the database's wildcards."""
    meta = params.get("meta")
    if not isinstance(meta, dict):
        return True
    if len(meta) != 1:
        return False
    ((name, sought),) = meta.items()
    pattern = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in str(sought))
    return re.match(pattern, order.meta.get(name, "\0"), re.IGNORECASE | re.DOTALL) is not None
