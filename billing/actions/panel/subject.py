"""A panel call with everything it names."""

from billing.ports.connected import CallSubject
from billing.ports.work import UnitOfWork
from billing.rules.panel.panel_calls import PanelCall


async def read_subject(uow: UnitOfWork, call: PanelCall) -> CallSubject:
    """Read what a call is about; LookupError if its client is gone."""
    client_id = call.client_id
    client = await uow.clients.get(client_id)
    if client is None:
        raise LookupError(f"panel call {call.id} has no client")
    order = await uow.orders.get(client_id, call.order_id) if call.order_id else None
    service_ids = {quote.service_id for quote in order.quotes if quote.service_id} if order else {}
    wanted = {*service_ids, *([call.service_id] if call.service_id else [])}
    own = await uow.services.families(client_id, wanted) if wanted else ()
    cancellation = None
    if call.service_id:
        cancellation = await uow.cancellations.open_for(client_id, call.service_id)
    catalog = await uow.catalogs.current()
    ordered = {quote.product_id for quote in order.quotes} if order else {}
    return CallSubject(
        call,
        client,
        order=order,
        invoice=await uow.invoices.get(client_id, call.invoice_id) if call.invoice_id else None,
        payment=await uow.payments.get(call.payment_id) if call.payment_id else None,
        cancellation=cancellation,
        services={one.service.id: one.service for one in own},
        products={one.id: one.ref for one in catalog.products if one.id in ordered},
        made=await uow.panel_calls.made(client_id, order.id) if order else {},
    )
