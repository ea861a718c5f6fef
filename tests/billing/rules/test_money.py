import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from billing.rules.errors import InvalidInputError
from billing.rules.money import EXPONENTS, MAX_MINOR, Money, round_half_up, total
from tests.billing.rules.strategies import currencies, minors

many = settings(max_examples=500)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("29.00", "PLN", 2900),
        ("29", "PLN", 2900),
        ("29.5", "PLN", 2950),
        ("0.01", "PLN", 1),
        ("0", "PLN", 0),
        ("-0", "PLN", 0),
        ("-0.00", "PLN", 0),
        ("-12.34", "EUR", -1234),
        (" 7.10 ", "EUR", 710),
        ("007", "EUR", 700),
        ("1.500", "PLN", 150),
        ("0.0100000000000000000000000000000000000000", "PLN", 1),
        ("1200", "JPY", 1200),
        ("1200.00", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("10000000000000.00", "PLN", MAX_MINOR),
        ("-10000000000000.00", "PLN", -MAX_MINOR),
        ("0" * 5000 + "1", "PLN", 100),
    ],
)
def test_a_decimal_with_a_point_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


def test_every_currency_has_the_digits_of_iso_4217() -> None:
    whole, thousandths = {"CLP", "ISK", "JPY", "KRW", "PYG"}, {"KWD"}
    for currency in EXPONENTS:
        digits = 0 if currency in whole else 3 if currency in thousandths else 2
        assert EXPONENTS[currency] == digits, currency
    assert str(Money.parse("12.34", "BRL")) == "12.34 BRL"
    assert str(Money.parse("12.34", "ILS")) == "12.34 ILS"
    assert str(Money(1234, "ISK")) == "1234 ISK"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", "-", "-.", "1.", ".5", "-.5", "--1", "+1", "1e5", "1E5", "1,50", "1 000",
        "1_000", "1.2.3", "0x10", "NaN", "nan", "inf", "Infinity", "-Infinity", "29 PLN", "zł",
        "\u0661\u0662", "\uff11\uff12", "\u00bd", "1\n2", "1\u22122", "\u22121",
    ],
)  # fmt: skip
def test_what_is_not_a_decimal_with_a_point_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Money.parse(text, "PLN")
    assert refused.value.code == "bad_amount"
    assert refused.value.params == {"text": text}


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("0.001", "PLN"),
        ("1.5", "JPY"),
        ("1.0001", "KWD"),
        ("1.00000000000000000000000000000000000001", "PLN"),
        ("0." + "0" * 5000 + "1", "PLN"),
    ],
)
def test_an_amount_finer_than_its_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Money.parse(text, currency)
    assert refused.value.code == "too_many_decimals"
    assert refused.value.params["digits"] == EXPONENTS[currency]


@pytest.mark.parametrize("text", ["10000000000000.01", "-10000000000000.01", "9" * 5000])
def test_an_amount_beyond_all_hosting_bills_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Money.parse(text, "PLN")
    assert refused.value.code == "amount_too_large"


@pytest.mark.parametrize("currency", ["", "pln", "ZZZ", "XTR"])
def test_a_currency_that_cannot_be_billed_is_refused(currency: str) -> None:
    assert reading("1", currency) == "unknown_currency"
    with pytest.raises(InvalidInputError, match="unknown_currency"):
        Money.zero(currency)


@pytest.mark.parametrize("minor", [1.0, 1.5, True, "1", None, Decimal(1)])
def test_minor_units_are_whole_numbers_and_nothing_else(minor: object) -> None:
    with pytest.raises(TypeError):
        Money(cast("int", minor), "PLN")


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (2900, "PLN", "29.00 PLN"),
        (-5, "EUR", "-0.05 EUR"),
        (1200, "JPY", "1200 JPY"),
        (1, "KWD", "0.001 KWD"),
        (MAX_MINOR, "PLN", "10000000000000.00 PLN"),
    ],
)
def test_money_is_written_with_its_currencys_digits(
    minor: int, currency: str, written: str
) -> None:
    assert str(Money(minor, currency)) == written


@pytest.mark.slow
@many
@given(minor=minors, currency=currencies)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    text, written_currency = str(money).split(" ")
    assert Money.parse(text, written_currency) == money
    assert money.decimal * 10**money.exponent == minor


def reading(text: str, currency: str) -> Money | str:
    """The amount, or the code of the refusal."""
    try:
        return Money.parse(text, currency)
    except InvalidInputError as refused:
        return refused.code


@pytest.mark.slow
@many
@given(text=st.text(max_size=12), currency=currencies)
def test_any_text_is_either_an_amount_or_a_refusal(text: str, currency: str) -> None:
    match reading(text, currency):
        case Money() as money:
            assert money.decimal == Decimal(text.strip())
        case code:
            assert code in {"bad_amount", "too_many_decimals", "amount_too_large"}


@pytest.mark.slow
@many
@given(
    sign=st.sampled_from(["", "-"]),
    whole=st.integers(0, 10**17),
    fraction=st.integers(0, 99_999),
    currency=currencies,
)
def test_a_decimal_keeps_its_value_or_is_refused_for_its_size(
    sign: str, whole: int, fraction: int, currency: str
) -> None:
    text = f"{sign}{whole}.{fraction:05d}"
    exact = Decimal(text).scaleb(EXPONENTS[currency])
    match reading(text, currency):
        case Money() as money:
            assert money.minor == exact
        case "too_many_decimals":
            assert exact != exact.to_integral_value()
        case code:
            assert (code, abs(exact) > MAX_MINOR) == ("amount_too_large", True)


@pytest.mark.slow
@many
@given(a=minors, b=minors, c=minors, currency=currencies)
def test_sums_come_apart_again_in_any_order(a: int, b: int, c: int, currency: str) -> None:
    x, y, z = Money(a, currency), Money(b, currency), Money(c, currency)
    assert x + y == y + x
    assert (x + y) + z == x + (y + z)
    assert (x + y) - y == x
    assert x - y == x + -y
    assert total([x, y, z], currency).minor == a + b + c


@pytest.mark.slow
@many
@given(minor=minors, times=st.integers(0, 40), currency=currencies)
def test_multiplying_equals_repeated_adding(minor: int, times: int, currency: str) -> None:
    money = Money(minor, currency)
    assert money * times == total([money] * times, currency)


@given(a=minors, b=minors, currency=currencies)
def test_amounts_of_one_currency_compare_as_their_numbers(a: int, b: int, currency: str) -> None:
    x, y = Money(a, currency), Money(b, currency)
    assert (x < y, x <= y, x > y, x >= y, x == y) == (a < b, a <= b, a > b, a >= b, a == b)
    assert bool(x) is (a != 0)


MIXING: tuple[Callable[[Money, Money], object], ...] = (
    operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge,
)  # fmt: skip


@pytest.mark.parametrize("mix", MIXING)
def test_currencies_never_mix(mix: Callable[[Money, Money], object]) -> None:
    with pytest.raises(ValueError, match="PLN and EUR"):
        mix(Money(100, "PLN"), Money(100, "EUR"))


@pytest.mark.slow
@given(first=currencies, second=currencies, minor=minors)
def test_no_two_currencies_mix_or_equal(first: str, second: str, minor: int) -> None:
    assume(first != second)
    assert Money(minor, first) != Money(minor, second)
    with pytest.raises(ValueError, match="never mix"):
        total([Money(minor, first), Money(minor, second)], first)


def test_a_sum_of_nothing_is_zero_of_its_currency() -> None:
    assert total([], "KWD") == Money(0, "KWD")
    with pytest.raises(ValueError, match="never mix"):
        total([Money(1, "PLN")], "KWD")


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 2, 3), (-5, 2, -3), (1, 2, 1), (-1, 2, -1), (4, 3, 1), (5, 3, 2), (0, 7, 0), (49, 100, 0),
     (50, 100, 1), (-49, 100, 0), (-50, 100, -1), (7, 1, 7)],
)  # fmt: skip
def test_halves_round_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert round_half_up(numerator, denominator) == rounded


@pytest.mark.slow
@many
@given(numerator=st.integers(-(10**18), 10**18), denominator=st.sampled_from([1, 7, 100, 12_300]))
def test_rounding_agrees_with_the_decimal_module(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    rounded = round_half_up(numerator, denominator)
    assert rounded == exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert rounded == -round_half_up(-numerator, denominator)


@pytest.mark.parametrize("denominator", [0, -1])
def test_dividing_by_nothing_or_less_is_a_developers_error(denominator: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        round_half_up(1, denominator)
