"""Reminders: sent as things stand at that moment, redrawn when something in them is done."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

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
from billing.actions.renew import can_add, put_renewals
from billing.ports.outside import Delivery, Notifier
from billing.ports.reminders import DueDigest
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotFoundError
from billing.rules.hours import next_open
from billing.views.account import ClientInfo, Visitor
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
    """A digest's services and what their prices depend on: three statements."""
    cart = await uow.carts.get(client.id)
    in_cart = {line.service_id for line in cart.lines if line.service_id}
    rows = await uow.reminders.items_of(client.id, digest_id, user_id, also=in_cart)
    catalog = await uow.catalogs.current()
    owned = tuple({row[0].service.id: row[0] for row in rows}.values())
    planned = tuple((row[0].service, row[1], row[2]) for row in rows if row[1] and row[2])
    basis = make_basis(env, client, catalog, owned, language=language)
    return planned, DigestState(basis, cart, held_refs(owned))


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """A digest again, as its services stand now."""

    env: Environment

    async def __call__(
        self, visitor: Visitor, client: ClientInfo, digest_id: int | None, language: str
    ) -> Digest:
        """Read it, or the last one sent; NotFoundError if there is none of this user's."""
        async with self.env.work.reading() as uow:
            if digest_id is None:
                digest_id = await uow.reminders.latest(client.id, visitor.user_id)
            if digest_id is None:
                raise NotFoundError
            planned, state = await read_state(
                self.env, uow, client, digest_id, visitor.user_id, language=language
            )
        return _sent(make_digest(digest_id, visitor, client, planned, state, sent=True))


@dataclass(frozen=True, slots=True)
class AddFromDigest:
    """Put one service of a digest, or all of them, into the cart."""

    env: Environment

    async def __call__(
        self,
        visitor: Visitor,
        client: ClientInfo,
        digest_id: int,
        language: str,
        *,
        service_id: int | None = None,
    ) -> Digest:
        """Add what can be renewed and return the digest as it stands then.

        NotRenewableError or AlreadyInvoicedError say why one service cannot be added; of all of
        them, those that can are. What has been renewed since the reminder is left alone.
        """
        async with self.env.work.writing() as uow:
            planned, state = await read_state(
                self.env, uow, client, digest_id, visitor.user_id, language=language
            )
            wanted = _wanted(planned, state, service_id)
            cart = await put_renewals(
                uow, state.cart, state.basis, [(id_, None) for id_ in sorted(wanted)]
            )
            await uow.commit()
        state = replace(state, cart=cart)
        return _sent(make_digest(digest_id, visitor, client, planned, state, sent=True))


def _wanted(planned: tuple[Planned, ...], state: DigestState, service_id: int | None) -> set[int]:
    due = {service.id: service for service, day, _ in planned if service.next_due_date == day}
    if service_id is not None:
        return {service_id} & set(due)
    return {id_ for id_, service in due.items() if can_add(state.cart, state.basis, service)}


@dataclass(frozen=True, slots=True)
class RemoveFromDigest:
    """Take the renewal of a service of a digest out of the cart; absent is fine."""

    env: Environment

    async def __call__(
        self,
        visitor: Visitor,
        client: ClientInfo,
        digest_id: int,
        language: str,
        *,
        service_id: int,
    ) -> Digest:
        """Remove the line and return the digest as it stands then."""
        async with self.env.work.writing() as uow:
            planned, state = await read_state(
                self.env, uow, client, digest_id, visitor.user_id, language=language
            )
            line = state.cart.renewal_of(service_id)
            if line is not None:
                kept = [other for other in state.cart.lines if other.id != line.id]
                state = replace(state, cart=await uow.carts.save(state.cart, kept))
                await uow.commit()
        return _sent(make_digest(digest_id, visitor, client, planned, state, sent=True))


def _sent(digest: Digest | None) -> Digest:
    if digest is None:
        raise NotFoundError
    return digest
