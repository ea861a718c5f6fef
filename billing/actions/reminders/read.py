"""Reading digests as things stand: many for sending, or one that is drawn again."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from billing.actions.environment import Environment
from billing.actions.reminders.digest import DrawnDigest, draw_digest
from billing.actions.reminders.digest_items import DigestInputs
from billing.actions.reminders.stale import read_freshness
from billing.actions.shop.pricing_inputs import make_pricing_inputs
from billing.ports.reminders.digests import DigestEntry, DueDigest, Reader
from billing.ports.work import UnitOfWork
from billing.rules.shop.cart import Cart
from billing.rules.shop.catalog import Catalog
from billing.views.account import ClientInfo, Visitor
from billing.views.services import OwnedService

log = logging.getLogger(__name__)


async def read_digests(
    env: Environment,
    uow: UnitOfWork,
    catalog: Catalog,
    due_digests: Sequence[DueDigest],
    *,
    sent: bool = False,
) -> dict[int, DrawnDigest]:
    """Digests by their ids, in as many statements for many as for one.

    One that cannot be drawn is left out: it must not keep the others from going out.
    """
    readers = await uow.digests.readers([due.id for due in due_digests])
    carts = await uow.carts.by_client({due.client_id for due in due_digests})
    in_cart = {line.service_id for cart in carts.values() for line in cart.lines}
    contents = await uow.digests.contents(
        [(due.id, due.client_id, due.user_id) for due in due_digests],
        also=[service_id for service_id in in_cart if service_id is not None],
    )
    entries: dict[int, list[DigestEntry]] = defaultdict(list)
    for entry in contents.entries:
        entries[entry.digest_id].append(entry)
    services: dict[int, list[OwnedService]] = defaultdict(list)
    for own_service in contents.own_services:
        services[own_service.service.client_id].append(own_service)
    drawn_digests = {}
    freshness = await read_freshness(env, uow)
    for due in due_digests:
        reader, cart = readers[due.id], carts.get(due.client_id) or Cart(due.client_id, 0)
        try:
            inputs = make_digest_inputs(
                env, reader, cart, catalog, entries[due.id], services[due.client_id],
                send_at=due.send_at,
            )  # fmt: skip
            drawn = draw_digest(due.id, reader, inputs, sent=sent)
            drawn_digests[due.id] = replace(drawn, as_of=freshness.as_of(reader.client))
        except Exception:
            log.exception("reminder %s cannot be drawn", due.id)
    return drawn_digests


async def read_digest_inputs(
    env: Environment,
    uow: UnitOfWork,
    visitor: Visitor,
    client: ClientInfo,
    digest_id: int,
    *,
    language: str,
) -> tuple[Reader, DigestInputs]:
    """A sent digest for the one who taps on it: two statements."""
    cart, catalog = await uow.carts.get_with_catalog(client.id)
    in_cart = [line.service_id for line in cart.lines if line.service_id]
    contents = await uow.digests.contents([(digest_id, client.id, visitor.user_id)], also=in_cart)
    acts_for = visitor.client.id if visitor.client else None
    reader = Reader(visitor.user_id, client, language, visitor.timezone, acts_for)
    inputs = make_digest_inputs(
        env, reader, cart, catalog, contents.entries, contents.own_services
    )
    return replace(reader, language=visitor.language), inputs


def make_digest_inputs(
    env: Environment,
    reader: Reader,
    cart: Cart,
    catalog: Catalog,
    entries: Iterable[DigestEntry],
    own_services: Sequence[OwnedService],
    *,
    send_at: datetime | None = None,
) -> DigestInputs:
    """What one digest is drawn from; `send_at` is when it was meant to go out."""
    client = reader.client
    language = reader.language or client.language
    pricing = make_pricing_inputs(env, client, catalog, own_services, language=language)
    invoices = {
        one.service.id: one.on_invoice for one in own_services if one.on_invoice is not None
    }
    send_day = send_at.astimezone(env.terms.timezone).date() if send_at else date.min
    has_credit = env.capabilities.credit
    return DigestInputs(tuple(entries), pricing, cart, invoices, send_day, has_credit=has_credit)
