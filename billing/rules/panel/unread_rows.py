"""Rows of a connected panel that cannot be read: which, and where, never what stands in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class RowKind(StrEnum):
    """What a row of the panel is."""

    ORDER = "order"
    INVOICE = "invoice"
    CLIENT = "client"
    PRODUCT = "product"
    ACTIVITY = "activity"
    """A line of the log that tells what has changed."""


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that cannot be read, by its number in the panel, "" where that is what is odd.

    `field` is the panel's name of the field, "" where it is none in particular.
    """

    kind: RowKind
    number: str
    field: str = ""

    def __str__(self) -> str:
        words = (str(self.kind), self.number, f"({self.field})" if self.field else "")
        return " ".join(word for word in words if word)


def name_rows(rows: Iterable[UnreadRow], *, longest: int) -> str:
    """Name rows in so many characters: "invoice 12 (total), order 3 (period)"."""
    named = ", ".join(map(str, rows))
    return named if len(named) <= longest else f"{named[: longest - 1]}…"
