"""Reading a call's parameters as PHP does: loosely."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.traps import Traps

_NUMBER = re.compile(r"\s*[+-]?\d+")
_NESTED = re.compile(r"(\w+)\[(\w+)\]")
_NO = ("false", "no", "off", "0", "")


class Parameters:
    """The parameters of one call."""

    def __init__(self, values: Json, traps: Traps) -> None:
        self._values = values
        self._loose = traps.loose_ids

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def get(self, name: str) -> object:
        """Return the value as it was sent; None when it was not."""
        return self._values.get(name)

    def text(self, name: str) -> str | None:
        """Return a text; None when it is empty or was not sent."""
        value = self._values.get(name)
        return None if value is None or value == "" else str(value)

    def id(self, name: str, what: str) -> int:
        """Return an id, or refuse when it is missing: "Order ID was not passed"."""
        number = self.number(name)
        if number is None:
            raise PanelError(f"{what} ID was not passed")
        return number

    def number(self, name: str) -> int | None:
        """Return a whole number, read as PHP's `(int)` reads it; None when it was not sent."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if self._loose:
            return loose_int(value)
        if isinstance(value, bool) or not re.fullmatch(r"\d+", str(value)):
            raise PanelError(f"{name} is no number")
        return int(str(value))

    def truth(self, name: str) -> bool:
        """Return whether PHP holds a value for true: the text "false" is."""
        return self._values.get(name) not in (None, False, 0, "", "0", [], {})

    def flag(self, name: str) -> bool:
        """Return a flag that the panel reads properly: "false" is false."""
        return str(self._values.get(name, "")).lower() not in (*_NO, "none")

    def amount(self, name: str) -> float | None:
        """Return an amount of money; refuse what is no number, such as "12,50"."""
        value = self._values.get(name)
        if value is None:
            return None
        try:
            return round(float(str(value)), 2)
        except ValueError:
            raise PanelError(f"{name} is not a valid amount") from None


def loose_int(value: object) -> int:
    """Return a number as PHP's `(int)` does: "1abc" is 1, 1.5 is 1, a list with anything is 1."""
    if isinstance(value, (list, dict)):
        return 1 if value else 0
    if isinstance(value, (bool, int, float)):
        return int(value)
    found = _NUMBER.match(str(value))
    return int(found.group()) if found else 0


def read_form(text: str) -> Json:
    """Read a form or a query string; `meta[ref]=1` becomes an object."""
    values: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        nested = _NESTED.fullmatch(name)
        if nested:
            values.setdefault(nested[1], {})[nested[2]] = value
        else:
            values[name] = value
    return values
