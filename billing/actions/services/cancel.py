"""Cancellation: asked for by the client, decided by the operator, carried out on its day."""

from dataclasses import dataclass, replace
from datetime import date

from billing.actions.environment import Environment
from billing.actions.services import cancellation_notices as notices
from billing.actions.shop.names import LABEL_MAX
from billing.actions.tasks.open import open_cancellation_task
from billing.ports.outbox import Notification
from billing.ports.panel import Panel
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError, InvalidInputError, NotAllowedError, NotFoundError
from billing.rules.services.service import CANCELLABLE, Service, ServiceStatus
from billing.rules.work import WorkKind
from billing.views.account import ClientInfo
from billing.views.services import Cancellation, CancellationStatus, CancelWhen

THE_CLIENT = Actor("the client")
"""Who has withdrawn what the company had to do."""

REASON_MAX = LABEL_MAX * 10
BATCH = 100


@dataclass(frozen=True, slots=True)
class RequestCancellation:
    """Ask the company to cancel a service, now or at the end of its period."""

    env: Environment
    panel: Panel

    async def __call__(
        self,
        client: ClientInfo,
        service_id: int,
        *,
        when: CancelWhen,
        reason: str,
        user_id: int | None = None,
    ) -> Cancellation:
        """Store the request; asking again returns the open one.

        Every user of the account is told, except the one who asks.
        NotAllowedError for a client who may not cancel.

        With a connected panel, what it cannot do by itself is a task for the company, whether it
        answers or not; where the panel ends it, the errors of `check_panel_answers`.
        """
        self.env.allowed(client).check_cancel()
        self.env.check_fresh(client)
        reason = check_reason(reason)
        now, today = self.env.now(), self.env.today()
        async with self.env.work.writing(client.id) as uow:
            service = await _cancellable(uow, client, service_id)
            cancellation = await uow.cancellations.add(
                client.id,
                service_id,
                when=when,
                reason=reason,
                at=now,
                effective_on=effective_on(service, when, today),
            )
            if cancellation is None:
                return await _open_one(uow, client, service_id)
            if self.env.capabilities.ends(when):
                await self.env.check_panel_answers(uow, client)
            notes = await self._hand_over(uow, cancellation, service, user_id)
            await uow.outbox.add(notes, at=now)
            await uow.commit()
        return cancellation

    async def _hand_over(
        self, uow: UnitOfWork, cancellation: Cancellation, service: Service, user_id: int | None
    ) -> list[Notification]:
        """Give it to the panel, or to the company's people; return what is to be said of it."""
        now, can, task_id = self.env.now(), self.env.capabilities, None
        ends_it = can.ends(cancellation.when)
        if not can.deferred or ends_it:
            await self.panel.cancel(uow, cancellation, now=now)
        else:
            task_id = await open_cancellation_task(uow, cancellation, service, at=now)
        return notices.tell_of_request(
            cancellation,
            service,
            user_id,
            task_id=task_id,
            ends_it=ends_it,
            can_withdraw=can.takes_back(cancellation.when),
        )


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


def effective_on(service: Service, when: CancelWhen, today: date) -> date | None:
    """The day a cancellation takes effect if it is accepted; None while that is not known."""
    if when is CancelWhen.PERIOD_END and service.has_unknown_due_date:
        return None
    if when is CancelWhen.NOW or service.next_due_date is None:
        return today
    return max(today, service.next_due_date)


def check_reason(reason: str) -> str:
    """The reason without spaces around it; InvalidInputError if it is too long."""
    reason = reason.strip()
    if len(reason) > REASON_MAX:
        raise InvalidInputError("reason_too_long", limit=REASON_MAX)
    return reason


@dataclass(frozen=True, slots=True)
class WithdrawCancellation:
    """Take the request back while it has not taken effect; again changes nothing."""

    env: Environment
    panel: Panel

    async def __call__(
        self, client: ClientInfo, service_id: int, *, user_id: int | None = None
    ) -> bool:
        """Withdraw; False if there was none open, NotFoundError without such a service.

        Every user of the account is told, except the one who does it.
        NotAllowedError for a client who may not cancel, and where the panel is ending it by now;
        the errors of `check_panel_answers` where the panel keeps it.
        """
        self.env.allowed(client).check_cancel()
        now, can = self.env.now(), self.env.capabilities
        async with self.env.work.writing(client.id) as uow:
            read = await uow.cancellations.open_with_service(client.id, service_id)
            if read is None:
                if await uow.services.get(client.id, service_id) is None:
                    raise NotFoundError
                return False
            there, service = read
            if not can.takes_back(there.when):
                raise NotAllowedError("cancellation_stays")
            is_withdrawn = await uow.cancellations.decide(there.id, CancellationStatus.WITHDRAWN)
            notes = notices.tell_of_withdrawal(there, service, user_id)
            await uow.outbox.add(notes, at=now)
            if not can.deferred or can.ends(there.when):
                await self.env.check_panel_answers(uow, client)
                await self.panel.keep(uow, there, now=now)
            else:
                await uow.tasks.finish_for(
                    [service_id], [WorkKind.CANCELLATION], by=THE_CLIENT, at=now
                )
            await uow.commit()
        return is_withdrawn


@dataclass(frozen=True, slots=True)
class DecideCancellation:
    """The operator accepts or rejects a request; the client is told either way."""

    env: Environment

    async def __call__(
        self, cancellation_id: int, *, accept: bool, by: Actor, reason: str = ""
    ) -> Cancellation:
        """Decide; the client reads the `reason` of a rejection, and nothing of that of a yes.

        NotFoundError or BillingError("already_decided"), InvalidInputError for a reason that is
        too long, NotAllowedError where the panel decides.
        """
        self.env.check_decides_here()
        reason = "" if accept else check_reason(reason)
        async with self.env.work.writing() as uow:
            cancellation = await _lock_request(uow, cancellation_id)
            service = await uow.services.get(cancellation.client_id, cancellation.service_id)
            if service is None:
                raise NotFoundError
            status = CancellationStatus.ACCEPTED if accept else CancellationStatus.REJECTED
            waits = cancellation.status is CancellationStatus.REQUESTED
            if not waits or not await uow.cancellations.decide(cancellation.id, status):
                raise BillingError(
                    "already_decided", id=cancellation.id, status=cancellation.status
                )
            note = notices.tell_of_decision(cancellation, service, accept=accept, reason=reason)
            await uow.outbox.add([note], at=self.env.now())
            if accept and cancellation.when is CancelWhen.NOW:
                await end_service(uow, service)
                await uow.cancellations.decide(cancellation.id, CancellationStatus.DONE)
            verb = Audited.ACCEPT_CANCELLATION if accept else Audited.REJECT_CANCELLATION
            about = ": ".join(filter(None, (service.full_title, reason)))
            await uow.audit.add(
                by, verb, f"request {cancellation.id}", at=self.env.now(), note=about
            )
            await uow.commit()
        return replace(cancellation, status=status)


async def _lock_request(uow: UnitOfWork, cancellation_id: int) -> Cancellation:
    """A request as it stands once its client is locked."""
    cancellation = await uow.cancellations.get(cancellation_id)
    if cancellation is not None:
        await uow.lock_client(cancellation.client_id)
        cancellation = await uow.cancellations.get(cancellation_id)
    if cancellation is None:
        raise NotFoundError("no_such_cancellation", id=cancellation_id)
    return cancellation


async def end_service(uow: UnitOfWork, service: Service) -> None:
    """Cancel a service together with its add-ons, as far as they have not ended otherwise."""
    family = [service, *await uow.services.addons_of(service.id)]
    family_after = [
        replace(member, status=ServiceStatus.CANCELLED, suspended_for=None)
        for member in family
        if member.is_live
    ]
    await uow.services.save(family_after)


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
        return sum([await self._end(cancellation) for cancellation, _ in due])

    async def _end(self, cancellation: Cancellation) -> bool:
        """Carry out one; False if it was withdrawn or carried out meanwhile."""
        async with self.env.work.writing(cancellation.client_id) as uow:
            if not await uow.cancellations.decide(cancellation.id, CancellationStatus.DONE):
                return False
            service = await uow.services.get(cancellation.client_id, cancellation.service_id)
            if service is None:
                return False
            await end_service(uow, service)
            await uow.outbox.add([notices.tell_of_end(cancellation, service)], at=self.env.now())
            await uow.commit()
        return True
