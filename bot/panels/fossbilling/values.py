"""Values as FOSSBilling writes them, and ours: ids, money, dates, text.

The panel writes ids as numbers or as text, amounts as binary fractions or as text, dates in its
own local time without an offset, and an empty object as an empty list.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from billing.rules.money import EXPONENTS, Money

Row = Mapping[str, Any]
"""A JSON object as the panel sends it."""

_ID: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_WIDEST: Final = 0xFFFF
"""The last character that the panel's tables can hold; those beyond take four bytes."""

_NO_DATE: Final = "0000-00-00"
"""How MySQL begins to write a date that is none."""

SHORT: Final = 250
"""Characters of titles and reasons; the panel's columns for them hold 255."""


class UnreadableError(ValueError):
    """A field of a row is missing, or has a value of which nobody knows what it means."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def id_of(value: object) -> int:
    """Read an id, ours as text or the panel's as it comes. ValueError for anything else.

    Only whole numbers are sent: the panel takes "1abc" for 1.
    """
    if isinstance(value, bool) or _ID.fullmatch(str(value)) is None:
        raise ValueError(f"not an id of a panel: {value!r:.40}")
    return int(str(value))


def ref_of(value: object) -> str:
    """Write an id of the panel as a ref of ours; "" for none."""
    return "" if value in (None, "", 0, "0") else str(id_of(value))


def id_in(one: Row, name: str) -> int:
    """The id in a field of a row. UnreadableError."""
    try:
        return id_of(one.get(name))
    except ValueError:
        raise UnreadableError(name) from None


def ref_in(one: Row, name: str) -> str:
    """The ref in a field of a row; "" for none. UnreadableError."""
    try:
        return ref_of(one.get(name))
    except ValueError:
        raise UnreadableError(name) from None


def date_in(one: Row, name: str) -> datetime | None:
    """The date in a field of a row, by the panel's calendar; None for none. UnreadableError."""
    value = one.get(name)
    moment = _moment(value)
    if moment is None and value and not str(value).startswith(_NO_DATE):
        raise UnreadableError(name)
    return moment


def flag(value: object) -> bool:
    """Whether a flag is set; it may come as text, and "0" is no."""
    return text(value).lower() not in ("", "0", "false")


def money(value: object, currency: str) -> Money | None:
    """Read an amount; None for one that is no number or in a currency that we do not know.

    24.479999999999997 is 24.48: the panel's sums are binary fractions.
    """
    if isinstance(value, bool) or currency not in EXPONENTS:
        return None
    try:
        exact = Decimal(str(value))
        minor = int(exact.scaleb(EXPONENTS[currency]).quantize(Decimal(1), ROUND_HALF_UP))
    except (InvalidOperation, ValueError):
        return None
    return Money(minor, currency)


def number(amount: Money) -> Decimal:
    """Write an amount as the panel takes it: a JSON number with a point."""
    return amount.decimal


def local_date(value: object) -> date | None:
    """The day of a date, by the panel's calendar; None for none, and for MySQL's zero."""
    moment = _moment(value)
    return moment.date() if moment else None


def instant(value: object, zone: ZoneInfo) -> datetime | None:
    """Read a date in panel time as an instant in UTC; None for none."""
    return in_zone(_moment(value), zone)


def in_zone(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A date in panel time as an instant in UTC; None for none."""
    return moment.replace(tzinfo=zone).astimezone(UTC) if moment else None


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None) if value else None
    except ValueError:
        return None


def text(value: object) -> str:
    """A text of the panel; "" for none."""
    return "" if value is None else str(value).strip()


def row(value: object) -> Row:
    """An object of the panel; PHP writes an empty one as an empty list."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Row]:
    """The objects of a list of the panel; PHP writes some lists as objects with numbers."""
    if isinstance(value, Mapping):
        value = list(value.values())
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def short_text(value: str, end: str = "") -> str:
    """A text for a short field of the panel, with `end` whole: a longer one fails the write.

    By then the panel has ended the service at its server, and its order stays as it was.
    """
    return str(writable(value))[: SHORT - len(end)] + end


def writable(value: Any) -> Any:
    """What is to be written, without what the panel cannot take.

    Characters of four bytes are left out, since one of them fails the whole write. So are fields
    that are None or False: a flag that is not set is not sent.
    """
    if isinstance(value, str):
        return "".join(character for character in value if ord(character) <= _WIDEST)
    if isinstance(value, Mapping):
        kept = {name: one for name, one in value.items() if one is not None and one is not False}
        return {name: writable(one) for name, one in kept.items()}
    if isinstance(value, (list, tuple)):
        return [writable(one) for one in value]
    return value
