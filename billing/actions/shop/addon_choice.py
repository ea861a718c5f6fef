"""Which add-ons go with which services of a client, and why others do not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.shop.catalogue import check_offered, find_offered, make_offer, make_shop
from billing.actions.shop.pricing_inputs import make_pricing_inputs, with_existing_orders
from billing.rules.cycles import BillingCycle
from billing.rules.errors import AlreadyInvoicedError, NotFoundError, NotOfferedError
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart, LineKind
from billing.rules.shop.catalog import Product, ProductKind
from billing.rules.shop.existing_orders import UnpaidLine
from billing.rules.shop.pricing import addon_obstacle, count_owned
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Unavailable
from billing.views.account import ClientInfo
from billing.views.shop import AddOnChoice, AddOnPage, FittingServices, ServiceShop


@dataclass(frozen=True, slots=True)
class ShowServiceAddOns:
    """The add-ons for one service of a client."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str, service_id: int) -> ServiceShop:
        """Read the service; NotFoundError if the client has no such, or it is an add-on.

        NotAllowedError for a client who may not order.
        """
        self.env.allowed(client).check_order()
        async with self.env.work.reading() as uow:
            family = await uow.services.family(client.id, service_id)
            cart, catalog = await uow.carts.get_with_catalog(client.id)
            pricing = make_pricing_inputs(self.env, client, catalog, family, language=language)
            pricing = await with_existing_orders(uow, cart, pricing)
        service = _service(pricing, service_id)
        addons = catalog.offered(ProductKind.ADDON, client.currency)
        choices = [
            (addon, make_addon_choice(addon, service, cart, pricing))
            for addon in addons
            if addon.fits_product(service.product_id)
        ]
        available = [addon for addon, choice in choices if choice.obstacle is None]
        return ServiceShop(
            service=service,
            shop=make_shop(self.env, client, catalog, available),
            others=tuple(
                (make_offer(addon, client.currency, pricing.taxation), choice)
                for addon, choice in choices
                if choice.obstacle is not None
            ),
        )


@dataclass(frozen=True, slots=True)
class ShowAddOn:
    """One add-on, on its own or for one service."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, product_number: int, service_id: int | None = None
    ) -> AddOnPage:
        """Read it; NotOfferedError when it is not offered, NotFoundError without the service.

        NotAllowedError for a client who may not order.
        """
        self.env.allowed(client).check_order()
        choice = None
        async with self.env.work.reading() as uow:
            cart, catalog = await uow.carts.get_with_catalog(client.id)
            addon = find_offered(catalog, product_number, client.currency, ProductKind.ADDON)
            if service_id is not None:
                family = await uow.services.family(client.id, service_id)
                pricing = make_pricing_inputs(self.env, client, catalog, family, language=language)
                pricing = await with_existing_orders(uow, cart, pricing)
                service = _service(pricing, service_id)
                choice = make_addon_choice(addon, service, cart, pricing)
        taxation = self.env.taxation(client)
        offer = make_offer(addon, client.currency, taxation)
        return AddOnPage(catalog, offer, taxation.rate, choice)


def _service(pricing: PricingInputs, service_id: int) -> Service:
    """The client's service; NotFoundError for what is not theirs, and for an add-on."""
    service = pricing.services.get(service_id)
    if service is None or service.is_addon:
        raise NotFoundError
    return service


@dataclass(frozen=True, slots=True)
class FindFittingServices:
    """The service picker of an add-on: which of the client's services it can go with."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, product_number: int, cycle: BillingCycle
    ) -> FittingServices:
        """Read the client's services; NotOfferedError when the add-on or cycle is not offered.

        NotAllowedError for a client who may not order.
        """
        self.env.allowed(client).check_order()
        async with self.env.work.reading() as uow:
            cart, catalog = await uow.carts.get_with_catalog(client.id)
            own_services = await uow.services.live(client.id)
            pricing = make_pricing_inputs(
                self.env, client, catalog, own_services, language=language
            )
            pricing = await with_existing_orders(uow, cart, pricing)
        addon = check_offered(catalog, product_number, cycle, client.currency, ProductKind.ADDON)
        live_counts, cart_counts = _count_live(addon, pricing), _count_in_cart(addon, cart)
        choices = [
            _make_choice(
                addon,
                service,
                live_counts[service.id],
                cart_counts[service.id],
                pricing.existing_orders.addons(service.id, addon.id),
            )
            for service in pricing.services.values()
            if not service.is_addon
        ]
        return FittingServices(
            offer=make_offer(addon, client.currency, pricing.taxation),
            cycle=cycle,
            fitting=tuple(one for one in choices if one.obstacle is None),
            others=tuple(one for one in choices if one.obstacle is not None),
            tax_rate=pricing.taxation.rate,
        )


def make_addon_choice(
    addon: Product, service: Service, cart: Cart, pricing: PricingInputs
) -> AddOnChoice:
    """Whether an add-on can be ordered for a service.

    What is in the cart and on unpaid invoices counts as if the service had it.
    """
    live = count_owned(pricing.services, service.id, addon.id)
    in_cart = _count_in_cart(addon, cart)[service.id]
    unpaid = pricing.existing_orders.addons(service.id, addon.id)
    return _make_choice(addon, service, live, in_cart, unpaid)


def _make_choice(
    addon: Product, service: Service, live: int, in_cart: int, unpaid: Sequence[UnpaidLine]
) -> AddOnChoice:
    total = live + in_cart + len(unpaid)
    obstacle = addon_obstacle(addon, service, total)
    if obstacle != addon_obstacle(addon, service, total - in_cart):
        return AddOnChoice(service, obstacle, in_cart=True)
    if obstacle != addon_obstacle(addon, service, total - len(unpaid)):
        if unpaid[0].invoice_id is None:
            return AddOnChoice(service, Unavailable.ORDERED)
        return AddOnChoice(service, Unavailable.ON_PROFORMA, on_invoice=unpaid[0])
    return AddOnChoice(service, obstacle)


def _count_in_cart(addon: Product, cart: Cart) -> Counter[int | None]:
    """How many of an add-on are in the cart, by service."""
    return Counter(
        line.service_id
        for line in cart.lines
        if line.kind is LineKind.ADDON and line.product_id == addon.id
    )


def _count_live(addon: Product, pricing: PricingInputs) -> Counter[int | None]:
    """How many live ones of an add-on there are, by service."""
    return Counter(
        service.parent_id
        for service in pricing.services.values()
        if service.product_id == addon.id and service.is_live
    )


def check_addon(addon: Product, service_id: int, cart: Cart, pricing: PricingInputs) -> None:
    """NotOfferedError with the obstacle as its code unless the add-on can be ordered.

    AlreadyInvoicedError where it is on an unpaid invoice.
    """
    service = pricing.services.get(service_id)
    if service is None:
        raise NotFoundError
    choice = make_addon_choice(addon, service, cart, pricing)
    if line := choice.on_invoice:
        raise AlreadyInvoicedError(
            str(choice.obstacle), invoice_id=line.invoice_id, number=line.number
        )
    if choice.obstacle:
        raise NotOfferedError(str(choice.obstacle))
