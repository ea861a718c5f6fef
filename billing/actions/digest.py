"""Reading a digest as things stand at the moment of sending or redrawing."""

from billing.actions.basis import make_basis
from billing.actions.environment import Environment
from billing.ports.reminders import DueDigest
from billing.ports.work import UnitOfWork
from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.pricing import QuoteBasis, quote_line
from billing.rules.quotes import Quote, price_line
from billing.rules.services import Service
from billing.views.account import ClientInfo
from billing.views.reminders import Digest, DigestItem
from billing.views.services import InvoiceRef


async def read_digest(
    env: Environment, uow: UnitOfWork, due: DueDigest, *, keep_renewed: bool = False
) -> Digest | None:
    """The digest with what still matters of it; None when nothing does, or nobody reads it.

    An item is void once its service was renewed (the due date differs), ended or is being
    cancelled. `keep_renewed` is for redrawing a message that was sent already.
    """
    visitor = await uow.users.visitor(due.user_id)
    client = await uow.clients.get(due.client_id)
    if client is None:
        return None
    planned = await uow.reminders.items_of(due.id)
    owned = await uow.services.of_lines(client.id, {service.id for service, _, _ in planned})
    catalog = await uow.catalogs.current()
    cart = await uow.carts.get(client.id)
    language = visitor.language or client.language
    basis = make_basis(env, client, catalog, owned, language=language)
    items = []
    for service, due_date, stage in planned:
        still = service.next_due_date == due_date and _matters(service, basis)
        if still or (keep_renewed and service.is_live):
            invoice = await _held(uow, client, basis, service)
            items.append(_item(service, stage, basis, cart, invoice))
    if not items:
        return None
    items.sort(key=lambda item: (item.days_left, item.service.title))
    return Digest(
        id=due.id,
        client_id=client.id,
        user_id=due.user_id,
        day=due.day,
        items=tuple(items),
        languages=tuple(part for part in (visitor.language, client.language) if part),
        timezone=visitor.timezone or client.timezone,
        currency=client.currency,
        today=env.today(),
    )


def _matters(service: Service, basis: QuoteBasis) -> bool:
    """Whether anybody should still be reminded: owed, and neither it nor its parent is ending."""
    parent_ending = service.parent_id in basis.cancelling
    return service.is_owed() and service.id not in basis.cancelling and not parent_ending


async def _held(
    uow: UnitOfWork, client: ClientInfo, basis: QuoteBasis, service: Service
) -> InvoiceRef | None:
    held = basis.held.get(service.id)
    summary = await uow.invoices.open_summary(client.id, held) if held else None
    return InvoiceRef(summary.id, summary.number, summary.balance) if summary else None


def _item(
    service: Service, stage: str, basis: QuoteBasis, cart: Cart, invoice: InvoiceRef | None
) -> DigestItem:
    parent = basis.services.get(service.parent_id or 0)
    line = CartLine(0, LineKind.RENEWAL, service.cycle, service.id)
    quote = quote_line(line, basis)
    renewable = isinstance(quote, Quote)
    gross = quote.gross if isinstance(quote, Quote) else None
    return DigestItem(
        service=service,
        parent_name=parent.title if parent else "",
        stage=stage,
        days_left=service.days_left(basis.today) or 0,
        gross=gross or price_line(service.amount, basis.taxation).gross,
        renewable=renewable,
        in_cart=cart.renewal_of(service.id) is not None,
        invoice=invoice,
    )
