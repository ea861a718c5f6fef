"""What can be ordered: the catalogue, add-ons, and which services an add-on fits."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing.actions.basis import make_basis
from billing.actions.environment import Environment
from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.catalog import Catalog, Price, Product, ProductKind
from billing.rules.cycles import BillingCycle
from billing.rules.errors import NotOfferedError
from billing.rules.pricing import QuoteBasis, addon_obstacle, count_owned
from billing.rules.quotes import Taxation, Unavailable, price_line
from billing.views.account import ClientInfo
from billing.views.shop import Fit, FittingServices, Offer, PriceView, Shelf, Shop


@dataclass(frozen=True, slots=True)
class ShowShop:
    """The products or the add-ons on offer, for a client or (client None) the public."""

    env: Environment

    async def __call__(self, client: ClientInfo | None, kind: ProductKind) -> Shop:
        """Read the catalogue in the client's currency, prices gross by his tax."""
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
        currency = client.currency if client else self.env.terms.currency
        taxation = self.env.taxation(client)
        products = catalog.offered(kind, currency)
        return Shop(
            catalog=catalog,
            currency=currency,
            shelves=tuple(_shelves(catalog, products, currency, taxation)),
            prices_include_tax=self.env.terms.prices_include_tax,
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
class FindFittingServices:
    """The service picker of an add-on: which of the client's services it can go with."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, product_number: int, cycle: BillingCycle
    ) -> FittingServices:
        """Read the client's services; NotOfferedError when the add-on or cycle is not offered."""
        async with self.env.work.reading() as uow:
            owned = await uow.services.live(client.id)
            catalog = await uow.catalogs.current()
            cart = await uow.carts.get(client.id)
        basis = make_basis(self.env, client, catalog, owned, language=language)
        addon = check_offered(catalog, product_number, cycle, client.currency, ProductKind.ADDON)
        fits = [
            Fit(service, addon_obstacle(addon, service, owned_or_wanted(cart, basis, service.id,
                                                                        addon.id)))
            for service in basis.services.values()
            if not service.is_addon
        ]  # fmt: skip
        return FittingServices(
            offer=make_offer(addon, client.currency, basis.taxation),
            cycle=cycle,
            fitting=tuple(fit for fit in fits if fit.obstacle is None),
            others=tuple(fit for fit in fits if fit.obstacle is not None),
        )


def owned_or_wanted(cart: Cart, basis: QuoteBasis, service_id: int, addon_id: str) -> int:
    """Live add-ons of a kind that a service has, and those in the cart for it."""
    wanted = sum(
        line.kind is LineKind.ADDON
        and line.service_id == service_id
        and line.product_id == addon_id
        for line in cart.lines
    )
    return count_owned(basis.services, service_id, addon_id) + wanted


def check_offered(
    catalog: Catalog,
    product_number: int,
    cycle: BillingCycle,
    currency: str,
    kind: ProductKind,
) -> Product:
    """The product, if it is offered for that cycle today; NotOfferedError otherwise."""
    product = catalog.numbered(product_number)
    if product is None or product.kind is not kind or not product.is_offered_in(currency):
        raise NotOfferedError
    if product.price(cycle, currency) is None:
        raise NotOfferedError("cycle_not_offered", cycle=cycle)
    return product


def check_addon_fits(addon: Product, cart: Cart, basis: QuoteBasis, line: CartLine) -> None:
    """NotOfferedError with the obstacle as its code unless the add-on can be ordered."""
    service = basis.services.get(line.service_id or 0)
    count = owned_or_wanted(cart, basis, line.service_id or 0, addon.id)
    obstacle: Unavailable | None = addon_obstacle(addon, service, count)
    if obstacle:
        raise NotOfferedError(str(obstacle))
