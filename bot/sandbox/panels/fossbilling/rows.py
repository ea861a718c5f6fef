"""Rows as the API writes them, with the panel's columns in the panel's order."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.state import Client, Invoice, Line, Order
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World

_NEVER_SET_CLIENT = [
    "email_approved",
    "type",
    "company_number",
    "gender",
    "birthday",
    "address_2",
    "state",
    "lang",
    "timezone",
    "billing_email",
    "aid",
    "auth_type",
    "group_id",
    "ip",
    "notes",
    "group",
]
_NEVER_SET_ORDER = ["form_id", "promo_id", "promo_recurring", "promo_used", "referred_by"]
_CLIENT_OF_ROW = [
    "id",
    "email",
    "email_approved",
    "type",
    "company",
    "company_vat",
    "company_number",
    "first_name",
    "last_name",
    "gender",
    "birthday",
    "phone_cc",
    "phone",
    "address_1",
    "address_2",
    "city",
    "state",
    "postcode",
    "country",
    "currency",
    "lang",
    "timezone",
]


def number(value: float) -> float:
    """Return an amount as PHP writes it: without a fraction when it has none."""
    return int(value) if value == int(value) else value


def columns(row: Any) -> Json:
    """Return the fields of a row by name, dates as text and amounts as PHP writes them."""
    return {column.name: _written(getattr(row, column.name)) for column in fields(row)}


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return text(value)
    return number(value) if isinstance(value, float) else value


def client_row(world: World, client: Client) -> Json:
    """Return a client as lists of clients show them."""
    row = {**columns(client), **dict.fromkeys(_NEVER_SET_CLIENT)}
    del row["token"]
    return {**row, "balance": number(world.balance(client.id))}


def client_alone(world: World, client: Client) -> Json:
    """Return a client as staff read one: with the token in clear."""
    shown = {"api_token": client.token} if world.traps.token_shown else {}
    return {**client_row(world, client), **shown}


def client_of_row(world: World, client_id: int) -> Json:
    """Return the part of a client that orders and invoices carry."""
    row = client_row(world, world.client(client_id))
    return {name: row[name] for name in _CLIENT_OF_ROW}


def order_row(world: World, order: Order) -> Json:
    """Return an order as it stands among add-ons: without a plugin."""
    row = {**dict.fromkeys(_NEVER_SET_ORDER), **columns(order)}
    return {
        **row,
        # PHP writes an empty array for an empty object.
        "config": order.config or [],
        "meta": order.meta or [],
        "discount": number(order.discount or 0),
        "total": number(order.price * order.quantity),
        "active_tickets": 0,
        "client": client_of_row(world, order.client_id),
    }


def order_alone(world: World, order: Order) -> Json:
    """Return an order as it is read alone."""
    return {**order_row(world, order), "plugin": None}


def order_in_list(world: World, order: Order) -> Json:
    """Return an order as lists show it: its discount as it is kept, the client without balance."""
    client = client_row(world, world.client(order.client_id))
    del client["balance"]
    discount = None if order.discount is None else number(order.discount)
    return {**order_alone(world, order), "discount": discount, "client": client}


def line_row(line: Line) -> Json:
    """Return a line: its order as text, its tax always 0 although the invoice has one."""
    order = None if line.rel_id is None else str(line.rel_id)
    total = number(line.price * line.quantity)
    return {**columns(line), "tax": 0, "total": total, "order_id": order, "rel_id": order}


def sums(world: World, invoice: Invoice) -> Json:
    """Return what an invoice comes to: net, tax, total."""
    subtotal, tax = invoice.subtotal(), invoice.tax()
    exact = {"tax": tax, "subtotal": subtotal, "total": subtotal + tax}
    if not world.traps.float_artefacts:
        exact = {name: round(value, 2) for name, value in exact.items()}
    return {name: number(value) for name, value in exact.items()}


def invoice_summary(world: World, invoice: Invoice) -> Json:
    """Return an invoice as a list with `summary` shows it: no lines, no hash, no gateway."""
    row = columns(invoice)
    names = [
        "id",
        "serie",
        "nr",
        "client_id",
        "currency",
        "status",
        "due_at",
        "paid_at",
        "created_at",
        "updated_at",
        "approved",
    ]
    client = world.client(invoice.client_id)
    return {
        **{name: row[name] for name in names},
        **sums(world, invoice),
        "serie_nr": serie_nr(invoice),
        "client": {"id": client.id},
        "buyer": {name: getattr(client, name) for name in ("first_name", "last_name", "email")},
    }


def serie_nr(invoice: Invoice) -> str:
    """Return the number that people read; it changes when the invoice is paid."""
    return f"{invoice.serie or ''}{int(invoice.nr):05}"
