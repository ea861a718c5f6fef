"""What a client is about to pay for."""

from dataclasses import dataclass
from enum import StrEnum

from billing.rules.cycles import BillingCycle


class LineKind(StrEnum):
    """The three things that can be bought; a first period and a renewal are never mixed up."""

    RENEWAL = "renewal"
    ADDON = "addon"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class CartLine:
    """A renewal of `service_id`, an add-on for it (or for `parent_line`), or a product.

    `name` is the domain or label the client typed for a new product; no prices are kept here.
    """

    id: int
    kind: LineKind
    cycle: BillingCycle
    service_id: int | None = None
    product_id: str = ""
    parent_line: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cart:
    """The one cart of a client, shared by its users; every change bumps the revision.

    `next_line` is the id the next new line will get; ids are never given twice.
    """

    client_id: int
    revision: int
    lines: tuple[CartLine, ...] = ()
    next_line: int = 1

    def line(self, line_id: int) -> CartLine | None:
        """The line with that id."""
        return next((line for line in self.lines if line.id == line_id), None)

    def renewal_of(self, service_id: int) -> CartLine | None:
        """The line that renews a service, if it is in the cart."""
        return next(
            (
                line
                for line in self.lines
                if line.kind is LineKind.RENEWAL and line.service_id == service_id
            ),
            None,
        )
