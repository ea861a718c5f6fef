from datetime import date, time

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.money import EXPONENTS, Money
from locales import formats

PL = Locale.parse("pl")
EN = Locale.parse("en_GB")


@pytest.mark.parametrize(
    ("minor", "currency", "polish", "english"),
    [
        (123_450, "PLN", "1\u00a0234,50\u00a0zł", "PLN\u00a01,234.50"),
        (2_900, "PLN", "29,00\u00a0zł", "PLN\u00a029.00"),
        (-500, "PLN", "-5,00\u00a0zł", "-PLN\u00a05.00"),
        (123_450, "EUR", "1\u00a0234,50\u00a0€", "€1,234.50"),
        (1_234, "JPY", "1\u00a0234\u00a0JPY", "JP¥1,234"),
        (1_234_500, "KWD", "1\u00a0234,500\u00a0KWD", "KWD\u00a01,234.500"),
        (0, "PLN", "0,00\u00a0zł", "PLN\u00a00.00"),
    ],
)
def test_money_never_breaks_over_a_line(
    minor: int, currency: str, polish: str, english: str
) -> None:
    amount = Money(minor, currency)
    assert formats.money(amount, PL) == polish
    assert formats.money(amount, EN) == english


@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(EXPONENTS)))
def test_no_digit_of_an_amount_is_lost(minor: int, currency: str) -> None:
    digits = "".join(c for c in formats.money(Money(minor, currency), PL) if c.isdigit())
    assert int(digits) == abs(minor)


@pytest.mark.parametrize(
    ("basis_points", "said"), [(2300, "23%"), (0, "0%"), (850, "8,5%"), (525, "5,25%")]
)
def test_a_percentage_shows_no_needless_zeros(basis_points: int, said: str) -> None:
    assert formats.percent(basis_points, PL) == said


def test_large_numbers_are_grouped() -> None:
    assert formats.number(12_345, PL) == "12\u00a0345"
    assert formats.number(12_345, EN) == "12,345"


def test_a_near_date_names_its_day_of_the_week() -> None:
    assert formats.weekday_date(date(2027, 3, 3), PL) == "śr., 3 marca"
    assert formats.weekday_date(date(2027, 3, 3), EN) == "Wed 3 Mar"


def test_a_clock_counts_to_24() -> None:
    assert [formats.clock(time(hour), EN) for hour in (9, 20)] == ["09:00", "20:00"]


def test_a_week_begins_as_the_country_has_it() -> None:
    assert formats.weekdays(PL) == ("pn", "wt", "śr", "cz", "pt", "so", "nd")
    assert formats.weekdays(EN) == ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    assert formats.weekdays(Locale.parse("en_US"))[0] == "Su"


@pytest.mark.parametrize(
    ("minor", "currency", "polish", "english"),
    [
        (123_450, "PLN", "1234,50", "1234.50"),
        (1_234, "JPY", "1234", "1234"),
        (1_234_500, "KWD", "1234,500", "1234.500"),
    ],
)
def test_a_bare_amount_has_the_decimal_mark_of_the_language(
    minor: int, currency: str, polish: str, english: str
) -> None:
    amount = Money(minor, currency)
    assert formats.bare_amount(amount, PL) == polish
    assert formats.bare_amount(amount, EN) == english
