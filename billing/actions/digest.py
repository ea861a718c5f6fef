"""A digest as its services stand at the moment of sending or redrawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.pricing import QuoteBasis, quote_cart, quote_line
from billing.rules.quotes import Quote, price_line
from billing.rules.reminders import stage_day
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
    cancelled, or when its day is too long ago. In a message that was `sent`, such things stay, so
    that it can say so. A service stands there once, with its most urgent stage.
    """
    items = _items(planned, state, sent=sent)
    if not items:
        return None
    quoted = quote_cart(state.cart, state.basis)
    return Digest(
        id=digest_id,
        client_id=client.id,
        user_id=visitor.user_id,
        items=items,
        languages=tuple(part for part in (visitor.language, client.language) if part),
        timezone=visitor.timezone or client.timezone,
        today=state.basis.today,
        cart_total=quoted.totals.gross,
        cart_lines=len(quoted.quotes),
        tax_rate=state.basis.taxation.rate,
        account=_elsewhere(visitor, client),
    )


def _items(
    planned: Sequence[Planned], state: DigestState, *, sent: bool
) -> tuple[DigestItem, ...]:
    items: dict[int, DigestItem] = {}
    for plan in sorted(planned, key=_day_of, reverse=True):
        service = plan[0]
        known = items.get(service.id)
        if _matters(plan, state.basis, sent=sent) and (known is None or known.done):
            items[service.id] = _item(plan, state)
        elif sent and service.is_live and known is None:
            items[service.id] = _item(plan, state, done=True)
    return tuple(sorted(items.values(), key=_urgency))


def _day_of(plan: Planned) -> date:
    _, due_date, stage = plan
    return stage_day(due_date, stage)


def _urgency(item: DigestItem) -> tuple[date, str, int]:
    """The order in a message; it stays the same when something in it is done."""
    return item.planned_for, item.service.title, item.service.id


def _elsewhere(visitor: Visitor, client: ClientInfo) -> str:
    current = visitor.client
    return client.name if current is not None and current.id != client.id else ""


def _matters(plan: Planned, basis: QuoteBasis, *, sent: bool) -> bool:
    service, due_date, _ = plan
    if service.next_due_date != due_date or not _is_owed(service, basis):
        return False
    policy = basis.catalog.reminder_policy(service.product_id)
    return sent or (basis.today - _day_of(plan)).days <= policy.catch_up_days


def _is_owed(service: Service, basis: QuoteBasis) -> bool:
    """Whether anybody should be reminded: owed, and neither it nor its parent is ending."""
    ending = basis.cancelling & {service.id, service.parent_id}
    return service.is_owed() and not ending


def _item(plan: Planned, state: DigestState, *, done: bool = False) -> DigestItem:
    service, due_date, stage = plan
    basis = state.basis
    parent = basis.services.get(service.parent_id or 0)
    quote = quote_line(CartLine(0, LineKind.RENEWAL, service.cycle, service.id), basis)
    able = basis.renewability(service)
    own_gross = price_line(service.amount, basis.taxation).gross
    return DigestItem(
        service=service,
        parent_name=parent.title if parent else "",
        stage=stage,
        planned_for=due_date,
        days_left=service.days_left(basis.today) or 0,
        gross=quote.gross if isinstance(quote, Quote) else own_gross,
        done=done,
        refusal=able.refusal,
        opens_on=able.opens_on,
        in_cart=state.cart.renewal_of(service.id) is not None,
        invoice=state.held.get(service.id),
    )
