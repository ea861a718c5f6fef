"""The renewals screen as a value, made from what was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import overload

from billing.rules.money import Money, total_known
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.pricing import quote_cart, quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from billing.rules.shop.renewals import Renewability
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


@dataclass(frozen=True, slots=True)
class Offers(Sequence[RenewalOffer]):
    """What can be renewed now, most urgent first, numbered from 1; priced when it is looked at.

    A screen shows four of what may be a thousand.
    """

    services: tuple[Service, ...]
    cart: Cart
    pricing: PricingInputs

    def __len__(self) -> int:
        return len(self.services)

    @overload
    def __getitem__(self, place: int) -> RenewalOffer: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[RenewalOffer, ...]: ...
    def __getitem__(self, place: int | slice) -> RenewalOffer | tuple[RenewalOffer, ...]:
        """The offer or offers at these places, from 0."""
        places = range(len(self.services))[place]
        return self._offer(places) if isinstance(places, int) else tuple(map(self._offer, places))

    def _offer(self, place: int) -> RenewalOffer:
        service = self.services[place]
        line = renewal_line(self.cart, service, self.pricing)
        quote = quote_line(line, self.pricing)
        if not isinstance(quote, Quote):
            raise TypeError(f"service {service.id} can be renewed and has no price: {quote}")
        cycles = self.pricing.renewal_cycles(service)
        return RenewalOffer(place + 1, service, quote, cycles, line.cycle if line.id else None)


def renewable(pricing: PricingInputs) -> tuple[Service, ...]:
    """What can be renewed now, most urgent first."""
    services = _by_urgency(pricing)
    return tuple(one for one in services if _has_offer(one, pricing.renewability(one), pricing))


def renewal_list(cart: Cart, pricing: PricingInputs) -> RenewalList:
    """The whole renewals screen."""
    offered: list[Service] = []
    refused: list[RenewalRefused] = []
    for service in _by_urgency(pricing):
        able = pricing.renewability(service)
        if _has_offer(service, able, pricing):
            offered.append(service)
        # What is done is no news among what cannot be renewed now.
        elif service.status is not ServiceStatus.COMPLETED:
            refused.append(_refusal(service, able, pricing))
    offers = Offers(tuple(offered), cart, pricing)
    due_soon = list(_due_soon(offers))
    quoted_cart = quote_cart(cart, pricing)
    return RenewalList(
        offers=offers,
        refused=tuple(refused),
        has_dates=any(service.due_date_known for service in offered),
        has_other_cycles=any(len(pricing.renewal_cycles(service)) > 1 for service in offered),
        cart_lines=len(quoted_cart.quotes),
        cart_total=quoted_cart.gross,
        due_soon=len(due_soon),
        due_soon_total=total_known(due_soon, pricing.currency, is_estimate=pricing.is_estimate),
        today=pricing.today,
        soon_days=pricing.catalog.policy.soon_days,
        tax_rate=pricing.taxation.rate,
        allowed=pricing.allowed,
    )


def _has_offer(service: Service, able: Renewability, pricing: PricingInputs) -> bool:
    """Whether `quote_line` has a price for the renewal."""
    return (
        able.allowed
        and service.id not in pricing.on_invoice
        and service.currency == pricing.currency
        and bool(pricing.renewal_cycles(service))
    )


def _due_soon(offers: Offers) -> Iterator[Money | None]:
    """The prices of what is overdue or due within 30 days and not in the cart yet."""
    for place, service in enumerate(offers.services):
        if is_within_add_all(service, offers.pricing.today):
            offer = offers[place]
            if offer.in_cart is None:
                yield offer.quote.gross


def _refusal(service: Service, able: Renewability, pricing: PricingInputs) -> RenewalRefused:
    invoice_id = pricing.on_invoice.get(service.id)
    parent = pricing.services.get(service.parent_id or 0)
    return RenewalRefused(
        service,
        able,
        invoice_id,
        parent.title if parent else "",
        pricing.balances.get(invoice_id or 0),
    )


def _by_urgency(pricing: PricingInputs) -> list[Service]:
    return sorted(
        pricing.services.values(),
        key=lambda s: (s.next_due_date is None, s.next_due_date or date.max, s.title, s.id),
    )
