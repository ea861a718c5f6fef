"""Reading digests as things stand: many for sending, or one that is drawn again."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from billing.actions.environment import Environment
from billing.actions.reminders.digest import DigestState, Drawn, draw_digest, held_refs
from billing.actions.shop.pricing_inputs import make_basis
from billing.ports.digests import Contents, DigestEntry, DueDigest, Reader
from billing.ports.work import UnitOfWork
from billing.rules.cart import Cart
from billing.rules.catalog import Catalog
from billing.views.account import ClientInfo, Visitor
from billing.views.services import OwnedService

log = logging.getLogger(__name__)


async def read_digests(
    env: Environment,
    uow: UnitOfWork,
    catalog: Catalog,
    dues: Sequence[DueDigest],
    *,
    sent: bool = False,
) -> dict[int, Drawn]:
    """Digests by their ids, in as many statements for many as for one.

    One that cannot be drawn is left out: it must not keep the others from going out.
    """
    readers = await uow.digests.readers([due.id for due in dues])
    carts = await uow.carts.of({due.client_id for due in dues})
    in_cart = {line.service_id for cart in carts.values() for line in cart.lines}
    contents = await uow.digests.contents(
        [(due.id, due.client_id, due.user_id) for due in dues],
        also=[number for number in in_cart if number is not None],
    )
    drawn = {}
    for due, mine, owned in _divided(dues, contents):
        reader = readers[due.id]
        cart = carts.get(due.client_id) or Cart(due.client_id, 0)
        try:
            state = make_state(env, reader, cart, catalog, mine, owned, send_at=due.send_at)
            drawn[due.id] = draw_digest(due.id, reader, state, sent=sent)
        except Exception:
            log.exception("reminder %s cannot be drawn", due.id)
    return drawn


async def read_state(
    env: Environment,
    uow: UnitOfWork,
    visitor: Visitor,
    client: ClientInfo,
    digest_id: int,
    *,
    language: str,
) -> tuple[Reader, DigestState]:
    """A sent digest for the one who taps on it: two statements."""
    cart, catalog = await uow.carts.get_with_catalog(client.id)
    in_cart = [line.service_id for line in cart.lines if line.service_id]
    contents = await uow.digests.contents([(digest_id, client.id, visitor.user_id)], also=in_cart)
    acts_for = visitor.client.id if visitor.client else None
    reader = Reader(visitor.user_id, client, language, visitor.timezone, acts_for)
    state = make_state(env, reader, cart, catalog, contents.entries, contents.owned)
    return replace(reader, language=visitor.language), state


def make_state(
    env: Environment,
    reader: Reader,
    cart: Cart,
    catalog: Catalog,
    entries: Iterable[DigestEntry],
    owned: Sequence[OwnedService],
    *,
    send_at: datetime | None = None,
) -> DigestState:
    """What one digest is drawn from; `send_at` is when it was meant to go out."""
    client = reader.client
    language = reader.language or client.language
    basis = make_basis(env, client, catalog, owned, language=language)
    send_day = send_at.astimezone(env.terms.timezone).date() if send_at else date.min
    return DigestState(tuple(entries), basis, cart, held_refs(owned), send_day)


def _divided(
    dues: Sequence[DueDigest], contents: Contents
) -> Iterable[tuple[DueDigest, list[DigestEntry], list[OwnedService]]]:
    entries: Mapping[int, list[DigestEntry]] = {due.id: [] for due in dues}
    for entry in contents.entries:
        entries[entry.digest_id].append(entry)
    owned: dict[int, list[OwnedService]] = {due.client_id: [] for due in dues}
    for one in contents.owned:
        owned[one.service.client_id].append(one)
    for due in dues:
        yield due, entries[due.id], owned[due.client_id]
