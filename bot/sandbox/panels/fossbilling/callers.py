"""Who calls: HTTP Basic with the role as the user's name and a token as the password."""

import base64
import binascii
from dataclasses import dataclass

from bot.sandbox.panels.fossbilling.errors import not_authenticated
from bot.sandbox.panels.fossbilling.state import Client
from bot.sandbox.panels.fossbilling.world import World

ROLES = ("guest", "client", "admin")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls; `client_id` is 0 unless a client does."""

    role: str
    client_id: int = 0


def caller_of(world: World, role: str, *, authorization: str, admin_token: str) -> Caller:
    """Return the caller of a route of `role`, or refuse with the code that tells why."""
    if role == "guest":
        return Caller(role)
    user, password = _credentials(authorization)
    if user not in ("admin", "client"):
        raise not_authenticated(201)
    if not password:
        raise not_authenticated(202)
    if user != role:
        raise not_authenticated(203)
    if role == "admin":
        if password != admin_token:
            raise not_authenticated(205)
        return Caller(role)
    client = _client_with(world, password)
    if client is None or client.status != "active":
        raise not_authenticated(204)
    return Caller(role, client.id)


def _client_with(world: World, token: str) -> Client | None:
    return next((client for client in world.data.clients if client.token == token), None)


def _credentials(authorization: str) -> tuple[str, str]:
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    user, _, password = decoded.partition(":")
    return user, password
