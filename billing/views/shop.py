"""What can be ordered, at the client's prices."""

from dataclasses import dataclass

from billing.rules.catalog import Catalog, Price, Product
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.quotes import Unavailable
from billing.rules.services import Service


@dataclass(frozen=True, slots=True)
class PriceView:
    """A price as a client sees it: gross by his tax rate."""

    price: Price
    gross: Money
    setup_gross: Money


@dataclass(frozen=True, slots=True)
class Offer:
    """A product or add-on with its prices for one client (or the public)."""

    product: Product
    prices: tuple[PriceView, ...]

    @property
    def cheapest(self) -> PriceView:
        """The shortest cycle's price, shown as "from"."""
        return self.prices[0]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A group of the catalogue with what it offers."""

    group_id: str
    number: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """The whole offer in one currency."""

    catalog: Catalog
    currency: str
    shelves: tuple[Shelf, ...]
    prices_include_tax: bool

    def offer(self, product_number: int) -> Offer | None:
        """The offer of a product by its button number."""
        return next(
            (o for s in self.shelves for o in s.offers if o.product.number == product_number), None
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether an add-on can go with a service; `obstacle` says why not."""

    service: Service
    obstacle: Unavailable | None = None


@dataclass(frozen=True, slots=True)
class FittingServices:
    """The service picker of an add-on."""

    offer: Offer
    cycle: BillingCycle
    fitting: tuple[Fit, ...]
    others: tuple[Fit, ...]
