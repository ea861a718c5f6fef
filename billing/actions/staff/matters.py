"""Matters of the operator's chat: how each stands by now, whoever has decided it, and where."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.ports.outbox import Outgoing
from billing.ports.work import UnitOfWork
from billing.rules.audit import Audited
from billing.rules.errors import NotFoundError
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.notices.operator import (
    ClientMatter,
    PaidTooLate,
)
from billing.views.services import CancellationStatus
from billing.views.staff import MatterId, MatterKind, MatterState, OpenBill, Standing


@dataclass(frozen=True, slots=True)
class ShowStanding:
    """How a matter stands, and who has done what about it."""

    env: Environment

    async def __call__(self, matter: MatterId) -> Standing:
        """Read it; NotFoundError if there never was such a matter."""
        async with self.env.work.reading() as uow:
            return await READERS[matter.kind](uow, matter.number)


async def _order(uow: UnitOfWork, number: int) -> Standing:
    waits = await uow.services.pending_order(number) is not None
    actions = (Audited.ACCEPT_ORDER, Audited.REJECT_ORDER)
    standing = await _decided(uow, f"order {number}", actions, waits=waits)
    return replace(standing, service_id=number)


async def _cancellation(uow: UnitOfWork, number: int) -> Standing:
    request = await uow.cancellations.get(number)
    if request is None:
        raise NotFoundError("no_such_cancellation", id=number)
    if request.status is CancellationStatus.WITHDRAWN:
        return Standing(MatterState.WITHDRAWN, service_id=request.service_id)
    actions = (Audited.ACCEPT_CANCELLATION, Audited.REJECT_CANCELLATION)
    waits = request.status is CancellationStatus.REQUESTED
    standing = await _decided(uow, f"request {number}", actions, waits=waits)
    return replace(standing, service_id=request.service_id)


async def _proforma(uow: UnitOfWork, number: int) -> Standing:
    invoice = await uow.invoices.by_id(number)
    if invoice is None:
        raise NotFoundError
    standing = await _decided(
        uow, invoice.number, (Audited.RECORD_TRANSFER,), waits=invoice.is_open
    )
    if standing.state is MatterState.WAITING:
        return standing
    is_paid = invoice.status in (InvoiceStatus.PAID, InvoiceStatus.BEING_APPLIED)
    # A transfer that came too late is no reason why a lapsed one is closed.
    return replace(standing, state=MatterState.PAID) if is_paid else Standing(MatterState.OVER)


async def _unplaced(uow: UnitOfWork, number: int) -> Standing:
    money = await uow.unplaced.get(number)
    if money is None:
        raise NotFoundError("no_such_unplaced", id=number)
    actions = (Audited.BOOK_UNPLACED, Audited.CLOSE_UNPLACED, Audited.CREDIT_UNPLACED)
    return await _decided(uow, f"no. {number}", actions, waits=money.is_open)


async def _call(uow: UnitOfWork, number: int) -> Standing:
    call = await uow.panel_calls.get(number)
    if call is None:
        raise NotFoundError("no_such_call", id=number)
    actions = (Audited.RETRY_CALL, Audited.FINISH_CALL, Audited.DROP_CALL)
    return await _decided(uow, f"no. {number}", actions, waits=call.is_open)


async def _tasks(uow: UnitOfWork, number: int) -> Standing:
    task = await uow.tasks.get(number)
    if task is None:
        raise NotFoundError("no_such_task", id=number)
    still_open = await uow.tasks.open_beside(task)
    subject = f"task {number}"
    return await _decided(uow, subject, (Audited.FINISH_TASK,), waits=bool(still_open))


async def _task(uow: UnitOfWork, number: int) -> Standing:
    task = await uow.tasks.get(number)
    if task is None:
        raise NotFoundError("no_such_task", id=number)
    return await _decided(uow, f"task {number}", (Audited.FINISH_TASK,), waits=task.is_open)


async def _decided(
    uow: UnitOfWork, subject: str, actions: Collection[Audited], *, waits: bool
) -> Standing:
    last = await uow.audit.last(actions, subject)
    if waits:
        return Standing(MatterState.WAITING, last)
    return Standing(MatterState.DECIDED if last else MatterState.OVER, last)


READERS: Mapping[MatterKind, Callable[[UnitOfWork, int], Awaitable[Standing]]] = {
    MatterKind.ORDER: _order,
    MatterKind.CANCELLATION: _cancellation,
    MatterKind.PROFORMA: _proforma,
    MatterKind.UNPLACED: _unplaced,
    MatterKind.CALL: _call,
    MatterKind.TASKS: _tasks,
    MatterKind.TASK: _task,
}
"""For each kind of matter, how its standing is read."""


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message to the operator, to be drawn anew as it was sent."""

    env: Environment

    async def __call__(self, outgoing_id: int) -> Outgoing | None:
        """Read it with the client it is about; None once it is forgotten."""
        async with self.env.work.reading() as uow:
            outgoing = await uow.outbox.to_operator(outgoing_id)
            if outgoing is None or not isinstance(outgoing.notice, ClientMatter):
                return outgoing
            client_id = outgoing.notice.client_id
            if client_id is None:
                return outgoing
            outgoing = replace(outgoing, client=await uow.clients.get(client_id))
            if isinstance(outgoing.notice, PaidTooLate):
                invoice = await uow.invoices.get(client_id, outgoing.notice.invoice_id)
                outgoing = replace(outgoing, invoice=invoice)
        return outgoing


@dataclass(frozen=True, slots=True)
class ShowBill:
    """An invoice that a transfer may have come for."""

    env: Environment

    async def __call__(self, invoice_id: int) -> OpenBill:
        """Read it with its client; NotFoundError if there is none."""
        async with self.env.work.reading() as uow:
            invoice = await uow.invoices.by_id(invoice_id)
            client = await uow.clients.get(invoice.client_id) if invoice else None
        if invoice is None or client is None:
            raise NotFoundError
        return OpenBill(invoice, client)
