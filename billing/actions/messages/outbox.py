"""Sending the outbox: claimed in one transaction, sent with none open, marked in another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.messages import operator_chat
from billing.actions.messages.attempts import ATTEMPTS, GIVEN_UP, final_status, retry_delay
from billing.actions.messages.window import always, noted_down, send_in_window
from billing.ports.outbox import OPERATOR_CHAT, Outgoing, SentDigest
from billing.ports.outside import Delivery, Notifier
from billing.ports.work import UnavailableError, UnitOfWork
from billing.rules.allowed import EVERYTHING, Allowed
from billing.rules.lease import LEASE
from billing.rules.payments.invoices import Invoice
from billing.views.notices.money import MoneyCameLate, PartPaid, Receipt, ReminderUpdate
from billing.views.notices.notice import Notice, UnreadableNotice
from billing.views.notices.operator import (
    ClientMatter,
    PaidTooLate,
)
from billing.views.notices.work import ProformaPaid

log = logging.getLogger(__name__)

MOST_RECEIPTS = 5
"""So many are edited at once; whoever pays in more parts keeps a button that is out of date."""

Redraw = Callable[[UnitOfWork, Outgoing, ReminderUpdate], Awaitable[tuple[SentDigest, ...]]]


@dataclass(frozen=True, slots=True)
class SendOutbox:
    """Send what must go out once.

    `notifier` is asked for late: the bot starts after billing. `redraw` returns the reminders that
    a change has outdated, as they are to be read now.
    """

    env: Environment
    notifier: Callable[[], Notifier]
    redraw: Redraw
    in_flight: int = 4

    async def __call__(self, may_go_on: Callable[[], bool] = always) -> int:
        """Send until nothing is due, and return how many were claimed.

        Others are claimed as soon as one has gone, if they `may_go_on`: a slow chat holds up
        nobody but itself.
        """
        async with self.env.work.reading() as uow:
            if not await uow.outbox.has_due(self.env.now()):
                return 0
        return await send_in_window(self._turn, size=self.in_flight, may_go_on=may_go_on)

    async def _turn(
        self, ended: Iterable[asyncio.Task[None]], room: int
    ) -> set[asyncio.Task[None]]:
        """Begin as many as there is room for; those that have ended are noted down already."""
        _report(ended)
        if not room:
            return set()
        async with self.env.work.writing() as uow:
            now = self.env.now()
            claimed = await uow.outbox.claim(now, lease_until=now + LEASE, limit=room)
            await uow.commit()
        return {asyncio.create_task(self._send(outgoing)) for outgoing in claimed}

    async def _send(self, outgoing: Outgoing) -> None:
        delivery: Delivery | None = GIVEN_UP
        if outgoing.user_id is None:
            delivery = await self._tell_operator(outgoing)
        elif outgoing.attempts <= ATTEMPTS:
            delivery = await self._notify(outgoing)
        await noted_down(lambda: self._record(outgoing, delivery))

    async def _notify(self, outgoing: Outgoing) -> Delivery | None:
        """None when there is nothing to say any more."""
        filled = await self._fill(outgoing)
        return await self.notifier().notify(filled) if filled else None

    async def _tell_operator(self, outgoing: Outgoing) -> Delivery | None:
        """The same, for ever: what is addressed to the operator is never given up."""
        try:
            return await self._notify(outgoing)
        except UnavailableError:
            raise
        except Exception:
            log.exception("message %s for the operator could not be sent; once more", outgoing.id)
            return Delivery(retry_after=0)

    async def _record(self, outgoing: Outgoing, delivery: Delivery | None) -> None:
        now = self.env.now()
        async with self.env.work.writing() as uow:
            for_ever = outgoing.user_id is None
            if delivery is None:
                await uow.outbox.finish(outgoing.id, status="void", at=now)
            elif delivery.closed is not None:
                await operator_chat.close(uow, outgoing, delivery.closed, now)
            elif delivery.retry_after is not None and (for_ever or outgoing.attempts < ATTEMPTS):
                pause = retry_delay(outgoing.attempts, delivery.retry_after)
                await uow.outbox.defer(outgoing.id, until=now + pause)
            else:
                is_part = isinstance(outgoing.notice, PartPaid)
                await uow.outbox.finish(
                    outgoing.id,
                    status=final_status(delivery),
                    at=now,
                    message_id=delivery.message_id if is_part else None,
                )
                if delivery.unreachable and outgoing.user_id is not None:
                    await uow.users.set_unreachable(outgoing.user_id, delivery.unreachable)
            if outgoing.key == OPERATOR_CHAT and (delivery is None or delivery.message_id):
                await uow.outbox.open_chat()
            await uow.commit()

    async def _fill(self, outgoing: Outgoing) -> Outgoing | None:
        """Add what its sentence speaks of; None when nobody needs it any more."""
        notice, about = outgoing.notice, outgoing.client_id
        if isinstance(notice, ClientMatter):
            about = notice.client_id
        async with self.env.work.reading() as uow:
            rights = EVERYTHING
            if outgoing.user_id is None:
                completed = await operator_chat.fill(uow, outgoing, self.env.now())
                if completed is None:
                    return None
                outgoing = completed
            elif outgoing.client_id is not None:
                link = await _link_of(uow, outgoing.user_id, outgoing.client_id)
                if link is None:
                    return None
                rights, is_elsewhere = link
                outgoing = replace(outgoing, is_elsewhere=is_elsewhere)
            if about is not None:
                client, invoice = await uow.clients.get(about), await _invoice(uow, about, notice)
                allowed = self.env.allowed(client) & rights
                outgoing = replace(outgoing, client=client, invoice=invoice, allowed=allowed)
            if isinstance(notice, UnreadableNotice) and notice.topic == ReminderUpdate.topic:
                return None  # Nothing was to be sent, and nobody knows what to edit.
            if isinstance(notice, ReminderUpdate):
                return await self._redraw(uow, outgoing, notice)
        return outgoing

    async def _redraw(
        self, uow: UnitOfWork, outgoing: Outgoing, update: ReminderUpdate
    ) -> Outgoing | None:
        """What has become out of date of the user's messages; None when that is nothing."""
        redrawn = await self.redraw(uow, outgoing, update)
        parts = await uow.outbox.part_receipts(
            outgoing.user_id or 0, update.invoice_id, limit=MOST_RECEIPTS
        )
        if not redrawn and not parts:
            return None
        return replace(outgoing, redrawn=redrawn, part_receipts=parts)


async def _link_of(uow: UnitOfWork, user_id: int, client_id: int) -> tuple[Allowed, bool] | None:
    """What a user may do for a client, and whether they act for another one; None if unlinked."""
    linked = {one.client_id: one.rights for one in await uow.users.linked_clients(user_id)}
    if client_id not in linked:
        return None
    current = (await uow.users.visitor(user_id)).client
    return linked[client_id].allowed, current is not None and current.id != client_id


async def _invoice(
    uow: UnitOfWork, client_id: int, notice: Notice | UnreadableNotice
) -> Invoice | None:
    """The invoice, where the sentence names what was on it."""
    if isinstance(notice, Receipt | MoneyCameLate | PaidTooLate | ProformaPaid):
        return await uow.invoices.get(client_id, notice.invoice_id)
    return None


def _report(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Log what broke while sending: those messages are tried again, the others went out.

    UnavailableError if the database is away.
    """
    errors = [error for task in tasks if (error := task.exception())]
    for error in errors:
        if not isinstance(error, UnavailableError):
            log.error("a message could not be sent", exc_info=error)
    for error in errors:
        if isinstance(error, UnavailableError):
            raise error
