"""Shapes of the panel's rows: names of fields and kinds of values, never a value."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from bot.panels.fossbilling.values import Row

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

_BY_NAMES_OF_THEIRS: Final = frozenset({"config", "meta", "pricing"})
"""Fields whose inner names are the company's own."""


def shape_of(rows: Iterable[Row]) -> dict[str, str]:
    """The fields of rows with the kinds that their values have: {"id": "int|text number"}."""
    kinds: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            kinds.setdefault(str(name), set()).add(kind_of(str(name), value))
    return {name: "|".join(sorted(seen)) for name, seen in sorted(kinds.items())}


def kind_of(name: str, value: Any) -> str:
    """The kind of a value: for text also whether it is a date or a number."""
    if isinstance(value, str):
        if not value:
            return "empty text"
        if _DATE.fullmatch(value):
            return "date"
        return "text number" if _NUMBER.fullmatch(value) else "text"
    if isinstance(value, Mapping):
        if name in _BY_NAMES_OF_THEIRS:
            return "object"
        return (
            f"object({', '.join(sorted(str(one) for one in value if not str(one).isdecimal()))})"
        )
    if isinstance(value, list):
        return "list" if value else "empty list"
    return _PLAIN.get(type(value), type(value).__name__)


_PLAIN: Final[Mapping[type, str]] = {
    type(None): "null", bool: "bool", int: "int", Decimal: "fraction",
}  # fmt: skip


def is_artefact(value: object) -> bool:
    """Whether an amount is a binary fraction, such as 24.479999999999997."""
    return isinstance(value, Decimal) and value != value.quantize(Decimal("0.0001"))
