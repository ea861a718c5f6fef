import json

import pytest

from billing.ports.conversations import Draft
from billing.rules.cycles import BillingCycle
from handlers.buttons import OpenOrder, OpenProduct
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.origin import Origin
from handlers.orders.draft import Order
from tests.gallery.orders import BACKUP, SETUP, SSL, page

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY
ORDER = Order(7, MONTHLY, "żółw.pl", ((2, ANNUALLY), (3, MONTHLY)), Origin.CART, listed=True)


def test_an_order_comes_back_out_of_the_database_as_it_was() -> None:
    assert Order.read(json.loads(json.dumps(ORDER.as_draft()))) == ORDER
    assert Order.read(Order(7, MONTHLY).as_draft()) == Order(7, MONTHLY)


@pytest.mark.parametrize(
    "changed",
    [
        {"orders.product": None},
        {"orders.product": True},
        {"orders.cycle": "daily"},
        {"orders.cycle": 3},
        {"orders.name": 5},
        {"orders.addons": [[2]]},
        {"orders.addons": [["ssl", "monthly"]]},
        {"orders.addons": ["ssl"]},
        {"orders.origin": 99},
    ],
)
def test_a_draft_of_another_making_leads_to_the_groups(changed: Draft) -> None:
    with pytest.raises(StaleButton) as stale:
        Order.read({**ORDER.as_draft(), **changed})
    assert stale.value.back == OpenOrder()


def test_the_draft_of_another_topic_leads_to_the_groups() -> None:
    with pytest.raises(StaleButton) as stale:
        Order.read({"services.service": 4})
    assert stale.value.back == OpenOrder()


def test_an_add_on_is_taken_once_and_can_change_its_cycle() -> None:
    order = Order(7, MONTHLY).put(2, MONTHLY).put(3, MONTHLY).put(2, ANNUALLY).put(2, ANNUALLY)
    assert order.addons == ((2, ANNUALLY), (3, MONTHLY))
    assert order.drop(2).drop(2).addons == ((3, MONTHLY),)


def test_what_is_not_offered_any_more_falls_out() -> None:
    order = Order(7, MONTHLY, "a", ((2, ANNUALLY), (3, ANNUALLY), (99, MONTHLY)))
    kept = order.still_offered(page(SETUP, SSL, BACKUP))
    assert kept.addons == ((2, ANNUALLY),)


def test_it_leads_back_to_where_it_began() -> None:
    assert ORDER.start == OpenProduct(7, Origin.CART, listed=True)
