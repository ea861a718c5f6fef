"""What a client saw last before they pay: kept to show them old → new should it change.

A button carries no price. The confirmation keeps its lines in the view, together with their seal,
so that they are only ever compared with what the tapped button stood under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from billing.ports.conversations import Json, View
from billing.rules.money import Money
from billing.rules.quotes import Quote, QuotedCart

SEAL = "checkout.seal"
LINES = "checkout.lines"


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line as it was shown: gross in minor units, the end of its period."""

    name: str
    gross: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The lines that were shown by their ids in the cart."""

    lines: Mapping[int, SeenLine]

    def total(self, currency: str) -> Money:
        """What all of them came to."""
        return Money(sum(line.gross for line in self.lines.values()), currency)


def remembered(quoted: QuotedCart) -> dict[str, Json]:
    """The changes of the view that keep what is shown now."""
    return {SEAL: quoted.seal, LINES: [_packed(quote) for quote in quoted.quotes]}


def recalled(view: View, seal: int) -> Seen | None:
    """What was shown under a button with that seal; None if something else was shown since."""
    kept = view.get(LINES)
    if view.get(SEAL) != seal or not isinstance(kept, list):
        return None
    return Seen(dict(_unpacked(row) for row in kept if isinstance(row, list)))


def _packed(quote: Quote) -> list[Json]:
    until = quote.period_to.isoformat() if quote.period_to else None
    return [quote.line_id, quote.name, quote.gross.minor, until]


def _unpacked(row: list[Json]) -> tuple[int, SeenLine]:
    match row:
        case [int(line_id), str(name), int(gross), str(until)]:
            return line_id, SeenLine(name, gross, date.fromisoformat(until))
        case [int(line_id), str(name), int(gross), None]:
            return line_id, SeenLine(name, gross, None)
    raise ValueError(f"no line that was shown: {row!r}")
