"""What can be ordered: the catalogue at a client's prices, and single products of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.cycles import BillingCycle
from billing.rules.errors import NotOfferedError
from billing.rules.shop.catalog import Catalog, Price, Product, ProductKind
from billing.rules.shop.quotes import Taxation, price_line
from billing.views.account import ClientInfo
from billing.views.shop import Offer, PriceView, ProductPage, Shelf, Shop


@dataclass(frozen=True, slots=True)
class ShowShop:
    """The products or the add-ons on offer, for a client or (client None) the public."""

    env: Environment

    async def __call__(self, client: ClientInfo | None, kind: ProductKind) -> Shop:
        """Read the catalogue in the client's currency, prices gross by their tax.

        NotAllowedError for a client who may not order.
        """
        if client is not None:
            self.env.allowed(client).check_order()
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
        currency = client.currency if client else self.env.terms.currency
        return make_shop(self.env, client, catalog, catalog.offered(kind, currency))


def make_shop(
    env: Environment, client: ClientInfo | None, catalog: Catalog, products: Iterable[Product]
) -> Shop:
    """These products on their shelves, at the client's prices or those for the public."""
    currency = client.currency if client else env.terms.currency
    taxation = env.taxation(client)
    return Shop(
        catalog=catalog,
        currency=currency,
        shelves=tuple(_shelves(catalog, products, currency, taxation)),
        prices_include_tax=env.terms.prices_include_tax,
        tax_rate=taxation.rate,
    )


def _shelves(
    catalog: Catalog, products: Iterable[Product], currency: str, taxation: Taxation
) -> Iterable[Shelf]:
    products = tuple(products)
    for number, group in enumerate(catalog.groups):
        mine = [make_offer(p, currency, taxation) for p in products if p.group == group.id]
        if mine:
            yield Shelf(group.id, number, tuple(mine))


def make_offer(product: Product, currency: str, taxation: Taxation) -> Offer:
    """A product with its prices as the client pays them."""
    prices = (_price_view(price, taxation) for price in product.prices_in(currency))
    return Offer(product, tuple(prices))


def _price_view(price: Price, taxation: Taxation) -> PriceView:
    gross = price_line(price.amount, taxation).gross
    with_setup = price_line(price.amount + price.setup, taxation).gross
    return PriceView(price, gross, with_setup - gross)


@dataclass(frozen=True, slots=True)
class ShowProduct:
    """One product and the add-ons that can be ordered with it."""

    env: Environment

    async def __call__(self, client: ClientInfo, product_number: int) -> ProductPage:
        """Read the catalogue; NotAllowedError, or NotOfferedError if it is not offered."""
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
        return product_page(self.env, client, catalog, product_number)


def product_page(
    env: Environment, client: ClientInfo, catalog: Catalog, product_number: int
) -> ProductPage:
    """A product that is offered to the client; NotOfferedError for any other.

    NotAllowedError for a client who may not order.
    """
    env.allowed(client).check_order()
    product = find_offered(catalog, product_number, client.currency, ProductKind.PRODUCT)
    taxation = env.taxation(client)
    addons = catalog.offered(ProductKind.ADDON, client.currency)
    shelves = (number for number, group in enumerate(catalog.groups) if group.id == product.group)
    offered = catalog.offered(ProductKind.PRODUCT, client.currency)
    beside = [other.id for other in offered if other.group == product.group]
    return ProductPage(
        catalog=catalog,
        offer=make_offer(product, client.currency, taxation),
        shelf=next(shelves, 0),
        addons=tuple(
            make_offer(addon, client.currency, taxation)
            for addon in addons
            if addon.fits_product(product.id)
        ),
        tax_rate=taxation.rate,
        place=beside.index(product.id),
        is_estimate=env.capabilities.deferred,
    )


def find_offered(
    catalog: Catalog, product_number: int, currency: str, kind: ProductKind
) -> Product:
    """The product, if it is offered today; NotOfferedError otherwise."""
    product = catalog.numbered(product_number)
    if product is None or product.kind is not kind or not product.is_offered_in(currency):
        raise NotOfferedError
    return product


def check_offered(
    catalog: Catalog,
    product_number: int,
    cycle: BillingCycle,
    currency: str,
    kind: ProductKind,
) -> Product:
    """The product, if it is offered for that cycle today; NotOfferedError otherwise."""
    product = find_offered(catalog, product_number, currency, kind)
    if product.price(cycle, currency) is None:
        raise NotOfferedError("cycle_not_offered", cycle=cycle)
    return product
