"""What can be ordered, at the client's prices."""

from collections.abc import Mapping
from dataclasses import dataclass

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog, Price, Product
from billing.rules.shop.existing_orders import UnpaidLine
from billing.rules.shop.quotes import Unavailable
from billing.rules.shop.savings import CyclePrice, Saving, savings
from billing.views.cart import CartView


@dataclass(frozen=True, slots=True)
class PriceView:
    """A price as a client sees it: gross by their tax rate."""

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

    @property
    def savings(self) -> Mapping[BillingCycle, Saving]:
        """What longer cycles save against the shortest one over the same time."""
        return savings(CyclePrice(v.price.cycle, v.gross, v.setup_gross) for v in self.prices)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A group of the catalogue with what it offers."""

    group_id: str
    number: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """What is offered in one currency; all prices are gross, `tax_rate` in basis points."""

    catalog: Catalog
    currency: str
    shelves: tuple[Shelf, ...]
    prices_include_tax: bool
    tax_rate: int = 0

    def offer(self, product_number: int) -> Offer | None:
        """The offer of a product by its button number."""
        return next(
            (o for s in self.shelves for o in s.offers if o.product.number == product_number), None
        )


@dataclass(frozen=True, slots=True)
class AddOnChoice:
    """Whether an add-on can go with a service; `obstacle` says why not.

    `in_cart` when there would be too many only because of what is in the cart; `on_invoice` when
    it is because of an unpaid invoice.
    """

    service: Service
    obstacle: Unavailable | None = None
    in_cart: bool = False
    on_invoice: UnpaidLine | None = None


@dataclass(frozen=True, slots=True)
class FittingServices:
    """The service picker of an add-on."""

    offer: Offer
    cycle: BillingCycle
    fitting: tuple[AddOnChoice, ...]
    others: tuple[AddOnChoice, ...]
    tax_rate: int = 0


@dataclass(frozen=True, slots=True)
class ServiceShop:
    """The add-ons for one service: those it can have now, and those it cannot, with the reason."""

    service: Service
    shop: Shop
    others: tuple[tuple[Offer, AddOnChoice], ...]


@dataclass(frozen=True, slots=True)
class AddOnPage:
    """One add-on; `choice` when it is for a certain service."""

    catalog: Catalog
    offer: Offer
    tax_rate: int
    choice: AddOnChoice | None = None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product and the add-ons that can be ordered with it.

    `shelf` numbers its group, `place` its place in there, from 0. Sums are estimates where
    `is_estimate`: a connected panel says what they come to.
    """

    catalog: Catalog
    offer: Offer
    shelf: int
    addons: tuple[Offer, ...]
    tax_rate: int
    place: int = 0
    is_estimate: bool = False

    def addon(self, number: int) -> Offer | None:
        """An add-on by its button number."""
        return next((offer for offer in self.addons if offer.product.number == number), None)


@dataclass(frozen=True, slots=True)
class CheckedName:
    """The name for a new product as it will be kept.

    Where it was typed without an ending and the product takes several, it is empty, and `choices`
    are the domains that may be meant.
    """

    name: str
    page: ProductPage
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """The cart after something was ordered; not `new` when it was in there before."""

    cart: CartView
    name: str
    new: bool
