"""Orders: the confirmed intent of one checkout, with its state and the invoices made for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.rules.money import Money
from billing.rules.shop.quotes import Quote


class OrderState(StrEnum):
    """Placing until the panel has all of it; then placed, refused, or withdrawn by the client.

    Part placed: the panel has a part of it and refused another.
    """

    PLACING = "placing"
    PART_PLACED = "part_placed"
    PLACED = "placed"
    REFUSED = "refused"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


class LineState(StrEnum):
    """How far a line of an order has come in the panel."""

    WAITING = "waiting"
    PLACED = "placed"
    REFUSED = "refused"


UNDER_WAY = frozenset({OrderState.PLACING, OrderState.WITHDRAWING})
"""States in which the panel has yet to answer; what is on the order cannot be ordered again."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A confirmed quote and what the panel has made of it so far."""

    quote: Quote
    state: LineState = LineState.WAITING


@dataclass(frozen=True, slots=True)
class Order:
    """What a client confirmed, unique by the revision of their cart.

    `seal` is the hash of the quotes they have seen, `total` the sum; `refusal` is the panel's code
    where it has refused the order or a part.
    """

    id: int
    client_id: int
    cart_revision: int
    state: OrderState
    currency: str
    seal: int
    total: Money
    lines: tuple[OrderLine, ...]
    created_at: datetime
    refusal: str = ""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """What was confirmed."""
        return tuple(line.quote for line in self.lines)

    @property
    def is_under_way(self) -> bool:
        """Whether the panel has yet to answer."""
        return self.state in UNDER_WAY
