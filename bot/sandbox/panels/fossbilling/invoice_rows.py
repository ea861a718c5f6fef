"""An invoice as it is read alone: with its lines, both parties and the orders it is about."""

from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.rows import (
    client_of_row,
    columns,
    line_row,
    number,
    serie_nr,
    sums,
)
from bot.sandbox.panels.fossbilling.state import Client, Invoice
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World


def invoice_row(world: World, invoice: Invoice) -> Json:
    """Return an invoice with everything."""
    row = columns(invoice)
    rate = row.pop("rate")
    client = world.client(invoice.client_id)
    settled = invoice.status == "paid"
    amounts = sums(world, invoice)
    income = invoice.subtotal() / invoice.rate if invoice.status in ("paid", "refunded") else 0.0
    return {
        **row,
        **amounts,
        **_subscription(invoice),
        "serie_nr": serie_nr(invoice),
        "currency_rate": f"{invoice.rate:.6f}" if settled else rate,
        "text_1": None,
        "text_2": None,
        "lines": [line_row(line) for line in invoice.lines],
        "buyer": _buyer(client),
        "seller": world.data.seller,
        "client": client_of_row(world, client.id),
        "reminded_at": None,
        "income": number(income),
        "refund": 0,
        "credit": 0,
        "orders": _orders(world, invoice),
    }


def _subscription(invoice: Invoice) -> Json:
    """Return the subscription that an invoice of one line with a period could begin."""
    period = invoice.lines[0].period if len(invoice.lines) == 1 else None
    if period is None:
        return {"subscribable": False}
    subscription = {"unit": period[1], "cycle": int(period[0]), "period": period}
    return {"subscribable": True, "subscription": subscription}


def _buyer(client: Client) -> Json:
    return {
        "first_name": client.first_name,
        "last_name": client.last_name,
        "company": client.company,
        "company_vat": client.company_vat,
        "company_number": None,
        "address": f"{client.address_1} ",
        "city": client.city,
        "state": None,
        "country": client.country,
        "phone": f"{client.phone_cc} {client.phone}",
        "phone_cc": "",
        "email": client.email,
        "zip": client.postcode,
    }


def _orders(world: World, invoice: Invoice) -> list[Json]:
    """Return the orders of the lines; deleted ones are left out."""
    products = {product["id"]: product for product in world.data.products}
    about = set(invoice.orders())
    return [
        {
            "id": order.id,
            "title": order.title,
            "expires_at": text(order.expires_at),
            "product_name": products[order.product_id]["title"],
            "product_type": order.service_type,
        }
        for order in world.data.orders
        if order.id in about
    ]
