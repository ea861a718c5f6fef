"""Rows that cannot be read, each set aside: one of them must not end the reading of all others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from billing.rules.panel.unread_rows import RowKind, UnreadRow
from bot.panels.fossbilling.values import Row, UnreadableError, id_of

T = TypeVar("T")

_ODD: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What comes of a value that nobody has thought of."""


def read_row(kind: RowKind, one: Row, read: Callable[[], T]) -> T | UnreadRow:
    """What is read of a row; else which row it is, without what stands in it."""
    try:
        return read()
    except UnreadableError as error:
        return UnreadRow(kind, number_of(one), error.field)
    except _ODD:
        return UnreadRow(kind, number_of(one))


def number_of(one: Row) -> str:
    """The number of a row; "" where that cannot be read."""
    try:
        return str(id_of(one.get("id")))
    except ValueError:
        return ""


@dataclass(slots=True)
class UnreadRows:
    """Rows that could not be read, each once, by the refs of whose they are; "": nobody knows."""

    by_owner: dict[str, dict[UnreadRow, None]] = field(default_factory=dict)

    def add(self, owner: str, row: UnreadRow) -> None:
        """Set a row aside."""
        self.by_owner.setdefault(owner, {})[row] = None

    def of(self, owner: str) -> tuple[UnreadRow, ...]:
        """Those of a client."""
        return tuple(self.by_owner.get(owner, ()))

    @property
    def strays(self) -> tuple[UnreadRow, ...]:
        """Those of nobody."""
        return self.of("")

    def numbers(self, kind: RowKind) -> Iterable[int]:
        """The numbers of rows of a kind, as far as they can be read."""
        rows = (row for rows in self.by_owner.values() for row in rows)
        return (int(row.number) for row in rows if row.kind is kind and row.number)
