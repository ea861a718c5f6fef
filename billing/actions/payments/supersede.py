"""Closing unpaid proformas that a load has made pointless: paid elsewhere, or ended.

A proforma is a snapshot and cannot lose a line: paid as it is, it would renew once more what was
paid elsewhere. So it is closed as a whole, what was paid for it goes back to the client, and what
else was on it goes back into the cart.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from billing.actions.payments.settle import Settler
from billing.ports.loading import Restated
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.payments.invoices import Born, Invoice, InvoiceStatus
from billing.rules.payments.superseded import Superseded, cart_line_of, why_superseded
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.quotes import Quote
from billing.views.notices.money import InvoiceClosed
from billing.views.notices.services import name_service


@dataclass(frozen=True, slots=True)
class ClosedProforma:
    """A proforma that was closed, the service because of which, and what had been paid for it.

    That is credit again, or unplaced money where `is_credit` is False.
    """

    number: str
    client_ref: str
    service: Service
    reason: Superseded
    released: Money
    is_credit: bool = True


async def close_superseded(
    uow: UnitOfWork, settler: Settler, restatements: Sequence[Restated]
) -> tuple[ClosedProforma, ...]:
    """Close the proformas of services whose state was just replaced, as far as they have to be.

    The caller's transaction has locked the clients.
    """
    service_ids = {one.service_id for one in restatements}
    owners = sorted({one.client_id for one in restatements})
    closed = []
    for invoice in await uow.loading.open_invoices(owners) if owners else ():
        reasons = await _reasons(uow, invoice, service_ids)
        if reasons:
            closed.append(await _close(uow, settler, invoice, reasons))
    return tuple(closed)


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a line is pointless, and its service as it stands."""

    why: Superseded
    service: Service


async def _reasons(
    uow: UnitOfWork, invoice: Invoice, restated_ids: Collection[int]
) -> Mapping[int, _Reason]:
    """The pointless lines of an invoice by their ids; never those of a panel's own invoice."""
    if invoice.born is Born.PANEL:
        return {}
    invoiced_ids = {line.quote.service_id for line in invoice.lines} - {None}
    if not invoiced_ids:
        return {}
    own_services = await uow.services.families(
        invoice.client_id, [id_ for id_ in invoiced_ids if id_]
    )
    by_id = {one.service.id: one.service for one in own_services}
    reasons = {}
    for line in invoice.lines:
        service = by_id.get(line.quote.service_id or 0)
        if service is None or not {service.id, service.parent_id} & set(restated_ids):
            continue
        why = why_superseded(line.quote, service, by_id.get(service.parent_id or 0))
        if why is not None:
            reasons[line.id] = _Reason(why, service)
    return reasons


async def _close(
    uow: UnitOfWork, settler: Settler, invoice: Invoice, reasons: Mapping[int, _Reason]
) -> ClosedProforma:
    released = await settler.close(uow, invoice, InvoiceStatus.CANCELLED)
    is_credit = settler.env.capabilities.credit
    others = [line.quote for line in invoice.lines if line.id not in reasons]
    await _put_back(uow, invoice.client_id, others)
    first = next(iter(reasons.values()))
    closed = InvoiceClosed(
        invoice.number, first.why, name_service(first.service), released,
        first.service.next_due_date if first.why is Superseded.PAID else None,
        more=len(reasons) - 1, others=len(others), is_credit=is_credit,
    )  # fmt: skip
    note = Notification(f"closed:{invoice.number}", closed, client_id=invoice.client_id)
    await uow.outbox.add([note], at=settler.env.now())
    client = await uow.clients.get(invoice.client_id)
    ref = client.ref if client else ""
    return ClosedProforma(
        invoice.number, ref, first.service, first.why, released, is_credit=is_credit
    )


async def _put_back(uow: UnitOfWork, client_id: int, quotes: Sequence[Quote]) -> None:
    """Put what is still wanted into the cart, unless it is there already."""
    if not quotes:
        return
    cart = await uow.carts.get(client_id)
    lines = [line for quote in quotes if not _has(cart, line := cart_line_of(quote))]
    if lines:
        await uow.carts.save(cart, [*cart.lines, *lines])


def _has(cart: Cart, line: CartLine) -> bool:
    if line.kind is LineKind.RENEWAL and line.service_id is not None:
        return cart.renewal_of(line.service_id) is not None
    return cart.line(line.id) is not None
