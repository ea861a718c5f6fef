"""Money as whole minor units of one currency.

Amounts are never floats and currencies never mix. There is one rounding rule, half up (away from
zero), used once per line for tax.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from billing.rules.errors import InvalidInputError

EXPONENTS = {
    "AED": 2, "AUD": 2, "BGN": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CZK": 2, "DKK": 2,
    "EUR": 2, "GBP": 2, "HUF": 2, "ILS": 2, "INR": 2, "ISK": 0, "JPY": 0, "KRW": 0, "KWD": 3,
    "MXN": 2, "NOK": 2, "NZD": 2, "PLN": 2, "PYG": 0, "RON": 2, "SEK": 2, "SGD": 2, "TRY": 2,
    "UAH": 2, "USD": 2, "ZAR": 2,
}  # fmt: skip
"""Digits after the point per ISO 4217 currency: the currencies that Panelik can bill in."""

MAX_MINOR = 10**15
"""The largest amount accepted, in minor units: far above any hosting bill, far below 64 bits."""

# Digits are ASCII on purpose: `\d` would also match other scripts' digits.
AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide two integers, rounding halves away from zero; the only rounding in billing."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    quotient, remainder = divmod(abs(numerator), denominator)
    rounded = quotient + (2 * remainder >= denominator)
    return rounded if numerator >= 0 else -rounded


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (grosz, cent) of an ISO currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole: {self.minor!r}")
        if self.currency not in EXPONENTS:
            raise InvalidInputError("unknown_currency", currency=self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in that currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read a decimal with a point, digits on both sides of it; zeros at its end are harmless.

        InvalidInputError if it is not one, is finer than the currency, or above MAX_MINOR.
        """
        exponent = EXPONENTS.get(currency)
        if exponent is None:
            raise InvalidInputError("unknown_currency", currency=currency)
        match = AMOUNT.fullmatch(text.strip())
        if match is None:
            raise InvalidInputError("bad_amount", text=text)
        sign, whole, fraction = match[1], match[2].lstrip("0"), (match[3] or "").rstrip("0")
        if len(fraction) > exponent:
            raise InvalidInputError("too_many_decimals", text=text, digits=exponent)
        digits = whole + fraction.ljust(exponent, "0")
        # The length is looked at first: int() refuses strings of thousands of digits.
        if len(digits) > len(str(MAX_MINOR)) or int(digits or "0") > MAX_MINOR:
            raise InvalidInputError("amount_too_large", text=text)
        return cls(int(f"{sign}{digits or 0}"), currency)

    @property
    def exponent(self) -> int:
        """Digits after the decimal point."""
        return EXPONENTS[self.currency]

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-self.exponent)

    def __str__(self) -> str:
        return f"{self.decimal:.{self.exponent}f} {self.currency}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"currencies never mix: {self.currency} and {other.currency}")
        return other


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum amounts of one currency; zero of it when there are none."""
    return sum(amounts, start=Money.zero(currency))


@dataclass(frozen=True, slots=True)
class PartialSum:
    """A sum of what is known; `unknown` counts the amounts that are not known yet.

    An unknown amount is never taken for zero: the whole is at least `known`. A sum of list prices
    `is_estimate` where somebody else, a connected panel, says what they come to.
    """

    known: Money
    unknown: int = 0
    is_estimate: bool = False

    @property
    def whole(self) -> Money | None:
        """The sum of everything; None while a part of it is unknown."""
        return None if self.unknown else self.known

    @property
    def is_nothing(self) -> bool:
        """Whether everything is known and comes to zero."""
        return not self.unknown and not self.known


def total_known(
    amounts: Iterable[Money | None], currency: str, *, is_estimate: bool = False
) -> PartialSum:
    """Sum amounts of one currency, where None stands for one that is not known yet."""
    parts = tuple(amounts)
    known = total((part for part in parts if part is not None), currency)
    return PartialSum(known, parts.count(None), is_estimate)
