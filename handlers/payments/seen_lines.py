"""What a client saw last before they pay: kept to show them old → new should it change.

A button carries no price. The confirmation keeps its lines in the view, together with their seal,
so that they are only ever compared with what the tapped button stood under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from billing.ports.conversations import Json, View
from billing.rules.money import Money, PartialSum, total_known
from billing.rules.shop.quotes import Quote, QuotedCart

SEAL = "checkout.seal"
LINES = "checkout.lines"


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line as it was shown: gross in minor units, the end of its period, as far as known."""

    name: str
    gross: int | None
    until: date | None

    def price(self, currency: str) -> Money | None:
        """Its gross price; None where it was not known."""
        return None if self.gross is None else Money(self.gross, currency)


@dataclass(frozen=True, slots=True)
class SeenLines:
    """The lines that were shown by their ids in the cart."""

    lines: Mapping[int, SeenLine]

    def total(self, cart: QuotedCart) -> PartialSum:
        """What all of them came to in the cart, as far as it was known."""
        prices = (line.price(cart.currency) for line in self.lines.values())
        return total_known(prices, cart.currency, is_estimate=cart.is_estimate)


def seen_line_values(cart: QuotedCart) -> dict[str, Json]:
    """The changes of the view that keep what is shown now."""
    return {SEAL: cart.seal, LINES: [_pack(quote) for quote in cart.quotes]}


def read_seen_lines(view: View, seal: int) -> SeenLines | None:
    """What was shown under a button with that seal; None if something else was shown since."""
    rows = view.get(LINES)
    if view.get(SEAL) != seal or not isinstance(rows, list):
        return None
    return SeenLines(dict(_unpack(row) for row in rows if isinstance(row, list)))


def _pack(quote: Quote) -> list[Json]:
    until = quote.period_to.isoformat() if quote.period_to else None
    gross = quote.gross.minor if quote.gross is not None else None
    return [quote.line_id, quote.name, gross, until]


def _unpack(row: list[Json]) -> tuple[int, SeenLine]:
    match row:
        case [int(line_id), str(name), int() | None as gross, str() | None as until]:
            return line_id, SeenLine(name, gross, date.fromisoformat(until) if until else None)
    raise ValueError(f"no line that was shown: {row!r}")
