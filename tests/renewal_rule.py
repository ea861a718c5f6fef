"""The renewals screen by the plain rule: every service is read and judged.

What is shown is read in pages and counted in classes; tests compare the two.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from billing.actions.shop.read_renewals import PAGE_SIZE, REFUSED_PAGE_SIZE
from billing.actions.shop.renewal_list import (
    by_urgency,
    has_offer,
    is_within_add_all,
    renewal_offer,
    renewal_refused,
)
from billing.rules.money import total_known
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.cart import Cart
from billing.rules.shop.pricing import quote_cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.views.cart import RenewalList, RenewalOffer, RenewalRefused
from billing.views.page import CountedPage, existing_page

T = TypeVar("T")


def renewal_list(
    cart: Cart, pricing: PricingInputs, page: int = 0, *, refused_page: int = 0
) -> RenewalList:
    """A page of each list, and what is said of all services."""
    offers: list[RenewalOffer] = []
    refused: list[RenewalRefused] = []
    for service in by_urgency(pricing.services.values()):
        if has_offer(service, pricing):
            offers.append(renewal_offer(len(offers) + 1, service, cart, pricing))
        # What is done is no news among what cannot be renewed now.
        elif service.status is not ServiceStatus.COMPLETED:
            refused.append(renewal_refused(service, pricing))
    due_soon = [
        offer.quote.gross
        for offer in offers
        if is_within_add_all(offer.service, pricing.today) and offer.in_cart is None
    ]
    held = [one.on_invoice for one in refused if one.on_invoice is not None]
    quoted_cart = quote_cart(cart, pricing)
    return RenewalList(
        offers=_filled(existing_page(page, len(offers), PAGE_SIZE), offers),
        refused=_filled(existing_page(refused_page, len(refused), REFUSED_PAGE_SIZE), refused),
        balances={invoice: pricing.balances[invoice] for invoice in held},
        has_dates=any(offer.service.due_date_known for offer in offers),
        has_other_cycles=any(len(offer.cycles) > 1 for offer in offers),
        cart_lines=len(quoted_cart.quotes),
        cart_total=quoted_cart.gross,
        due_soon=len(due_soon),
        due_soon_total=total_known(due_soon, pricing.currency, is_estimate=pricing.is_estimate),
        today=pricing.today,
        soon_days=pricing.catalog.policy.soon_days,
        tax_rate=pricing.taxation.rate,
        allowed=pricing.allowed,
    )


def _filled(page: CountedPage[T], everything: Sequence[T]) -> CountedPage[T]:
    return replace(page, items=tuple(everything[page.before : page.before + page.size]))
