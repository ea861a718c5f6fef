from hypothesis import given

from billing.actions.shop.renewal_list import can_renew, renewal_line, renewal_list
from billing.rules.shop.cart import Cart
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from tests.billing.rules.strategies import worlds


@given(worlds)
def test_offers_are_what_has_a_price(world: tuple[Cart, PricingInputs]) -> None:
    cart, pricing = world
    listed = renewal_list(cart, pricing)
    priced = {
        service.id
        for service in pricing.services.values()
        if can_renew(service, pricing)
        and isinstance(quote_line(renewal_line(cart, service, pricing), pricing), Quote)
    }
    offers = tuple(listed.offers)
    assert {offer.service.id for offer in offers} == priced
    assert offers == listed.offers[:]
    assert [offer.number for offer in offers] == list(range(1, len(priced) + 1))
    assert listed.has_dates == any(offer.quote.period_to is not None for offer in offers)
    assert listed.has_other_cycles == any(len(offer.cycles) > 1 for offer in offers)
