"""The renewals screen as a value, made from what was read."""

from collections.abc import Iterator
from datetime import date, timedelta

from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.pricing import QuoteBasis, quote_cart, quote_line
from billing.rules.quotes import Quote
from billing.rules.services import Service
from billing.views.cart import RenewalList, RenewalOffer, RenewalRefused

SOON = timedelta(days=30)


def is_soon(service: Service, today: date) -> bool:
    """Whether it is overdue or due within 30 days."""
    return service.next_due_date is not None and service.next_due_date <= today + SOON


def can_renew(service: Service, basis: QuoteBasis) -> bool:
    """Whether a renewal can be bought now; one that an unpaid invoice holds is paid there."""
    return service.id not in basis.held and basis.renewability(service).allowed


def wish(cart: Cart, service: Service, basis: QuoteBasis) -> CartLine:
    """The renewal as it stands in the cart, else one for the service's own cycle, if it may.

    A cycle that is not offered any more counts as not being in the cart.
    """
    there = cart.renewal_of(service.id)
    if there is not None and isinstance(quote_line(there, basis), Quote):
        return there
    return CartLine(0, LineKind.RENEWAL, basis.renewal_cycle(service), service.id)


def offers(cart: Cart, basis: QuoteBasis) -> tuple[RenewalOffer, ...]:
    """What can be renewed now, most urgent first, numbered from 1."""
    found: list[RenewalOffer] = []
    for service in _by_urgency(basis):
        if not can_renew(service, basis):
            continue
        line = wish(cart, service, basis)
        quote = quote_line(line, basis)
        if isinstance(quote, Quote):
            cycles = basis.renewal_cycles(service)
            chosen = line.cycle if line.id else None
            found.append(RenewalOffer(len(found) + 1, service, quote, cycles, chosen))
    return tuple(found)


def renewal_list(cart: Cart, basis: QuoteBasis) -> RenewalList:
    """The whole renewals screen."""
    available = offers(cart, basis)
    offered = frozenset(offer.service.id for offer in available)
    quoted = quote_cart(cart, basis)
    return RenewalList(
        offers=available,
        refused=tuple(_refused(basis, offered)),
        cart_lines=len(quoted.quotes),
        cart_total=quoted.totals.gross,
        due_soon=sum(o.in_cart is None and is_soon(o.service, basis.today) for o in available),
        today=basis.today,
        soon_days=basis.catalog.policy.soon_days,
        tax_rate=basis.taxation.rate,
    )


def _refused(basis: QuoteBasis, offered: frozenset[int]) -> Iterator[RenewalRefused]:
    for service in _by_urgency(basis):
        if service.id not in offered:
            parent = basis.services.get(service.parent_id or 0)
            yield RenewalRefused(
                service,
                basis.renewability(service),
                basis.held.get(service.id),
                parent.title if parent else "",
            )


def _by_urgency(basis: QuoteBasis) -> list[Service]:
    return sorted(
        basis.services.values(),
        key=lambda s: (s.next_due_date is None, s.next_due_date or date.max, s.title, s.id),
    )
