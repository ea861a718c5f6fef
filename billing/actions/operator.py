"""What the operator does: orders that wait for them, and credit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.find_client import find_client
from billing.actions.paging import read_page
from billing.actions.payments.give_back import MoneyBack, give_back
from billing.actions.services.cancel import check_reason
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import InvalidInputError, NotAllowedError, NotFoundError
from billing.rules.money import Money
from billing.rules.payments.payment import CreditMovement, CreditReason
from billing.rules.services.service import Service, ServiceStatus, activate
from billing.rules.work import WorkKind
from billing.views.account import ClientInfo
from billing.views.notices.money import CreditChanged
from billing.views.notices.services import OrderAccepted, OrderRejected, name_service
from billing.views.operator import DecidedOrder, PendingOrder, UnpaidProforma
from billing.views.page import Page
from billing.views.services import Cancellation

ORDERED = (WorkKind.ORDER, WorkKind.ADDON)
"""The tasks of an order and of the add-ons that were ordered with it."""

NOTE_MAX = 500
"""Longest note of the operator in a message to a client."""


@dataclass(frozen=True, slots=True)
class ListOrders:
    """Services that wait for the operator: paid orders, and what was loaded as pending."""

    env: Environment

    async def __call__(self, page: int = 1) -> Page[PendingOrder]:
        """One page, the oldest first."""
        async with self.env.work.reading() as uow:
            return await read_page(uow.services.pending_orders, page)


@dataclass(frozen=True, slots=True)
class ListCancellations:
    """Requests to cancel that wait for the operator."""

    env: Environment

    async def __call__(self, page: int = 1) -> Page[tuple[Cancellation, Service, str]]:
        """One page, the oldest first, with the service and the client's own id."""
        async with self.env.work.reading() as uow:
            return await read_page(uow.cancellations.waiting, page)


@dataclass(frozen=True, slots=True)
class ListProformas:
    """Proformas that wait to be paid, of all clients."""

    env: Environment

    async def __call__(self, page: int = 1) -> Page[UnpaidProforma]:
        """One page, the oldest first."""
        async with self.env.work.reading() as uow:
            return await read_page(uow.invoices.unpaid, page)


@dataclass(frozen=True, slots=True)
class DecideOrder:
    """Accept an order (it becomes active today) or reject it (its price is given back).

    Its tasks are done by that.
    """

    env: Environment

    async def __call__(
        self, service_id: int, *, accept: bool, by: Actor, reason: str = ""
    ) -> DecidedOrder:
        """Decide and tell the client, who reads the `reason` of a rejection.

        NotFoundError if no such order waits, InvalidInputError for a reason that is too long,
        NotAllowedError where the panel decides.
        """
        self.env.check_decides_here()
        reason = "" if accept else check_reason(reason)
        async with self.env.work.writing() as uow:
            order = await _lock_order(uow, service_id)
            addons = await uow.services.addons_of(service_id)
            family = [order.service, *(a for a in addons if a.status is ServiceStatus.PENDING)]
            family_after = [self._decide(service, accept=accept) for service in family]
            await uow.services.save(family_after)
            # Deciding about the order is what there was to do.
            numbers = [service.id for service in family]
            await uow.tasks.finish_for(numbers, ORDERED, by=by, at=self.env.now())
            credited = None if accept else await self._give_back(uow, order, family)
            is_credit = self.env.capabilities.credit
            note = _accepted(family_after[0])
            if not accept:
                note = _rejected(order, family_after[0], credited, reason, is_credit=is_credit)
            await uow.outbox.add([note], at=self.env.now())
            verb = Audited.ACCEPT_ORDER if accept else Audited.REJECT_ORDER
            what = f"{order.service.full_title} {order.invoice_number}".strip()
            about = ": ".join(filter(None, (what, reason)))
            await uow.audit.add(by, verb, f"order {service_id}", at=self.env.now(), note=about)
            await uow.commit()
        return DecidedOrder(family_after[0], credited, is_credit=is_credit)

    def _decide(self, service: Service, *, accept: bool) -> Service:
        if accept:
            return activate(service, today=self.env.today())
        return replace(service, status=ServiceStatus.CANCELLED)

    async def _give_back(
        self, uow: UnitOfWork, order: PendingOrder, family: Sequence[Service]
    ) -> Money | None:
        """Give back what was paid for the order and its add-ons; None for nothing."""
        paid = await uow.services.gross_paid([service.id for service in family])
        if paid:
            back = MoneyBack(
                order.service.client_id,
                paid,
                CreditReason.REJECTED,
                order.invoice_number,
                key=f"rejected:{order.service.id}",
            )
            await give_back(self.env, uow, back)
        return paid or None


async def _lock_order(uow: UnitOfWork, service_id: int) -> PendingOrder:
    """An order that still waits once its client is locked."""
    order = await uow.services.pending_order(service_id)
    if order is not None:
        await uow.lock_client(order.service.client_id)
        order = await uow.services.pending_order(service_id)
    if order is None:
        raise NotFoundError("no_such_order", id=service_id)
    return order


def _accepted(service: Service) -> Notification:
    notice = OrderAccepted(name_service(service), service.next_due_date)
    return Notification(f"order:{service.id}", notice, client_id=service.client_id)


def _rejected(
    order: PendingOrder, service: Service, credited: Money | None, reason: str, *, is_credit: bool
) -> Notification:
    notice = OrderRejected(
        name_service(service), order.invoice_number, credited, is_credit=is_credit, reason=reason
    )
    return Notification(f"order:{service.id}", notice, client_id=service.client_id)


@dataclass(frozen=True, slots=True)
class AdjustCredit:
    """Give a client credit, or take some back, and tell them."""

    env: Environment

    async def __call__(
        self, client_ref: str, amount: str, *, by: Actor, note: str = ""
    ) -> tuple[ClientInfo, Money]:
        """Move it, tell the client, and return the client and the new credit.

        `note` is what the operator adds to the message. Errors name what is wrong with the input;
        NotAllowedError where clients have no credit.
        """
        if not self.env.capabilities.credit:
            raise NotAllowedError("credit_not_kept")
        note = check_note(note)
        now = self.env.now()
        async with self.env.work.writing() as uow:
            client = await find_client(uow, client_ref)
            money = Money.parse(amount, client.currency)
            if not money:
                raise InvalidInputError("bad_amount", text=amount)
            credit = await uow.clients.move_credit(
                client.id, money, reason=CreditReason.ADJUSTED, at=now
            )
            (movement,) = await uow.clients.movements(client.id, limit=1, offset=0)
            await uow.outbox.add([_credit_changed(movement, note)], at=now)
            what = f"{money} {note}".strip()
            await uow.audit.add(by, Audited.ADJUST_CREDIT, client.ref, at=now, note=what)
            await uow.commit()
        return client, credit


def check_note(typed: str) -> str:
    """The note as the client reads it; InvalidInputError when it is too long."""
    note = " ".join(typed.split())
    if len(note) > NOTE_MAX:
        raise InvalidInputError("note_too_long", limit=NOTE_MAX)
    if not note.isprintable():
        raise InvalidInputError("bad_note")
    return note


def _credit_changed(movement: CreditMovement, note: str) -> Notification:
    changed = CreditChanged(movement.amount, movement.balance, note)
    return Notification(f"credit:{movement.id}", changed, client_id=movement.client_id)
