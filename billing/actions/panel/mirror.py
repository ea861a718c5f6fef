"""The mirror of a client: their services and invoices as their panel shows them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.tasks.of_panel import open_panel_tasks
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.payments.invoices import (
    Born,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Outcome,
    StatedLine,
)
from billing.rules.services.service import Service, ServiceKind
from billing.rules.shop.cart import LineKind
from billing.rules.shop.catalog import Catalog, ProductKind
from billing.views.account import ClientInfo
from billing.views.notices.money import InvoiceApplied, ReminderUpdate
from billing.views.panel import SeenInvoice, SeenLine, SeenService, Snapshot

Refs = Mapping[tuple[ServiceKind, str], Service]


async def mirror(env: Environment, uow: UnitOfWork, client: ClientInfo, seen: Snapshot) -> None:
    """Write what differs; the caller's transaction has locked the client."""
    catalog = await uow.catalogs.current()
    services = await _mirror_services(env, uow, client, seen, catalog)
    there = {invoice.ref: invoice for invoice in await uow.panel_invoices.of_panel(client.id)}
    for one in seen.invoices:
        invoice = await _mirror_invoice(env, uow, client, one, there.get(one.ref), services)
        if invoice is not None:
            by_id = {service.id: service for service in services.values()}
            await open_panel_tasks(uow, invoice, by_id, catalog, at=env.now())


async def _mirror_services(
    env: Environment, uow: UnitOfWork, client: ClientInfo, seen: Snapshot, catalog: Catalog
) -> Refs:
    known = {(one.kind, one.ref): one for one in await uow.services.owned_elsewhere(client.id)}
    changed = [
        now
        for one in seen.services
        if (before := known.get((one.kind, one.ref))) and (now := _changed(before, one)) != before
    ]
    await uow.services.save(changed)
    known |= {(one.kind, one.ref): one for one in changed}
    # Services before what belongs to them.
    new = [one for one in seen.services if (one.kind, one.ref) not in known]
    for one in sorted(new, key=lambda one: one.parent is not None):
        parent = known.get(one.parent) if one.parent else None
        made = replace(_new(one, client, catalog, parent), loaded_on=env.today())
        (number,) = await uow.services.add([made], invoice_line_ids=[None])
        known[one.kind, one.ref] = replace(made, id=number)
    return known


def _changed(service: Service, seen: SeenService) -> Service:
    """The service with what the panel says of it; its label is the client's own."""
    return replace(
        service,
        amount=seen.amount,
        cycle=seen.cycle,
        next_due_date=seen.next_due_date,
        due_date_known=seen.due_date_known,
        status=seen.status,
        suspended_for=seen.suspended_for,
    )


def _new(
    seen: SeenService, client: ClientInfo, catalog: Catalog, parent: Service | None
) -> Service:
    due = seen.next_due_date
    kind = ProductKind.ADDON if seen.kind is ServiceKind.ADDON else ProductKind.PRODUCT
    product = catalog.owned_as(kind, seen.product_ref)
    return Service(
        id=0,
        client_id=client.id,
        product_id=product.id if product else seen.product_ref,
        name=seen.name,
        domain=seen.domain,
        currency=client.currency,
        first_amount=seen.amount,
        amount=seen.amount,
        cycle=seen.cycle,
        registered_on=seen.registered_on,
        next_due_date=due,
        due_date_known=seen.due_date_known,
        anchor_day=(due or seen.registered_on).day,
        status=seen.status,
        suspended_for=seen.suspended_for,
        parent_id=parent.id if parent else None,
        ref=seen.ref,
        kind=seen.kind,
    )


async def _mirror_invoice(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    seen: SeenInvoice,
    before: Invoice | None,
    services: Refs,
) -> Invoice | None:
    """Keep one invoice; return it where its lines have been carried out since."""
    now = env.now()
    order_id = before.order_id if before else None
    if order_id is None and seen.order_ref:
        order_id = await uow.orders.by_ref(client.id, seen.order_ref)
    under_way = await _under_way(uow, before)
    invoice = _stated(client, seen, before, services, under_way)
    invoice = _applied(replace(invoice, order_id=order_id), services, now)
    if before is None:
        invoice = await uow.invoices.add(invoice)
        # Of what was paid there before we knew of it, only what was ordered here is news.
        return invoice if invoice.order_id and invoice.status is InvoiceStatus.PAID else None
    if invoice == before:
        return None
    invoice = await uow.panel_invoices.restate(invoice)
    if before.status is InvoiceStatus.BEING_APPLIED and invoice.status is InvoiceStatus.PAID:
        await uow.outbox.add(_news(invoice), at=now)
    is_news = invoice.status is InvoiceStatus.PAID is not before.status
    return invoice if is_news else None


async def _under_way(uow: UnitOfWork, invoice: Invoice | None) -> int:
    """Money that came here for an invoice and that its panel does not know of yet."""
    if invoice is None:
        return 0
    calls = await uow.panel_calls.open_for_invoice(invoice.id)
    return sum(call.amount for call in calls if call.carries_money)


def _stated(
    client: ClientInfo,
    seen: SeenInvoice,
    before: Invoice | None,
    services: Refs,
    under_way: int,
) -> Invoice:
    """The invoice as the panel states it, with the money that is under way there."""
    paid = seen.paid + Money(under_way, seen.paid.currency)
    status = seen.status
    if status is InvoiceStatus.UNPAID and under_way and paid >= seen.totals.gross:
        status = InvoiceStatus.BEING_APPLIED
    items = [_line(line, services) for line in seen.lines]
    lines = [InvoiceLine(0, item) for item in items]
    if before is not None and [line.item for line in before.lines] == items:
        lines = list(before.lines)
    return Invoice(
        id=before.id if before else 0,
        client_id=client.id,
        number=seen.number or f"#{seen.ref}",
        status=status,
        currency=seen.totals.gross.currency,
        lines=tuple(lines),
        created_at=seen.created_at,
        expires_on=None,
        paid=paid,
        totals=seen.totals,
        paid_at=before.paid_at if before else None,
        born=Born.PANEL,
        ref=seen.ref,
        # Not every reading says it; one that was said once still leads there.
        address=seen.address or (before.address if before else ""),
    )


def _line(seen: SeenLine, services: Refs) -> StatedLine:
    service = services.get(seen.service) if seen.service else None
    return StatedLine(
        name=seen.name,
        amounts=seen.amounts,
        kind=seen.kind,
        domain=service.domain if service else "",
        service_id=service.id if service else None,
    )


def _applied(invoice: Invoice, services: Refs, now: datetime) -> Invoice:
    """With the outcome of its lines, where the panel has carried them out."""
    if invoice.status is not InvoiceStatus.PAID:
        return invoice
    by_id = {service.id: service for service in services.values()}
    lines = tuple(
        line if line.applied_at else _applied_line(line, by_id.get(line.item.service_id or 0), now)
        for line in invoice.lines
    )
    return replace(invoice, lines=lines, paid_at=invoice.paid_at or now)


def _applied_line(line: InvoiceLine, service: Service | None, now: datetime) -> InvoiceLine:
    return replace(
        line,
        applied_at=now,
        outcome=_outcome(line.item.kind),
        due_date=service.next_due_date if service else None,
        service_id=service.id if service else None,
    )


def _outcome(kind: LineKind | None) -> Outcome:
    if kind is LineKind.RENEWAL:
        return Outcome.RENEWED
    return Outcome.ACTIVATED if kind is LineKind.ADDON else Outcome.ORDERED


def _news(invoice: Invoice) -> list[Notification]:
    number, client_id = invoice.number, invoice.client_id
    applied = InvoiceApplied(invoice.id, number)
    return [
        Notification(f"applied:{invoice.id}", applied, client_id=client_id),
        Notification(
            f"redraw-applied:{invoice.id}", ReminderUpdate(invoice.id), client_id=client_id
        ),
    ]
