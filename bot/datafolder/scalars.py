"""How single values of `catalog.yaml` are read, as types that pydantic understands.

A validator raises ValueError with a plain reason; `yamlerrors.py` puts the place before it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from billing.actions.shop.names import check_ending
from billing.rules.cycles import BillingCycle
from billing.rules.errors import InvalidInputError
from billing.rules.loading.differences import MAX_REF, MAX_TAX_ID
from billing.rules.payments.transfer_codes import SHORT_NAME
from billing.rules.shop.catalog import LatePolicy, NameKind
from billing.rules.work import PAID_WORK, WorkKind
from bot.datafolder import cells

NAME, LINE, PARAGRAPH, PAGE = 60, 200, 1000, 3000
"""Longest texts in characters: a message holds 4096, a button a short line."""

STAGES = (-60, 90)
PROFORMA_STAGES = (0, 90)
"""Days before, negative: after."""


def _scalar(parse: Callable[[str], Any]) -> BeforeValidator:
    def read(value: object) -> Any:
        if not isinstance(value, str):
            raise ValueError("is empty" if value is None else "must be a single value")  # noqa: TRY004 - pydantic reports only these
        return parse(value.strip())

    return BeforeValidator(read)


def _check_text(value: str, *, longest: int) -> str:
    if not value:
        raise ValueError("is empty")
    if len(value) > longest:
        raise ValueError(f"is {len(value)} characters long, at most {longest} are possible")
    return value


def _ref(value: str) -> str:
    return cells.ref(_check_text(value, longest=MAX_REF))


def _texts(value: object) -> object:
    """One text for all languages may be written without naming any."""
    return {"en": value} if isinstance(value, str) else value


def _lists(value: object) -> object:
    return {"en": value} if isinstance(value, list) else value


def _url(value: str, *, schemes: tuple[str, ...] = ("https", "http", "tg")) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    whole = "." in host.strip(".") or (parts.scheme == "tg" and host)
    if parts.scheme not in schemes or not whole or any(c.isspace() for c in value):
        raise ValueError(f'"{value}" is not an address that starts with {_list_schemes(schemes)}')
    return value


def _list_schemes(schemes: tuple[str, ...]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)


def _service_url(value: str) -> str:
    if value.count("{id}") != 1 or set("{}") & set(value.replace("{id}", "")):
        raise ValueError(f'"{value}" must have {{id}} once, where the id of the service belongs')
    return _url(value.replace("{id}", "0"), schemes=("https", "http")) and value


def _cycle(value: str) -> BillingCycle:
    if value.isdigit():  # {monthly: 29,00} is a price of 29 and a key "00"
        raise ValueError(f'"{value}" is not a cycle; decimals have a point')
    return cells.cycle(value)


def _recurring(value: str) -> BillingCycle:
    cycle = _cycle(value)
    if not cycle.recurring:
        raise ValueError(f"{cycle} never renews")
    return cycle


def _account_number(value: str) -> str:
    """Refuse a mistyped IBAN by its check digits (ISO 13616)."""
    bare = "".join(_check_text(value, longest=64).split()).upper()
    if bare[:2].isalpha() and bare[2:4].isdigit() and bare.isalnum() and bare.isascii():
        digits = "".join(str(int(character, 36)) for character in bare[4:] + bare[:4])
        if int(digits) % 97 != 1:
            raise ValueError(f'"{value}" is not a valid IBAN: its check digits do not match')
    return value


def _domain_ending(value: str) -> str:
    try:
        return check_ending(value)
    except InvalidInputError as error:
        raise ValueError(f'"{value}" is not an ending such as pl or com.pl') from error


def _distinct(value: tuple[Any, ...]) -> tuple[Any, ...]:
    for item in value:
        if value.count(item) > 1:
            raise ValueError(f"{item} is there twice")
    return value


def _not_empty(value: Mapping[str, Any]) -> Mapping[str, Any]:
    if not value:
        raise ValueError("is empty")
    return value


Ref = Annotated[str, _scalar(_ref)]
Word = Annotated[str, _scalar(partial(_check_text, longest=LINE))]
TaxId = Annotated[str, _scalar(partial(_check_text, longest=MAX_TAX_ID))]
Language = Annotated[str, _scalar(cells.language)]
ShortText = Annotated[str, _scalar(partial(_check_text, longest=NAME))]
TransferName = Annotated[str, _scalar(partial(_check_text, longest=SHORT_NAME))]
Name = Annotated[dict[Language, ShortText], BeforeValidator(_texts), AfterValidator(_not_empty)]
Paragraph = Annotated[
    dict[Language, Annotated[str, _scalar(partial(_check_text, longest=PARAGRAPH))]],
    BeforeValidator(_texts),
    AfterValidator(_not_empty),
]
Page = Annotated[
    dict[Language, Annotated[str, _scalar(partial(_check_text, longest=PAGE))]],
    BeforeValidator(_texts),
    AfterValidator(_not_empty),
]
Features = Annotated[dict[Language, tuple[Word, ...]], BeforeValidator(_lists)]
Url = Annotated[str, _scalar(_url)]
Picture = Annotated[str, _scalar(partial(_url, schemes=("https", "http")))]
Day = Annotated[date, _scalar(cells.day)]
YesNo = Annotated[bool, _scalar(cells.yes_no)]
Cycle = Annotated[BillingCycle, _scalar(_cycle)]
Currency = Annotated[str, _scalar(cells.currency)]
RecurringCycle = Annotated[BillingCycle, _scalar(_recurring)]
ServiceUrl = Annotated[str, _scalar(_service_url)]
AccountNumber = Annotated[str, _scalar(_account_number)]
Late = Annotated[LatePolicy, _scalar(partial(cells.choice, kind=LatePolicy))]
AsksFor = Annotated[NameKind, _scalar(partial(cells.choice, kind=NameKind))]
_Work = Annotated[WorkKind, _scalar(partial(cells.choice, kind=WorkKind, among=PAID_WORK))]
NeedsWork = Annotated[tuple[_Work, ...], AfterValidator(_distinct)]
DomainEndings = Annotated[
    tuple[Annotated[str, _scalar(_domain_ending)], ...], AfterValidator(_distinct)
]


def number(least: int, most: int) -> BeforeValidator:
    """A whole number within bounds, to annotate an int with."""
    return _scalar(partial(cells.whole, least=least, most=most))


Stages = Annotated[tuple[Annotated[int, number(*STAGES)], ...], AfterValidator(_distinct)]
ProformaStages = Annotated[
    tuple[Annotated[int, number(*PROFORMA_STAGES)], ...], AfterValidator(_distinct)
]
