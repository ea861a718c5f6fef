"""Ordering: add-ons for a service, and new products with the add-ons chosen for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.actions.basis import cart_view, read_cart_basis
from billing.actions.environment import Environment
from billing.actions.names import check_domain, check_label, same_name
from billing.actions.shop import check_addon_fits, check_offered
from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.catalog import NameKind, Product, ProductKind
from billing.rules.cycles import BillingCycle
from billing.rules.errors import InvalidInputError, NotOfferedError
from billing.views.account import ClientInfo
from billing.views.cart import CartView


@dataclass(frozen=True, slots=True)
class AddAddOn:
    """Put an add-on for a service into the cart; the same one twice changes nothing."""

    env: Environment

    async def __call__(
        self,
        client: ClientInfo,
        language: str,
        *,
        product_number: int,
        cycle: BillingCycle,
        service_id: int,
    ) -> CartView:
        """Add and return the cart; NotOfferedError says why it cannot be had."""
        async with self.env.work.writing() as uow:
            cart, basis = await read_cart_basis(
                self.env, uow, client, language=language, also=[service_id]
            )
            addon = check_offered(
                basis.catalog, product_number, cycle, client.currency, ProductKind.ADDON
            )
            line = CartLine(0, LineKind.ADDON, cycle, service_id, addon.id)
            if not _same_line(cart, line):
                check_addon_fits(addon, cart, basis, line)
                cart = await uow.carts.save(cart, [*cart.lines, line])
                await uow.commit()
        return cart_view(self.env, client, cart, basis)


def _same_line(cart: Cart, line: CartLine) -> bool:
    return any(
        (other.kind, other.cycle, other.service_id, other.product_id, other.name)
        == (line.kind, line.cycle, line.service_id, line.product_id, line.name)
        for other in cart.lines
        if other.parent_line is None
    )


@dataclass(frozen=True, slots=True)
class CheckName:
    """Check the domain or label a client typed for a new product."""

    env: Environment

    async def __call__(self, client: ClientInfo, product_number: int, typed: str) -> str:
        """The cleaned name; InvalidInputError says what is wrong with it."""
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
            product = catalog.numbered(product_number)
            if product is None or not product.is_offered_in(client.currency):
                raise NotOfferedError
            name = clean_name(product, typed)
            if product.asks_for is NameKind.DOMAIN:
                taken = await uow.services.by_name(client.id, name)
                cart = await uow.carts.get(client.id)
                if taken or any(same_name(line.name, name) for line in cart.lines):
                    raise InvalidInputError("name_taken", name=name)
        return name


def clean_name(product: Product, typed: str) -> str:
    """The typed name as it is kept: a checked domain, or a label."""
    return check_domain(typed) if product.asks_for is NameKind.DOMAIN else check_label(typed)


@dataclass(frozen=True, slots=True)
class AddProduct:
    """Put a new product and its add-ons into the cart; the same name twice changes nothing."""

    env: Environment

    async def __call__(
        self,
        client: ClientInfo,
        language: str,
        *,
        product_number: int,
        cycle: BillingCycle,
        name: str,
        addons: Sequence[tuple[int, BillingCycle]] = (),
    ) -> CartView:
        """Add and return the cart; NotOfferedError or InvalidInputError change nothing."""
        async with self.env.work.writing() as uow:
            cart, basis = await read_cart_basis(self.env, uow, client, language=language)
            product = check_offered(
                basis.catalog, product_number, cycle, client.currency, ProductKind.PRODUCT
            )
            chosen = []
            for number, addon_cycle in addons:
                addon = check_offered(
                    basis.catalog, number, addon_cycle, client.currency, ProductKind.ADDON
                )
                if not addon.fits_product(product.id):
                    raise NotOfferedError
                chosen.append((addon, addon_cycle))
            line = CartLine(
                0, LineKind.PRODUCT, cycle, product_id=product.id, name=clean_name(product, name)
            )
            if not _same_line(cart, line):
                cart = await uow.carts.save(cart, _with_addons(cart, line, chosen))
                await uow.commit()
        return cart_view(self.env, client, cart, basis)


def _with_addons(
    cart: Cart, line: CartLine, addons: Sequence[tuple[Product, BillingCycle]]
) -> list[CartLine]:
    """The cart's lines with a product and its add-ons, which name it by its coming id.

    The store gives new lines their ids in order, so the product's is the cart's next one.
    """
    with_children = [
        CartLine(0, LineKind.ADDON, cycle, product_id=addon.id, parent_line=cart.next_line)
        for addon, cycle in addons
    ]
    return [*cart.lines, line, *with_children]
