"""Orders made and changed by staff; the panel checks little."""

from bot.sandbox.panels.fossbilling.billing import (
    execute,
    new_invoice,
    order_line,
    pending,
    settle,
)
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.methods.orders import read_order
from bot.sandbox.panels.fossbilling.parameters import Parameters, loose_int
from bot.sandbox.panels.fossbilling.services import set_up
from bot.sandbox.panels.fossbilling.state import Client, Order
from bot.sandbox.panels.fossbilling.texts import check_short_text, check_text
from bot.sandbox.panels.fossbilling.times import check_period
from bot.sandbox.panels.fossbilling.world import World, new_group

_TEXTS = ("title", "invoice_option", "status", "period")
_TEXTS_OR_NONE = ("reason", "notes")
_DATES = ("expires_at", "activated_at", "created_at")


async def create(world: World, params: Parameters, _caller: Caller) -> int:
    """`order/create`: nothing tells two equal calls apart, so twice is two orders."""
    client = world.client(params.id("client_id", "Client"))
    product = world.product(params.id("product_id", "Product"))
    _check_texts(world, params)
    order = _new_order(world, params, client=client, product=product)
    await world.pause()
    world.data.orders.append(order)
    order.id = world.next_id(world.data.orders[:-1], "orders")
    world.log(f"Created order #{order.id}")
    if order.invoice_option == "issue-invoice":
        _issue_invoice(world, order)
    if params.truth("activate"):
        set_up(world, order)
    return order.id


def _new_order(world: World, params: Parameters, *, client: Client, product: Json) -> Order:
    period = _period(params, product)
    config = params.get("config")
    meta = params.get("meta")
    group, master = _group(world, params, client=client, product=product)
    _check_config(product, config)
    chosen = {"period": period} if period else {}
    return Order(
        id=0,
        client_id=client.id,
        product_id=product["id"],
        group_id=group,
        group_master=master,
        invoice_option=params.text("invoice_option") or "no-invoice",
        title=params.text("title") or product["title"],
        currency=client.currency,
        service_type=product["type"],
        period=period,
        quantity=max(1, loose_int(params.get("quantity") or 1)),
        unit=product["unit"],
        price=_price(world, params, product=product, client=client, period=period),
        notes=params.text("notes"),
        config={**(config if isinstance(config, dict) else {}), **chosen},
        created_at=world.read_date(params.get("created_at")) or world.now(),
        updated_at=world.now(),
        meta={str(k): str(v) for k, v in meta.items()} if isinstance(meta, dict) else {},
    )


def _period(params: Parameters, product: Json) -> str | None:
    """Return the period, which a recurrent product needs."""
    period = params.text("period")
    recurrent = product["pricing"].get("type") == "recurrent"
    if period is None:
        if recurrent:
            raise PanelError("Period parameter not passed")
        return None
    check_period(period)
    if recurrent and period not in product["pricing"]["recurrent"]:
        raise PanelError(f"Unknown period selected {period}")
    return period


def _group(world: World, params: Parameters, *, client: Client, product: Json) -> tuple[str, int]:
    """Return the order's group and whether it leads it; an add-on needs its parent's group."""
    group = params.text("group_id")
    if group is None:
        if product["product_category_id"] is None:
            raise PanelError("Group ID parameter is missing for addon product order", 832)
        return new_group(), 1
    orders = world.data.orders
    if not any(o.group_id == group and o.client_id == client.id for o in orders):
        raise PanelError(f"Parent order {group} was not found")
    return group, 0


def _check_config(product: Json, config: object) -> None:
    if product["type"] == "hosting" and not (isinstance(config, dict) and "domain" in config):
        raise PanelError("Hosting product must have domain configuration")


def _price(
    world: World, params: Parameters, *, product: Json, client: Client, period: str | None
) -> float:
    """Return the price for one in the client's currency; `price` is taken as it was sent."""
    sent = params.amount("price")
    if sent is not None:
        if sent < 0:
            raise PanelError("Price must not be negative")
        return sent
    return round(_list_price(world, params, product, period) * world.rate(client.currency), 2)


def _list_price(world: World, params: Parameters, product: Json, period: str | None) -> float:
    pricing = product["pricing"]
    if product["type"] == "domain":
        return _domain_price(params, pricing)
    if pricing["type"] != "recurrent":
        return float(pricing[pricing["type"]]["price"])
    offer = pricing["recurrent"][period]
    if not offer["enabled"] and not world.traps.disabled_period_free:
        raise PanelError(f"Period {period} is not offered")
    return float(offer["price"])


def _domain_price(params: Parameters, pricing: Json) -> float:
    config = params.get("config")
    tld = config.get("register_tld") if isinstance(config, dict) else None
    if tld not in pricing:
        raise PanelError("TLD not found")
    return float(pricing[tld]["price_registration"])


def _issue_invoice(world: World, order: Order) -> None:
    """Write the order's invoice; one of nothing is paid inside the call."""
    task = "renew" if world.traps.new_orders_renew else "activate"
    invoice = new_invoice(world, order.client_id, [order_line(world, order, task=task)])
    order.unpaid_invoice_id = invoice.id
    world.log(f"Approved invoice {invoice.id}.")
    if invoice.subtotal() == 0:
        settle(world, invoice)
        execute(world, invoice, pending(invoice))


async def update(world: World, params: Parameters, _caller: Caller) -> bool:
    """`order/update`: columns only; a status is written and nothing happens to the service."""
    order = read_order(world, params)
    _check_texts(world, params)
    price = params.amount("price")
    dates = {name: world.read_date(params.get(name)) for name in _DATES if name in params}
    for name in (*_TEXTS, *_TEXTS_OR_NONE):
        sent = params.text(name)
        if sent is not None or (name in params and name in _TEXTS_OR_NONE):
            setattr(order, name, sent)
    for name, moment in dates.items():
        setattr(order, name, moment)
    if price is not None:
        order.price = price
    if "meta" in params:
        _merge_meta(order, params.get("meta"))
    order.updated_at = world.now()
    world.log(f"Update order #{order.id}")
    return True


def _merge_meta(order: Order, meta: object) -> None:
    """Add rows of meta; an empty object or list removes all."""
    if isinstance(meta, dict) and meta:
        order.meta.update({str(name): str(value) for name, value in meta.items()})
    else:
        order.meta.clear()


def _check_texts(world: World, params: Parameters) -> None:
    for name in ("title", "reason"):
        check_short_text(world, "client_order", name, params.get(name))
    check_text(world, "client_order", "notes", params.get("notes"))
    check_text(world, "client_order_meta", "value", params.get("meta"))
