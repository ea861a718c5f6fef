"""The renewals screen as a value, made from what was read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from billing.rules.money import Money, PartialSum
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.pricing import quote_cart, quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote, price_line
from billing.rules.shop.renewal_prices import other_cycles
from billing.views.cart import RenewalList, RenewalOffer, RenewalRefused
from billing.views.page import CountedPage
from billing.views.renewals import RenewalClass

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
class ReadRenewals:
    """What was read: a page of services that can be renewed, and one of those that cannot.

    `apart` can be renewed too, and their rule was applied one by one; the others that can are
    counted in `classes`. `balances` is what is left to pay of each unpaid invoice that a renewal
    is on.
    """

    offers: CountedPage[Service]
    refused: CountedPage[Service]
    apart: tuple[Service, ...]
    classes: tuple[RenewalClass, ...]
    balances: Mapping[int, Money]


def renewable(pricing: PricingInputs) -> tuple[Service, ...]:
    """What can be renewed now, most urgent first."""
    return tuple(one for one in by_urgency(pricing.services.values()) if has_offer(one, pricing))


def by_urgency(services: Iterable[Service]) -> list[Service]:
    """The services by due date, those without one last."""
    return sorted(
        services,
        key=lambda s: (s.next_due_date is None, s.next_due_date or date.max, s.title, s.id),
    )


def has_offer(service: Service, pricing: PricingInputs) -> bool:
    """Whether `quote_line` has a price for the renewal."""
    return (
        can_renew(service, pricing)
        and service.currency == pricing.currency
        and bool(pricing.renewal_cycles(service))
    )


def renewal_list(cart: Cart, pricing: PricingInputs, read: ReadRenewals) -> RenewalList:
    """The whole renewals screen; `pricing` has the services of both pages and those apart."""
    quoted_cart = quote_cart(cart, pricing)
    due_soon = tuple(_due_soon(cart, pricing, read))
    return RenewalList(
        offers=_offers(cart, pricing, read.offers),
        refused=_refused(pricing, read.refused),
        balances=read.balances,
        has_dates=any(one.due_date_known for one in read.classes)
        or any(service.due_date_known for service in read.apart),
        has_other_cycles=_has_other_cycles(pricing, read),
        cart_lines=len(quoted_cart.quotes),
        cart_total=quoted_cart.gross,
        due_soon=sum(count for _, count in due_soon),
        due_soon_total=_total(due_soon, pricing),
        today=pricing.today,
        soon_days=pricing.catalog.policy.soon_days,
        tax_rate=pricing.taxation.rate,
        allowed=pricing.allowed,
    )


def _offers(
    cart: Cart, pricing: PricingInputs, page: CountedPage[Service]
) -> CountedPage[RenewalOffer]:
    offers = (
        renewal_offer(number, service, cart, pricing)
        for number, service in enumerate(page, start=page.before + 1)
    )
    return CountedPage(tuple(offers), page.number, page.count, page.size)


def renewal_offer(
    number: int, service: Service, cart: Cart, pricing: PricingInputs
) -> RenewalOffer:
    """The offer of a service that can be renewed; TypeError for one that cannot."""
    line = renewal_line(cart, service, pricing)
    quote = quote_line(line, pricing)
    if not isinstance(quote, Quote):
        raise TypeError(f"service {service.id} can be renewed and has no price: {quote}")
    cycles = pricing.renewal_cycles(service)
    return RenewalOffer(number, service, quote, cycles, line.cycle if line.id else None)


def _refused(pricing: PricingInputs, page: CountedPage[Service]) -> CountedPage[RenewalRefused]:
    refused = (renewal_refused(service, pricing) for service in page)
    return CountedPage(tuple(refused), page.number, page.count, page.size)


def renewal_refused(service: Service, pricing: PricingInputs) -> RenewalRefused:
    """Why a service cannot be renewed now."""
    parent = pricing.services.get(service.parent_id or 0)
    return RenewalRefused(
        service,
        pricing.renewability(service),
        pricing.on_invoice.get(service.id),
        parent.title if parent else "",
    )


def _has_other_cycles(pricing: PricingInputs, read: ReadRenewals) -> bool:
    kinds = {(one.product_id, one.cycle) for one in read.classes}
    return any(
        other_cycles(product_id, cycle, pricing.currency, pricing.catalog)
        for product_id, cycle in kinds
    ) or any(len(pricing.renewal_cycles(service)) > 1 for service in read.apart)


def _due_soon(
    cart: Cart, pricing: PricingInputs, read: ReadRenewals
) -> Iterator[tuple[Money | None, int]]:
    """Prices of what is overdue or due within 30 days and not in the cart; how often each."""
    for one in read.classes:
        if one.is_due_soon:
            priced = price_line(one.amount, pricing.taxation) if one.amount is not None else None
            yield priced.gross if priced else None, one.count
    for service in read.apart:
        if is_within_add_all(service, pricing.today):
            offer = renewal_offer(0, service, cart, pricing)
            if offer.in_cart is None:
                yield offer.quote.gross, 1


def _total(prices: Iterable[tuple[Money | None, int]], pricing: PricingInputs) -> PartialSum:
    known, unknown = Money.zero(pricing.currency), 0
    for price, count in prices:
        if price is None:
            unknown += count
        else:
            known += price * count
    return PartialSum(known, unknown, pricing.is_estimate)
