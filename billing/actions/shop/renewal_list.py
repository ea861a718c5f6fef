"""The renewals screen as a value, made from what was read."""

from collections.abc import Iterator
from datetime import date, timedelta

from billing.rules.money import total_known
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.pricing import quote_cart, quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from billing.views.cart import RenewalList, RenewalOffer, RenewalRefused

ADD_ALL_WITHIN = timedelta(days=30)


def is_within_add_all(service: Service, today: date) -> bool:
    """Whether it is overdue or due within 30 days."""
    return service.next_due_date is not None and service.next_due_date <= today + ADD_ALL_WITHIN


def can_renew(service: Service, pricing: PricingInputs) -> bool:
    """Whether a renewal can be bought now; one on an unpaid invoice is paid there."""
    return service.id not in pricing.on_invoice and pricing.renewability(service).allowed


def renewal_line(cart: Cart, service: Service, pricing: PricingInputs) -> CartLine:
    """The renewal as it stands in the cart, else one for the service's own cycle, if it may.

    A cycle that is not offered any more counts as not being in the cart.
    """
    line = cart.renewal_of(service.id)
    if line is not None and isinstance(quote_line(line, pricing), Quote):
        return line
    return CartLine(0, LineKind.RENEWAL, pricing.renewal_cycle(service), service.id)


def renewal_offers(cart: Cart, pricing: PricingInputs) -> tuple[RenewalOffer, ...]:
    """What can be renewed now, most urgent first, numbered from 1."""
    offers: list[RenewalOffer] = []
    for service in _by_urgency(pricing):
        if not can_renew(service, pricing):
            continue
        line = renewal_line(cart, service, pricing)
        quote = quote_line(line, pricing)
        if isinstance(quote, Quote):
            cycles = pricing.renewal_cycles(service)
            in_cart = line.cycle if line.id else None
            offers.append(RenewalOffer(len(offers) + 1, service, quote, cycles, in_cart))
    return tuple(offers)


def renewal_list(cart: Cart, pricing: PricingInputs) -> RenewalList:
    """The whole renewals screen."""
    offers = renewal_offers(cart, pricing)
    offered_ids = frozenset(offer.service.id for offer in offers)
    quoted_cart = quote_cart(cart, pricing)
    due_soon = [
        offer.quote.gross
        for offer in offers
        if offer.in_cart is None and is_within_add_all(offer.service, pricing.today)
    ]
    return RenewalList(
        offers=offers,
        refused=tuple(_refusals(pricing, offered_ids)),
        cart_lines=len(quoted_cart.quotes),
        cart_total=quoted_cart.gross,
        due_soon=len(due_soon),
        due_soon_total=total_known(due_soon, pricing.currency, is_estimate=pricing.is_estimate),
        today=pricing.today,
        soon_days=pricing.catalog.policy.soon_days,
        tax_rate=pricing.taxation.rate,
        allowed=pricing.allowed,
    )


def _refusals(pricing: PricingInputs, offered_ids: frozenset[int]) -> Iterator[RenewalRefused]:
    for service in _by_urgency(pricing):
        # What is done is no news among what cannot be renewed now.
        if service.id not in offered_ids and service.status is not ServiceStatus.COMPLETED:
            parent = pricing.services.get(service.parent_id or 0)
            yield RenewalRefused(
                service,
                pricing.renewability(service),
                pricing.on_invoice.get(service.id),
                parent.title if parent else "",
                pricing.balances.get(pricing.on_invoice.get(service.id, 0)),
            )


def _by_urgency(pricing: PricingInputs) -> list[Service]:
    return sorted(
        pricing.services.values(),
        key=lambda s: (s.next_due_date is None, s.next_due_date or date.max, s.title, s.id),
    )
