"""Readers of cells and scalars; every function raises ValueError with a plain reason.

They do not guess: a decimal has a point, a date is ISO, a code is exactly the code.
"""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import TypeVar
from zoneinfo import available_timezones

from billing.rules.access.emails import LONGEST, email_in
from billing.rules.cycles import NAMED_CYCLES, BillingCycle, parse_cycle
from billing.rules.errors import InvalidInputError
from billing.rules.loading.differences import MAX_REF
from billing.rules.money import EXPONENTS, Money
from billing.rules.services.service import ServiceStatus, SuspendedFor
from bot.datafolder.mistakes import did_you_mean, one_of
from bot.datafolder.suspects import ENTITY, invisible_in, is_nothing

Choice = TypeVar("Choice", bound=StrEnum)

PLAIN_REF = re.compile(rf"(?=.*[0-9])[A-Za-z0-9_.-]{{1,{MAX_REF}}}")
"""The form of nearly all ids; an id of this form needs no further checks."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?\s?%?")
YEARS = range(1990, 2101)
MAX_TELEGRAM_ID = 2**52
"""Telegram promises at most 52 significant bits for an identifier."""


def text(value: str, *, longest: int) -> str:
    """One line of text, without control characters."""
    if CONTROL.search(value):
        raise ValueError("contains a line break or another control character")
    if len(value) > longest:
        raise ValueError(f"is {len(value)} characters long, at most {longest} are possible")
    return value


def ref(value: str) -> str:
    """An id of the company's own."""
    if PLAIN_REF.fullmatch(value):
        return value
    if is_nothing(value):
        raise ValueError(nothing_reason(value))
    if "&" in value and (entity := ENTITY.search(value)):
        raise ValueError(f'has "{entity[0]}" in it, which is HTML; write the character itself')
    if unseen := invisible_in(value):
        raise ValueError(f"has a character in it that nobody sees ({unseen})")
    return text(value, longest=MAX_REF)


def nothing_reason(value: str) -> str:
    """Explain why a word that other programs write for an empty value is refused."""
    return f'"{value}" is what other programs write for nothing; leave it empty, or say what it is'


def currency(value: str) -> str:
    """An ISO 4217 code that Panelik can bill in."""
    if value not in EXPONENTS:
        raise ValueError(f'"{value}" is not a currency we know{one_of(value, sorted(EXPONENTS))}')
    return value


@lru_cache(maxsize=4096)
def amount(value: str, currency: str) -> Money:
    """A decimal with a point, zero or more."""
    try:
        money = Money.parse(value, currency)
    except InvalidInputError as error:
        raise ValueError(_amount_reason(value, currency, error.code)) from error
    if money.minor < 0:
        raise ValueError(f"{value} is negative")
    return money


def _amount_reason(value: str, currency: str, code: str) -> str:
    if code == "too_many_decimals":
        return f"{value} has more than the {EXPONENTS[currency]} decimal digits of {currency}"
    if code == "amount_too_large":
        return f"{value} is more than we can hold"
    hint = "; decimals have a point" if "," in value else ""
    return f'"{value}" is not an amount such as 29.00{hint}'


@lru_cache(maxsize=4096)
def day(value: str) -> date:
    """An ISO date of a believable year."""
    try:
        # fromisoformat would also accept 20270331 and 2027-W13-3.
        date_read = date.fromisoformat(value if ISO_DATE.fullmatch(value) else "")
    except ValueError as error:
        raise ValueError(f'"{value}" is not a date such as 2027-03-31') from error
    if date_read.year not in YEARS:
        raise ValueError(f"{value}: the year is not between {YEARS[0]} and {YEARS[-1]}")
    return date_read


def whole(value: str, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    if not re.fullmatch(r"-?[0-9]{1,6}", value) or not least <= int(value) <= most:
        raise ValueError(f'"{value}" is not a whole number from {least} to {most}')
    return int(value)


def yes_no(value: str) -> bool:
    """yes, no, true or false."""
    words = {"yes": True, "true": True, "no": False, "false": False}
    if value.lower() not in words:
        raise ValueError(f'"{value}" is neither yes nor no')
    return words[value.lower()]


def choice(value: str, kind: type[Choice], among: Collection[Choice] | None = None) -> Choice:
    """One word out of a fixed list: of all of that kind, or of some."""
    members = tuple(kind) if among is None else among
    for member in members:
        if member.value == value.lower():
            return member
    hint = one_of(value, [member.value for member in members])
    raise ValueError(f'"{value}" is not known{hint}')


@lru_cache(maxsize=256)
def cycle(value: str) -> BillingCycle:
    """A billing cycle by its name, or a number and a unit."""
    try:
        return parse_cycle(value.lower())
    except ValueError as error:
        hint = one_of(value, list(map(str, NAMED_CYCLES)))
        others = "other cycles are a number and a unit: 5-years"
        raise ValueError(f'"{value}" is not known{hint}; {others}') from error


@lru_cache(maxsize=256)
def status(value: str) -> ServiceStatus:
    """A status of a service."""
    return choice(value, ServiceStatus)


@lru_cache(maxsize=256)
def suspended_for(value: str) -> SuspendedFor:
    """The reason of a suspension."""
    return choice(value, SuspendedFor)


def email(value: str) -> str:
    """An e-mail address by its shape."""
    if email_in(text(value, longest=LONGEST)) != value:
        raise ValueError(f'"{value}" is not an e-mail address')
    return value


def country(value: str) -> str:
    """An ISO 3166 code of two letters."""
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ValueError(f'"{value}" is not a country code of two letters such as PL')
    return value.upper()


def language(value: str) -> str:
    """A language code by its shape."""
    if not LANGUAGE.fullmatch(value):
        raise ValueError(f'"{value}" is not a language code such as pl or en')
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def timezone(value: str) -> str:
    """A name of the IANA time zone database."""
    if value not in _zones():
        hint = did_you_mean(value, sorted(_zones())) or "; one is Europe/Warsaw"
        raise ValueError(f'"{value}" is not a time zone{hint}')
    return value


def tax_rate(value: str) -> int:
    """A percentage such as 23 or 7.7, in basis points."""
    match = PERCENT.fullmatch(value)
    points = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else -1
    if not value.isascii() or not 0 <= points <= 10_000:
        raise ValueError(f'"{value}" is not a percentage such as 23 or 7.7')
    if 0 < points < 100:
        raise ValueError(f"{value} is less than one per cent; for {points} % write {points}")
    return points


def telegram_ids(value: str) -> tuple[int, ...]:
    """User ids with spaces between them (commas, semicolons and bars do as well)."""
    parts = [part for part in re.split(r"[\s,;|]+", value) if part]
    for part in parts:
        if not re.fullmatch(r"[0-9]{1,16}", part) or not 0 < int(part) < MAX_TELEGRAM_ID:
            raise ValueError(f'"{part}" is not the id of a Telegram user')
    ids = [int(part) for part in parts]
    for number in ids:
        if ids.count(number) > 1:
            raise ValueError(f"{number} is there twice")
    return tuple(ids)


def domain(value: str) -> str:
    """A domain, host or other name of a service, kept as typed."""
    if re.search(r"\s", text(value, longest=253)):
        raise ValueError(f'"{value}" has a space in it')
    return value
