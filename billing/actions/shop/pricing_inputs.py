"""Reading everything that prices depend on, in a constant number of statements."""

from collections.abc import Iterable
from dataclasses import replace

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.cycles import BillingCycle
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.pricing import quote_cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.views.account import ClientInfo
from billing.views.cart import CartView
from billing.views.services import OwnedService


def make_pricing_inputs(
    env: Environment,
    client: ClientInfo,
    catalog: Catalog,
    own_services: Iterable[OwnedService],
    *,
    language: str,
) -> PricingInputs:
    """Join what was read into the one argument of every quote."""
    own_services = tuple(own_services)
    return PricingInputs(
        catalog=catalog,
        currency=client.currency,
        taxation=env.taxation(client),
        today=env.today(),
        services={o.service.id: o.service for o in own_services},
        cancelling=frozenset(o.service.id for o in own_services if o.cancellation_open),
        ending={o.service.id: o.ends_on for o in own_services if o.ends_on is not None},
        on_invoice={
            o.service.id: o.on_invoice.id for o in own_services if o.on_invoice is not None
        },
        balances={o.on_invoice.id: o.on_invoice.balance for o in own_services if o.on_invoice},
        being_renewed=frozenset(o.service.id for o in own_services if o.being_renewed),
        languages=(language, client.language),
        allowed=env.allowed(client),
        is_estimate=env.capabilities.deferred,
    )


async def read_pricing_inputs(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    *,
    language: str,
    also: Iterable[int] = (),
) -> tuple[Cart, PricingInputs]:
    """The cart and what prices it, with the services `also` named: three statements."""
    cart, pricing = await read_renewal_inputs(env, uow, client, language=language, also=also)
    if any(line.kind is not LineKind.RENEWAL for line in cart.lines):
        pricing = await with_existing_orders(uow, cart, pricing)
    return cart, pricing


async def price_cart(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    cart: Cart,
    catalog: Catalog,
    *,
    language: str,
) -> PricingInputs:
    """What prices a cart that has been read already: two statements."""
    service_ids = {line.service_id for line in cart.lines if line.service_id}
    own_services = await uow.services.families(client.id, service_ids) if service_ids else ()
    pricing = make_pricing_inputs(env, client, catalog, own_services, language=language)
    if any(line.kind is not LineKind.RENEWAL for line in cart.lines):
        pricing = await with_existing_orders(uow, cart, pricing)
    return pricing


async def read_renewal_inputs(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    *,
    language: str,
    also: Iterable[int] = (),
) -> tuple[Cart, PricingInputs]:
    """Enough to price renewals: without what cannot be ordered again; two statements."""
    cart, catalog = await uow.carts.get_with_catalog(client.id)
    service_ids = {line.service_id for line in cart.lines if line.service_id} | set(also)
    own_services = await uow.services.families(client.id, service_ids) if service_ids else ()
    return cart, make_pricing_inputs(env, client, catalog, own_services, language=language)


async def with_existing_orders(
    uow: UnitOfWork, cart: Cart, pricing: PricingInputs, *, name: str = ""
) -> PricingInputs:
    """The inputs with what cannot be ordered again: names in the cart, and `name`."""
    names = {line.name for line in cart.lines if line.kind is LineKind.PRODUCT} | {name}
    orders = await uow.invoices.existing_orders(cart.client_id, names)
    return replace(pricing, existing_orders=orders)


def cart_view(
    env: Environment, client: ClientInfo, cart: Cart, pricing: PricingInputs
) -> CartView:
    """The cart as a screen shows it."""
    return CartView(
        cart=cart,
        quoted_cart=quote_cart(cart, pricing),
        credit=env.credit_of(client),
        prices_include_tax=env.terms.prices_include_tax,
        today=pricing.today,
        tax_rate=pricing.taxation.rate,
        allowed=pricing.allowed,
        changeable=frozenset(
            line.id for line in cart.lines if len(offered_cycles(line, pricing)) > 1
        ),
    )


def offered_cycles(line: CartLine, pricing: PricingInputs) -> tuple[BillingCycle, ...]:
    """The cycles that have a price for a line."""
    if line.kind is LineKind.RENEWAL:
        service = pricing.services.get(line.service_id or 0)
        return pricing.renewal_cycles(service) if service else ()
    product = pricing.catalog.product(line.product_id)
    return tuple(p.cycle for p in product.prices_in(pricing.currency)) if product else ()
