"""Values of the panel and ours."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from billing.rules.money import Money
from bot.panels.fossbilling.values import (
    id_of,
    instant,
    local_date,
    money,
    number,
    ref_of,
    row,
    rows,
    writable,
)

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.mark.parametrize(("value", "expected"), [(7, 7), ("7", 7), ("007", 7)])
def test_ids_come_as_numbers_and_as_text(value: object, expected: int) -> None:
    assert id_of(value) == expected
    assert ref_of(value) == "7"


@pytest.mark.parametrize("value", ["1abc", "1'", 1.5, True, ["1"], {"a": 1}, "", None, "-1", "٣"])
def test_what_the_panel_would_take_for_an_id_is_none(value: object) -> None:
    with pytest.raises(ValueError, match="not an id"):
        id_of(value)


def test_no_id_is_no_ref() -> None:
    assert [ref_of(value) for value in (None, "", 0)] == [""] * 3


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        (Decimal("24.479999999999997"), 2448),
        (Decimal("60.269999999999996"), 6027),
        ("59.00", 5900),
        ("100.50", 10050),
        (199, 19900),
        (Decimal("-98.00"), -9800),
        (Decimal("0.005"), 1),
    ],
)
def test_amounts_are_rounded_to_what_they_mean(value: object, minor: int) -> None:
    assert money(value, "PLN") == Money(minor, "PLN")


@pytest.mark.parametrize("value", ["12,50", None, "", True, "NaN", [], "Infinity"])
def test_what_is_no_amount_is_none(value: object) -> None:
    assert money(value, "PLN") is None


def test_currencies_have_their_own_digits() -> None:
    assert money(Decimal("1500.0"), "JPY") == Money(1500, "JPY")
    assert money("1.5", "KWD") == Money(1500, "KWD")
    assert money("1.5", "XTS") is None
    assert number(Money(1990, "PLN")) == Decimal("19.90")


def test_dates_are_in_the_panels_zone() -> None:
    late = "2027-01-31 23:30:00"
    assert local_date(late) == date(2027, 1, 31)
    assert instant(late, WARSAW) == datetime(2027, 1, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "0000-00-00 00:00:00", "soon", 0])
def test_no_date_is_none(value: object) -> None:
    assert local_date(value) is None
    assert instant(value, WARSAW) is None


def test_php_writes_empty_objects_as_lists() -> None:
    assert (row([]), row({"a": 1})) == ({}, {"a": 1})
    assert rows({"0": {"id": 1}, "2": {"id": 2}}) == [{"id": 1}, {"id": 2}]
    assert (rows(None), rows([1, {"id": 1}])) == ([], [{"id": 1}])


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("Zażółć 🙂 ﷽", "Zażółć  ﷽"),
        ({"a": False, "b": None, "c": 0, "d": True, "e": ""}, {"c": 0, "d": True, "e": ""}),
        ({"items": [{"title": "𝓐b", "taxed": False}]}, {"items": [{"title": "b"}]}),
    ],
)
def test_what_is_written_is_what_the_panel_can_take(value: Any, sent: Any) -> None:
    assert writable(value) == sent
