"""Sending reminders: as things stand at that moment, within the recipient's hours."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from billing.actions.basis import make_basis
from billing.actions.digest import DigestState, Planned, held_refs, make_digest
from billing.actions.environment import Environment
from billing.actions.notify import (
    ATTEMPTS,
    GIVEN_UP,
    LEASE,
    final_status,
    report,
    retry_delay,
)
from billing.ports.outside import Delivery, Notifier
from billing.ports.reminders import DueDigest
from billing.ports.work import UnitOfWork
from billing.rules.hours import next_open
from billing.views.account import ClientInfo
from billing.views.reminders import Digest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SendDigests:
    """Send the digests whose time has come."""

    env: Environment
    notifier: Callable[[], Notifier]
    in_flight: int = 4

    async def __call__(self) -> int:
        """Send what is due and return how many were claimed; nothing on a day not planned yet."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            if not await uow.reminders.is_planned(self.env.today()):
                return 0
            claimed = await uow.reminders.claim(now, lease_until=now + LEASE, limit=self.in_flight)
            await uow.commit()
        sent = await asyncio.gather(*map(self._send, claimed), return_exceptions=True)
        report(log, sent)
        return len(claimed)

    async def _send(self, due: DueDigest) -> None:
        if due.attempts > ATTEMPTS:
            return await self._record(due, GIVEN_UP)
        async with self.env.work.reading() as uow:
            digest = await read_digest(self.env, uow, due)
        now = self.env.now()
        opens = now
        if digest is not None:
            opens = next_open(due.client_id, self.env.zone(digest.timezone), now)
        if opens > now:
            async with self.env.work.writing() as uow:
                await uow.reminders.postpone(due.id, until=opens)
                return await uow.commit()
        delivery = await self.notifier().digest(digest) if digest else None
        return await self._record(due, delivery)

    async def _record(self, due: DueDigest, delivery: Delivery | None) -> None:
        now = self.env.now()
        async with self.env.work.writing() as uow:
            if delivery is None:
                await uow.reminders.finish(due.id, status="void", at=now)
            elif delivery.retry_after is not None and due.attempts < ATTEMPTS:
                pause = retry_delay(due.attempts, delivery.retry_after)
                await uow.reminders.defer(due.id, until=now + pause)
            else:
                await uow.reminders.finish(
                    due.id, status=final_status(delivery), at=now, message_id=delivery.message_id
                )
                if delivery.blocked:
                    await uow.users.set_blocked(due.user_id, blocked=True)
            await uow.commit()


async def read_digest(env: Environment, uow: UnitOfWork, due: DueDigest) -> Digest | None:
    """A digest as it stands; None when nobody wants it any more or nothing in it is due."""
    if not await uow.users.reminders_on(due.user_id, due.client_id):
        return None
    visitor = await uow.users.visitor(due.user_id)
    client = await uow.clients.get(due.client_id)
    if client is None:
        return None
    language = visitor.language or client.language
    planned, state = await read_state(env, uow, client, due.id, due.user_id, language=language)
    return make_digest(due.id, visitor, client, planned, state)


async def read_state(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    digest_id: int,
    user_id: int,
    *,
    language: str,
) -> tuple[tuple[Planned, ...], DigestState]:
    """A digest's services and what their prices depend on: two statements."""
    cart = await uow.carts.get(client.id)
    in_cart = {line.service_id for line in cart.lines if line.service_id}
    rows = await uow.reminders.items_of(client.id, digest_id, user_id, also=in_cart)
    catalog = await uow.catalogs.current()
    owned = tuple({row[0].service.id: row[0] for row in rows}.values())
    planned = tuple((row[0].service, row[1], row[2]) for row in rows if row[1] and row[2])
    basis = make_basis(env, client, catalog, owned, language=language)
    return planned, DigestState(basis, cart, held_refs(owned))
