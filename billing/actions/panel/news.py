"""Telling people what a reading has changed, whoever made the change."""

from collections.abc import Iterator
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.panel.differences import Differences, InvoiceChange, ServiceChange
from billing.actions.payments.paid_notices import to_client
from billing.actions.services.cancellation_notices import tell_of_end
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.work import WorkKind
from billing.views.account import ClientInfo
from billing.views.notices.access import AccountClosed
from billing.views.notices.money import InvoiceApplied, ReminderUpdate
from billing.views.notices.services import OrderAccepted, OrderRejected, name_service
from billing.views.services import CancellationStatus

THE_PANEL = Actor("the panel")
"""Who has done what was a task, where somebody has done it there."""


async def tell(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    differences: Differences,
    *,
    began_at: datetime,
) -> None:
    """Say what the users would be told if it had been done here; what was sent is drawn anew.

    Of a client who is read for the first time nothing is news. Requests to cancel what has ended
    are done.
    """
    if client.sight.seen_at is None or not differences:
        return
    notes = [*_of_invoices(differences), *_of_closing(client, differences, began_at)]
    notes += await _of_orders(uow, client, differences)
    notes += await _of_ends(uow, client, differences, at=env.now())
    if outdated := differences.outdated_ids:
        redraw = ReminderUpdate(0, tuple(outdated))
        key = f"redraw-seen:{client.id}:{began_at.timestamp():.6f}"
        notes.append(Notification(key, redraw, client_id=client.id))
    if notes:
        await uow.outbox.add(notes, at=env.now())


def _of_invoices(differences: Differences) -> Iterator[Notification]:
    """Receipts of what was paid there, and news of what was paid here and is carried out."""
    for change in differences.invoices:
        before, invoice = change.before, change.after
        if before is None or not change.becomes(InvoiceStatus.PAID):
            continue
        if before.status is not InvoiceStatus.BEING_APPLIED:
            yield from to_client(invoice, None)
            continue
        id_, client_id = invoice.id, invoice.client_id
        applied = InvoiceApplied(id_, invoice.number)
        yield Notification(f"applied:{id_}", applied, client_id=client_id)
        redraw = ReminderUpdate(id_)
        yield Notification(f"redraw-applied:{id_}", redraw, client_id=client_id)


def _of_closing(
    client: ClientInfo, differences: Differences, began_at: datetime
) -> Iterator[Notification]:
    """The account may buy nothing any more, or may buy again."""
    is_closed = differences.is_closed
    if is_closed is not None:
        key = f"account:{client.id}:{began_at.timestamp():.6f}"
        yield Notification(key, AccountClosed(is_closed=is_closed), client_id=client.id)


async def _of_orders(
    uow: UnitOfWork, client: ClientInfo, differences: Differences
) -> list[Notification]:
    """Orders that were accepted or refused there, but for those that another message is about."""
    decided = [change for change in differences.services if _is_decided(change)]
    if not decided:
        return []
    told = _in_receipts(differences.invoices)
    # Whoever has just withdrawn an order, or pays it, is told by the answer to that.
    is_answered = bool(await uow.panel_calls.open_for_client(client.id))
    notes = []
    for change in decided:
        service = change.after
        if service.status is ServiceStatus.ACTIVE and service.id not in told:
            accepted = OrderAccepted(name_service(service), service.next_due_date)
            key = f"order:{service.id}"
            notes.append(Notification(key, accepted, client_id=client.id))
        elif not service.is_live and not is_answered:
            rejected = OrderRejected(name_service(service))
            notes.append(Notification(f"order:{service.id}", rejected, client_id=client.id))
    return notes


def _is_decided(change: ServiceChange) -> bool:
    was_pending = change.before is not None and change.before.status is ServiceStatus.PENDING
    is_pending = change.after.status is ServiceStatus.PENDING
    return was_pending and not is_pending and not change.after.is_addon


def _in_receipts(changes: list[InvoiceChange]) -> set[int]:
    """The services of what is paid by now: the message of that speaks of them."""
    paid = (change for change in changes if change.becomes(InvoiceStatus.PAID))
    return {number for change in paid for number in change.service_ids}


async def _of_ends(
    uow: UnitOfWork, client: ClientInfo, differences: Differences, *, at: datetime
) -> list[Notification]:
    """Services that have ended as their client has asked; nobody has to end them any more."""
    notes = []
    for service in _ended(differences):
        request = await uow.cancellations.open_for(client.id, service.id)
        if request is None:
            continue
        for status in (CancellationStatus.ACCEPTED, CancellationStatus.DONE):
            await uow.cancellations.decide(request.id, status)
        await uow.tasks.finish_for([service.id], [WorkKind.CANCELLATION], by=THE_PANEL, at=at)
        notes.append(tell_of_end(request, service))
    return notes


def _ended(differences: Differences) -> Iterator[Service]:
    yield from differences.lost
    for change in differences.services:
        if change.before is not None and change.before.is_live and not change.after.is_live:
            yield change.after
