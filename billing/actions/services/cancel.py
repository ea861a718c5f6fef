"""Cancellation: asked for by the client, decided by the operator, carried out on its day."""

from dataclasses import dataclass, replace
from datetime import date

from billing.actions.environment import Environment
from billing.actions.shop.names import LABEL_MAX
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError, InvalidInputError, NotFoundError
from billing.rules.services import CANCELLABLE, Service, ServiceStatus
from billing.views.account import ClientInfo
from billing.views.notices.operator import CancellationRequested, CancellationWithdrawn
from billing.views.notices.services import (
    CancellationAccepted,
    CancellationRejected,
    ServiceCancelled,
    name_service,
)
from billing.views.services import Cancellation, CancellationStatus, CancelWhen

REASON_MAX = LABEL_MAX * 10
BATCH = 100


@dataclass(frozen=True, slots=True)
class RequestCancellation:
    """Ask the company to cancel a service, now or at the end of its period."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, service_id: int, *, when: CancelWhen, reason: str
    ) -> Cancellation:
        """Store the request; asking again returns the open one.

        NotAllowedError for a client who may not cancel.
        """
        self.env.allowed(client).check_cancel()
        reason = reason.strip()
        if len(reason) > REASON_MAX:
            raise InvalidInputError("reason_too_long", limit=REASON_MAX)
        now, today = self.env.now(), self.env.today()
        async with self.env.work.writing(client.id) as uow:
            service = await _cancellable(uow, client, service_id)
            made = await uow.cancellations.add(
                client.id,
                service_id,
                when=when,
                reason=reason,
                at=now,
                effective_on=effective_on(service, when, today),
            )
            if made is None:
                return await _open_one(uow, client, service_id)
            await uow.outbox.add([_tell_operator(made, service)], at=now)
            await uow.commit()
        return made


async def _cancellable(uow: UnitOfWork, client: ClientInfo, service_id: int) -> Service:
    service = await uow.services.get(client.id, service_id)
    if service is None:
        raise NotFoundError
    if service.status not in CANCELLABLE:
        raise BillingError("not_cancellable", status=service.status)
    return service


async def _open_one(uow: UnitOfWork, client: ClientInfo, service_id: int) -> Cancellation:
    there = await uow.cancellations.open_for(client.id, service_id)
    if there is None:
        raise BillingError("try_again")
    return there


def effective_on(service: Service, when: CancelWhen, today: date) -> date:
    """The day a cancellation takes effect if it is accepted."""
    if when is CancelWhen.NOW or service.next_due_date is None:
        return today
    return max(today, service.next_due_date)


def _tell_operator(made: Cancellation, service: Service) -> Notification:
    request = CancellationRequested(
        made.client_id, made.id, name_service(service), made.when, made.reason
    )
    return Notification(f"cancellation:{made.id}", request)


@dataclass(frozen=True, slots=True)
class WithdrawCancellation:
    """Take the request back while it has not taken effect; again changes nothing."""

    env: Environment

    async def __call__(self, client: ClientInfo, service_id: int) -> bool:
        """Withdraw; False if there was none open, NotFoundError without such a service.

        NotAllowedError for a client who may not cancel.
        """
        self.env.allowed(client).check_cancel()
        async with self.env.work.writing(client.id) as uow:
            there = await uow.cancellations.open_for(client.id, service_id)
            if there is None:
                if await uow.services.get(client.id, service_id) is None:
                    raise NotFoundError
                return False
            done = await uow.cancellations.decide(there.id, CancellationStatus.WITHDRAWN)
            withdrawn = CancellationWithdrawn(client.id, there.id)
            note = Notification(f"withdrawn:{there.id}", withdrawn)
            await uow.outbox.add([note], at=self.env.now())
            await uow.commit()
        return done


@dataclass(frozen=True, slots=True)
class DecideCancellation:
    """The operator accepts or rejects a request; the client is told either way."""

    env: Environment

    async def __call__(self, cancellation_id: int, *, accept: bool, by: Actor) -> Cancellation:
        """Decide; NotFoundError or BillingError("already_decided")."""
        async with self.env.work.writing() as uow:
            asked = await _lock_request(uow, cancellation_id)
            service = await uow.services.get(asked.client_id, asked.service_id)
            if service is None:
                raise NotFoundError
            status = CancellationStatus.ACCEPTED if accept else CancellationStatus.REJECTED
            waits = asked.status is CancellationStatus.REQUESTED
            if not waits or not await uow.cancellations.decide(asked.id, status):
                raise BillingError("already_decided", id=asked.id, status=asked.status)
            await uow.outbox.add([_tell_client(asked, service, accept)], at=self.env.now())
            if accept and asked.when is CancelWhen.NOW:
                await end_service(uow, service)
                await uow.cancellations.decide(asked.id, CancellationStatus.DONE)
            done = Audited.ACCEPT_CANCELLATION if accept else Audited.REJECT_CANCELLATION
            about = f"{service.title} {service.domain}".strip()
            await uow.audit.add(by, done, f"request {asked.id}", at=self.env.now(), note=about)
            await uow.commit()
        return replace(asked, status=status)


async def _lock_request(uow: UnitOfWork, cancellation_id: int) -> Cancellation:
    """A request as it stands once its client is locked."""
    asked = await uow.cancellations.get(cancellation_id)
    if asked is not None:
        await uow.lock_client(asked.client_id)
        asked = await uow.cancellations.get(cancellation_id)
    if asked is None:
        raise NotFoundError("no_such_cancellation", id=cancellation_id)
    return asked


def _tell_client(asked: Cancellation, service: Service, accept: bool) -> Notification:
    key, named = f"decided:{asked.id}", name_service(service)
    if not accept:
        return Notification(key, CancellationRejected(named), client_id=service.client_id)
    accepted = CancellationAccepted(named, asked.when, asked.effective_on)
    return Notification(key, accepted, client_id=service.client_id)


async def end_service(uow: UnitOfWork, service: Service) -> None:
    """Cancel a service together with its add-ons, as far as they have not ended otherwise."""
    family = [service, *await uow.services.addons_of(service.id)]
    ended = [
        replace(member, status=ServiceStatus.CANCELLED, suspended_for=None)
        for member in family
        if member.is_live
    ]
    await uow.services.save(ended)


@dataclass(frozen=True, slots=True)
class EndCancelled:
    """Carry out accepted cancellations whose day has come; a tick may call it at any time.

    A panel that does not leave sweeps to us ends its services itself.
    """

    env: Environment

    async def __call__(self) -> int:
        """Cancel what is due and return how many."""
        if not self.env.capabilities.sweeps:
            return 0
        async with self.env.work.reading() as uow:
            due = await uow.cancellations.due(self.env.today(), limit=BATCH)
        return sum([await self._end(asked) for asked, _ in due])

    async def _end(self, asked: Cancellation) -> bool:
        """Carry out one; False if it was withdrawn or carried out meanwhile."""
        async with self.env.work.writing(asked.client_id) as uow:
            if not await uow.cancellations.decide(asked.id, CancellationStatus.DONE):
                return False
            service = await uow.services.get(asked.client_id, asked.service_id)
            if service is None:
                return False
            await end_service(uow, service)
            await uow.outbox.add([_ended(asked, service)], at=self.env.now())
            await uow.commit()
        return True


def _ended(asked: Cancellation, service: Service) -> Notification:
    cancelled = ServiceCancelled(name_service(service))
    return Notification(f"cancelled:{asked.id}", cancelled, client_id=service.client_id)
