"""Ordering: add-ons for a service, and new products with the add-ons chosen for them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.shop.addon_choice import check_addon
from billing.actions.shop.catalogue import check_offered, product_page
from billing.actions.shop.names import clean_name, ending_choices
from billing.actions.shop.pricing_inputs import (
    cart_view,
    read_renewal_inputs,
    with_existing_orders,
)
from billing.rules.cycles import BillingCycle
from billing.rules.errors import AlreadyInvoicedError, InvalidInputError, NotOfferedError
from billing.rules.names import same_name
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.catalog import Catalog, Product, ProductKind, text_in
from billing.rules.shop.existing_orders import ExistingOrders, alike
from billing.rules.shop.quotes import Unavailable
from billing.views.account import ClientInfo
from billing.views.shop import Added, CheckedName


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
    ) -> Added:
        """Add and return the cart; NotOfferedError says why it cannot be had.

        AlreadyInvoicedError names the unpaid invoice that it is on. NotAllowedError for a client
        who may not order.
        """
        self.env.allowed(client).check_order()
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_renewal_inputs(
                self.env, uow, client, language=language, also=[service_id]
            )
            pricing = await with_existing_orders(uow, cart, pricing)
            addon = check_offered(
                pricing.catalog, product_number, cycle, client.currency, ProductKind.ADDON
            )
            line = CartLine(0, LineKind.ADDON, cycle, service_id, addon.id)
            new = not _same_line(cart, line)
            if new:
                check_addon(addon, service_id, cart, pricing)
                cart = await uow.carts.save(cart, [*cart.lines, line])
                await uow.commit()
        name = text_in(addon.name, pricing.languages)
        return Added(cart_view(self.env, client, cart, pricing), name, new)


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

    async def __call__(self, client: ClientInfo, product_number: int, typed: str) -> CheckedName:
        """The cleaned name, or the choice of its ending; InvalidInputError says what is wrong.

        A name is taken within a group of products: by a service, by what is in the cart, or by an
        unpaid invoice, which AlreadyInvoicedError names. NotAllowedError for a client who may not
        order.
        """
        async with self.env.work.reading() as uow:
            cart, catalog = await uow.carts.get_with_catalog(client.id)
            page = product_page(self.env, client, catalog, product_number)
            product = page.offer.product
            if len(choices := ending_choices(product, typed)) > 1:
                return CheckedName("", page, choices)
            name = clean_name(product, typed)
            orders = await uow.invoices.existing_orders(client.id, {name})
        _check_free(name, alike(catalog, product), cart, orders)
        return CheckedName(name, page)


def _check_free(name: str, among: frozenset[str], cart: Cart, orders: ExistingOrders) -> None:
    """InvalidInputError or AlreadyInvoicedError for a name that is taken among these products."""
    if orders.bears(name, among) or _is_in_cart(cart, name, among):
        raise InvalidInputError("name_taken", name=name)
    line = orders.line_named(name, among)
    if line is not None and line.invoice_id is None:
        raise NotOfferedError(str(Unavailable.ORDERED))
    if line is not None:
        raise AlreadyInvoicedError(
            "on_proforma", name=name, invoice_id=line.invoice_id, number=line.number
        )


def _is_in_cart(cart: Cart, name: str, among: frozenset[str]) -> bool:
    return any(
        line.kind is LineKind.PRODUCT and line.product_id in among and same_name(line.name, name)
        for line in cart.lines
    )


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
    ) -> Added:
        """Add and return the cart; NotOfferedError or InvalidInputError change nothing.

        Nor do AlreadyInvoicedError, which names the unpaid invoice that the name is on, and
        NotAllowedError for a client who may not order.
        """
        self.env.allowed(client).check_order()
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_renewal_inputs(self.env, uow, client, language=language)
            product = check_offered(
                pricing.catalog, product_number, cycle, client.currency, ProductKind.PRODUCT
            )
            chosen_addons = [
                _check_addon(pricing.catalog, product, client, *addon) for addon in addons
            ]
            _check_counts([addon for addon, _ in chosen_addons])
            line = CartLine(
                0, LineKind.PRODUCT, cycle, product_id=product.id, name=clean_name(product, name)
            )
            pricing = await with_existing_orders(uow, cart, pricing, name=line.name)
            new = not _same_line(cart, line)
            if new:
                _check_free(
                    line.name, alike(pricing.catalog, product), cart, pricing.existing_orders
                )
                cart = await uow.carts.save(cart, _with_addons(cart, line, chosen_addons))
                await uow.commit()
        title = text_in(product.name, pricing.languages)
        return Added(cart_view(self.env, client, cart, pricing), title, new)


def _check_addon(
    catalog: Catalog, product: Product, client: ClientInfo, number: int, cycle: BillingCycle
) -> tuple[Product, BillingCycle]:
    """An add-on for a new product; NotOfferedError if it cannot be had with it."""
    addon = check_offered(catalog, number, cycle, client.currency, ProductKind.ADDON)
    if not addon.fits_product(product.id):
        raise NotOfferedError("does_not_fit")
    return addon, cycle


def _check_counts(addons: Sequence[Product]) -> None:
    """NotOfferedError for more of one kind than a service may have."""
    limits = {addon.id: addon.max_per_service for addon in addons}
    counts = Counter(addon.id for addon in addons)
    if any(counts[id_] > limit for id_, limit in limits.items()):
        raise NotOfferedError("already_has_it")


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
