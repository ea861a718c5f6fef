from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.money import MAX_MINOR, Money
from billing.rules.payments.charges import (
    LONGEST_CHARGE_ID,
    LONGEST_EVENT_ID,
    Charge,
    Misfit,
    event_id_of,
    misfit_of,
)


def charge(**changes: Any) -> Charge:
    """One of 59.00 PLN that fits as far as a charge can tell."""
    usual: dict[str, Any] = {
        "source": "telegram", "event_id": "paid:c", "charge_id": "c", "amount": 5900,
        "currency": "PLN", "payload": "p1:7", "payment_id": 7, "user_id": 1001,
    }  # fmt: skip
    return Charge(**(usual | changes))


def test_a_charge_that_says_all_it_must_may_fit() -> None:
    assert misfit_of(charge()) is None
    assert charge().money == Money(5900, "PLN")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_readable": False}, Misfit.UNREADABLE),
        ({"is_private": False}, Misfit.NOT_PRIVATE),
        ({"is_refund": True}, Misfit.REFUNDED),
        ({"charge_id": ""}, Misfit.BAD_CHARGE_ID),
        ({"charge_id": "x" * (LONGEST_CHARGE_ID + 1)}, Misfit.BAD_CHARGE_ID),
        ({"payment_id": None}, Misfit.UNKNOWN_PAYLOAD),
        ({"amount": None}, Misfit.BAD_AMOUNT),
        ({"amount": 0}, Misfit.BAD_AMOUNT),
        ({"amount": -1}, Misfit.BAD_AMOUNT),
        ({"amount": MAX_MINOR + 1}, Misfit.BAD_AMOUNT),
        ({"currency": "XTR"}, Misfit.OTHER_CURRENCY),
        ({"currency": ""}, Misfit.OTHER_CURRENCY),
        ({"currency": "pln"}, Misfit.OTHER_CURRENCY),
    ],
)
def test_what_is_wrong_with_a_charge_by_itself(changes: dict[str, Any], why: Misfit) -> None:
    assert misfit_of(charge(**changes)) is why


def test_the_longest_charge_id_that_can_be_kept_fits() -> None:
    assert misfit_of(charge(charge_id="x" * LONGEST_CHARGE_ID)) is None


@pytest.mark.parametrize(
    ("amount", "currency", "stated"),
    [
        (5900, "PLN", "59.00 PLN"),
        (100, "XTR", "100 XTR"),
        (100, "", "100"),
        (None, "PLN", ""),
        (-5, "PLN", "-5 PLN"),
    ],
)
def test_an_amount_is_stated_as_the_provider_states_it(
    amount: int | None, currency: str, stated: str
) -> None:
    assert charge(amount=amount, currency=currency).stated == stated


def test_a_notice_is_known_by_the_providers_own_key() -> None:
    assert event_id_of("paid", "abc_1", "{}") == "paid:abc_1"
    assert event_id_of("refunded", "abc_1", "{}") != event_id_of("paid", "abc_1", "{}")


@pytest.mark.slow
@given(st.text(min_size=1), st.text(min_size=1))
def test_keys_fit_their_column_and_differ_when_charges_do(one: str, other: str) -> None:
    keys = [event_id_of("paid", text * 300, "") for text in (one, other)]
    assert all(len(key) <= 255 and key.isascii() for key in keys)
    assert (keys[0] == keys[1]) is (one * 300 == other * 300)


def test_the_longest_key_of_a_provider_is_kept_as_it_is() -> None:
    longest = "x" * LONGEST_EVENT_ID
    assert event_id_of("paid", longest, "") == f"paid:{longest}"
    assert event_id_of("paid", longest + "x", "").startswith("paid:sha256:")


def test_a_notice_without_a_key_is_known_by_its_body() -> None:
    assert event_id_of("paid", "", "{1}") == event_id_of("paid", "", "{1}")
    assert event_id_of("paid", "", "{1}") != event_id_of("paid", "", "{2}")
