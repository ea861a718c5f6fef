"""A digest as its services stand at the moment of sending or redrawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.pricing import QuoteBasis, quote_line
from billing.rules.quotes import Quote, price_line
from billing.rules.services import Service
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders import Digest, DigestItem
from billing.views.services import InvoiceRef, OwnedService

Planned = tuple[Service, date, str]
"""A service as it is now, with the due date and stage for which its item was planned."""


@dataclass(frozen=True, slots=True)
class DigestState:
    """What was read to draw a digest."""

    basis: QuoteBasis
    cart: Cart
    held: dict[int, InvoiceRef]


def held_refs(owned: Sequence[OwnedService]) -> dict[int, InvoiceRef]:
    """The unpaid invoices that hold renewals, by service."""
    return {o.service.id: o.held_by for o in owned if o.held_by is not None}


def make_digest(
    digest_id: int,
    visitor: Visitor,
    client: ClientInfo,
    planned: Sequence[Planned],
    state: DigestState,
    *,
    sent: bool = False,
) -> Digest | None:
    """The digest with what still matters of it, or None.

    An item is void once its service was renewed (the due date differs), ended or is being
    cancelled. In a message that was `sent`, done things stay, so that it can say so.
    """
    items = []
    for service, due_date, stage in planned:
        matters = service.next_due_date == due_date and _is_owed(service, state.basis)
        if matters or (sent and service.is_live):
            items.append(_item(service, stage, state))
    if not items:
        return None
    items.sort(key=lambda item: (item.days_left, item.service.title))
    return Digest(
        id=digest_id,
        client_id=client.id,
        user_id=visitor.user_id,
        items=tuple(items),
        languages=tuple(part for part in (visitor.language, client.language) if part),
        timezone=visitor.timezone or client.timezone,
        currency=client.currency,
        today=state.basis.today,
    )


def _is_owed(service: Service, basis: QuoteBasis) -> bool:
    """Whether anybody should be reminded: owed, and neither it nor its parent is ending."""
    ending = basis.cancelling & {service.id, service.parent_id}
    return service.is_owed() and not ending


def _item(service: Service, stage: str, state: DigestState) -> DigestItem:
    basis = state.basis
    parent = basis.services.get(service.parent_id or 0)
    quote = quote_line(CartLine(0, LineKind.RENEWAL, service.cycle, service.id), basis)
    renewable = isinstance(quote, Quote)
    list_gross = price_line(service.amount, basis.taxation).gross
    return DigestItem(
        service=service,
        parent_name=parent.title if parent else "",
        stage=stage,
        days_left=service.days_left(basis.today) or 0,
        gross=quote.gross if isinstance(quote, Quote) else list_gross,
        renewable=renewable,
        in_cart=state.cart.renewal_of(service.id) is not None,
        invoice=state.held.get(service.id),
    )
