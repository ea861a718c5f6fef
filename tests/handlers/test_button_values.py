"""The numbers in buttons mean for ever what they meant first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.cycles import (
    MOST,
    NAMED_CYCLES,
    BillingCycle,
    CycleUnit,
    parse_cycle,
    shortest_first,
)  # fmt: skip
from billing.rules.shop.cart_parts import CartPart
from billing.views.payments import GatewayName
from bot.gateways.bank import bank_gateway
from bot.gateways.telegram import telegram_gateway
from handlers.button_values import CREDIT_ALONE, gateway_of_number, number_of_gateway
from handlers.buttons import ConfirmCheckout, PayInvoice, PlaceOrder
from handlers.chat.screens.codec import Payload, StaleButton, button, decode, encode

COUNTED = shortest_first(
    BillingCycle(count, unit)
    for unit in (CycleUnit.WEEK, CycleUnit.MONTH, CycleUnit.YEAR)
    for count in range(1, MOST + 1)
    if unit is not CycleUnit.MONTH or count % 12
)


@button("zy1")
class Cycle:
    cycle: BillingCycle


@pytest.mark.parametrize(
    ("name", "digit"),
    [
        ("monthly", "0"), ("quarterly", "1"), ("semi-annually", "2"), ("annually", "3"),
        ("biennially", "4"), ("triennially", "5"), ("one-time", "6"), ("free", "7"),
        ("weekly", "b"), ("2-weeks", "e"), ("5-years", "p"), ("100-years", "8m"),
    ],
)  # fmt: skip
def test_a_cycle_keeps_its_number(name: str, digit: str) -> None:
    assert encode(Cycle(parse_cycle(name))) == f"zy1:{digit}"


@given(st.sampled_from([*NAMED_CYCLES, *COUNTED]))
def test_a_cycle_comes_back_as_it_went(cycle: BillingCycle) -> None:
    assert decode(encode(Cycle(cycle))) == Cycle(cycle)


@pytest.mark.parametrize("digit", ["8", "9", "a", "c", "d", "19", "8n", "zzz"])
def test_other_numbers_are_stale(digit: str) -> None:
    with pytest.raises(StaleButton):
        decode(f"zy1:{digit}")


@pytest.mark.parametrize(
    ("data", "payload"),
    [
        ("pc2:1:1:6:0:", ConfirmCheckout(CREDIT_ALONE)),
        ("pp2:7:2s:1:0:6:", PlaceOrder(7, 100, CREDIT_ALONE, use_credit=False)),
        (
            "pp2:7:2s:1:0:6:1vfa8",
            PlaceOrder(7, 100, CREDIT_ALONE, use_credit=False, part=CartPart(3, 35)),
        ),
        ("ip2:5:1:7:0", PayInvoice(5, CREDIT_ALONE)),
        ("ip2:5:2:7:1", PayInvoice(5, 2, use_credit=True)),
    ],
)
def test_credit_and_the_gateways_keep_their_numbers(data: str, payload: Payload) -> None:
    assert decode(data) == payload
    assert encode(payload) == data


def test_credit_alone_is_no_gateways_number() -> None:
    assert gateway_of_number(number_of_gateway(None)) is None
    for gateway in (bank_gateway(), telegram_gateway()):
        name = GatewayName(gateway.code, gateway.number)
        assert gateway_of_number(number_of_gateway(name)) == gateway.number
