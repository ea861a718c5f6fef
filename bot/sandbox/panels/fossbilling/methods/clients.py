"""Clients and their balance, as staff see them."""

from secrets import token_hex

from bot.sandbox.panels.fossbilling.billing import add_funds
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import client_alone, client_row, columns
from bot.sandbox.panels.fossbilling.state import BalanceRow, Client
from bot.sandbox.panels.fossbilling.texts import check_text
from bot.sandbox.panels.fossbilling.world import World


async def get(world: World, params: Parameters, _caller: Caller) -> Json:
    """`client/get` by id or by the exact e-mail, whatever its capitals."""
    email = params.text("email")
    if email is None:
        return client_alone(world, world.client(params.id("id", "Client")))
    for client in world.data.clients:
        if client.email.lower() == email.lower():
            return client_alone(world, client)
    raise PanelError("Client not found")


async def get_list(world: World, params: Parameters, _caller: Caller) -> Json:
    """`client/get_list`: newest first; every filter finds a part of the text."""
    shown = [client for client in world.data.clients if _fits(client, params)]
    shown.sort(key=lambda client: client.created_at, reverse=True)
    return page_of(params, shown, lambda client: client_row(world, client))


def _fits(client: Client, params: Parameters) -> bool:
    name = f"{client.first_name} {client.last_name}"
    texts = {
        "email": client.email,
        "name": name,
        "company": client.company or "",
        "status": client.status or "",
        "search": f"{client.id}\n{client.email}\n{name}\n{client.company or ''}",
    }
    sought = {field: params.text(field) for field in texts}
    return params.number("id") in (None, client.id) and all(
        part is None or part.lower() in texts[field].lower() for field, part in sought.items()
    )


async def balance_list(world: World, params: Parameters, _caller: Caller) -> Json:
    """`client/balance_get_list`: newest first, amounts as text."""
    client_id = params.number("client_id")
    rows = [r for r in reversed(world.data.balances) if client_id in (None, r.client_id)]
    return page_of(params, rows, lambda row: _balance_row(world, row))


def _balance_row(world: World, row: BalanceRow) -> Json:
    shown = {**columns(row), "amount": f"{row.amount:.2f}"}
    del shown["client_id"]
    return {**shown, "currency": world.client(row.client_id).currency}


async def add_to_balance(world: World, params: Parameters, _caller: Caller) -> bool:
    """`client/balance_add_funds`: no reference, so twice is twice; negative amounts too."""
    client = world.client(params.id("id", "Client"))
    amount, description = params.amount("amount"), params.text("description")
    if amount is None:
        raise PanelError("Amount was not passed")
    if description is None:
        raise PanelError("Description was not passed")
    check_text(world, "client_balance", "description", description)
    await world.pause()
    add_funds(world, client.id, amount, description)
    return True


async def reset_token(world: World, params: Parameters, _caller: Caller) -> str:
    """`profile/api_key_reset`: a client's new token; the old one opens nothing from then on."""
    client = world.client(params.id("id", "Client"))
    client.token = token_hex(16)
    return client.token
