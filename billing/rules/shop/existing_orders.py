"""What a client cannot order again: names that are in use, and what is on unpaid invoices.

What is on an unpaid invoice counts as if it was there already: paid, it will be. An invoice that
is cancelled or lapses does not count any more. Other clients' names are no concern of this: who a
domain belongs to is found out when it is set up.
"""

from collections.abc import Collection
from dataclasses import dataclass

from billing.rules.names import same_name
from billing.rules.shop.cart import LineKind
from billing.rules.shop.catalog import Catalog, Product
from billing.rules.shop.quotes import Quote


@dataclass(frozen=True, slots=True)
class UnpaidLine:
    """A line of an unpaid invoice: a new service or add-on as soon as that is paid.

    `invoice_id` is None for a line of an order that the panel has not answered yet.
    """

    invoice_id: int | None
    number: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Namesake:
    """A live service that bears a `name` that was asked for: as its domain, or `by_label`."""

    name: str
    product_id: str
    by_label: bool = False


@dataclass(frozen=True, slots=True)
class ExistingOrders:
    """The lines of a client's unpaid invoices, and the services that bear certain names."""

    lines: tuple[UnpaidLine, ...] = ()
    namesakes: tuple[Namesake, ...] = ()

    def line_named(self, name: str, among: Collection[str]) -> UnpaidLine | None:
        """The line that makes a service of that name, of one of these products."""
        for line in self.lines:
            quote = line.quote
            is_new = quote.kind is LineKind.PRODUCT and quote.product_id in among
            if is_new and same_name(quote.domain, name):
                return line
        return None

    def bears(self, name: str, among: Collection[str], *, labels: bool = True) -> bool:
        """Whether a live service of one of these products has that name (or label)."""
        return any(
            one.name == name and one.product_id in among and (labels or not one.by_label)
            for one in self.namesakes
        )

    def addons(self, service_id: int | None, product_id: str) -> tuple[UnpaidLine, ...]:
        """The lines that make an add-on of a kind for a service."""
        return tuple(
            line
            for line in self.lines
            if line.quote.kind is LineKind.ADDON
            and line.quote.parent_line is None
            and (line.quote.service_id, line.quote.product_id) == (service_id, product_id)
        )


NO_ORDERS = ExistingOrders()


def alike(catalog: Catalog, product: Product) -> frozenset[str]:
    """The products of its group, by their ids: among these a name is borne once.

    Hosting for a domain that was registered here is welcome, a second hosting for it is a mistake.
    """
    return frozenset(
        other.id
        for other in catalog.products
        if other.kind is product.kind and other.group == product.group
    )
