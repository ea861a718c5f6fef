from hypothesis import given

from billing.actions.shop.renewal_list import can_renew, has_offer, renewal_line
from billing.rules.shop.cart import Cart
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from billing.rules.shop.renewal_prices import other_cycles
from tests.billing.rules.strategies import worlds
from tests.renewal_rule import renewal_list


@given(worlds)
def test_what_has_a_price_has_an_offer(world: tuple[Cart, PricingInputs]) -> None:
    cart, pricing = world
    for service in pricing.services.values():
        line = renewal_line(cart, service, pricing)
        has_price = can_renew(service, pricing) and isinstance(quote_line(line, pricing), Quote)
        assert has_offer(service, pricing) == has_price


@given(worlds)
def test_offers_are_numbered_and_say_what_is_known_of_all(
    world: tuple[Cart, PricingInputs],
) -> None:
    cart, pricing = world
    listed = renewal_list(cart, pricing)
    assert listed.offers.pages == 1
    assert [offer.number for offer in listed.offers] == list(range(1, listed.offers.count + 1))
    assert listed.has_dates == any(offer.quote.period_to is not None for offer in listed.offers)
    assert listed.has_other_cycles == any(
        other_cycles(
            offer.service.product_id, offer.service.cycle, pricing.currency, pricing.catalog
        )
        for offer in listed.offers
    )
