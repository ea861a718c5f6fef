"""Money, numbers, dates and times as a language writes them.

CLDR's non-breaking spaces in numbers are kept, so an amount never breaks over a line. Recent
results are cached: most screens show again what others have just shown, and Babel takes longer for
one amount than a query takes for a whole page.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import (
    NumberPattern,
    format_decimal,
    format_percent,
    get_decimal_symbol,
    parse_pattern,
)

from billing.rules.money import Money

NBSP = "\u00a0"

_remembered = lru_cache(maxsize=4096)


@_remembered
def money(amount: Money, locale: Locale) -> str:
    """An amount with its currency, to the currency's last digit: "1 234,50 zł"."""
    pattern = _money_pattern(locale, amount.exponent)
    text = pattern.apply(amount.decimal, locale, currency=amount.currency, currency_digits=False)
    return _spaced(text, amount.currency)


@lru_cache(maxsize=256)
def _money_pattern(locale: Locale, exponent: int) -> NumberPattern:
    """The locale's pattern with our own number of decimals: CLDR's table is not ISO 4217."""
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (exponent, exponent)
    return pattern


def _spaced(text: str, currency: str) -> str:
    """Put a space between currency code and number ("PLN 5"), as CLDR asks and Babel forgets."""
    before, found, after = text.partition(currency)
    return f"{before}{found}{NBSP}{after}" if found and after[:1].isdigit() else text


def bare_amount(amount: Money, locale: Locale) -> str:
    """An amount for a bank's form: no currency, no grouping, the language's decimal mark."""
    return f"{amount.decimal:.{amount.exponent}f}".replace(".", get_decimal_symbol(locale))


@_remembered
def number(value: int, locale: Locale) -> str:
    """A whole number with the language's grouping."""
    return format_decimal(value, locale=locale)


@_remembered
def percent(basis_points: int, locale: Locale) -> str:
    """Hundredths of a percent as a percentage without superfluous zeros: 2300 is "23%"."""
    share = Decimal(basis_points).scaleb(-4)
    return format_percent(share, locale=locale, decimal_quantization=False)


@_remembered
def short_date(day: date, locale: Locale) -> str:
    """A date that fits a list: "3 Mar 2027"."""
    return format_date(day, "medium", locale=locale)


@_remembered
def day(date_: date, locale: Locale) -> str:
    """A near date without its year: "3 Mar"."""
    return format_skeleton("MMMd", date_, locale=locale)


@_remembered
def month_alone(day: date, locale: Locale) -> str:
    """The month without its year, in short: "mar"."""
    return format_date(day, "LLL", locale=locale)


def month(day: date, locale: Locale, *, width: str = "MMMM") -> str:
    """The month of a day with its year, in the form for standing alone: "March 2027"."""
    return format_skeleton(f"y{width}", day, locale=locale)


_WEEKDAYS: dict[str, Sequence[str]] = {"pl": ("pn", "wt", "śr", "cz", "pt", "so", "nd")}
"""From Monday, as calendars print them; CLDR has "wto", "pią" and "nie", which reads as "no"."""


@_remembered
def weekday_date(day: date, locale: Locale) -> str:
    """A near date with its day of the week: "Tue 3 March"."""
    return format_skeleton("MMMMEd", day, locale=locale)


@_remembered
def clock(at: time, locale: Locale) -> str:
    """A time of day as a clock shows it: "10:00"."""
    return format_time(at, "short", locale=locale)


@lru_cache(maxsize=64)
def weekdays(locale: Locale) -> tuple[str, ...]:
    """Two letters for each day of the week, from the language's first day on."""
    names = _WEEKDAYS.get(locale.language, locale.days["stand-alone"]["short"])
    return tuple(names[(locale.first_week_day + day) % 7].rstrip(".") for day in range(7))


def instant(moment: datetime, *, zone: ZoneInfo, locale: Locale) -> str:
    """An instant as the clock in a zone shows it; ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("an instant has a time zone")
    local = moment.astimezone(zone)
    day = format_date(local.date(), "medium", locale=locale)
    return f"{day}, {format_time(local.timetz(), 'short', locale=locale)}"
