"""Reading everything that prices depend on, in a constant number of statements."""

from collections.abc import Iterable
from dataclasses import replace

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.catalog import Catalog
from billing.rules.cycles import BillingCycle
from billing.rules.pricing import QuoteBasis, quote_cart
from billing.views.account import ClientInfo
from billing.views.cart import CartView
from billing.views.services import OwnedService


def make_basis(
    env: Environment,
    client: ClientInfo,
    catalog: Catalog,
    owned: Iterable[OwnedService],
    *,
    language: str,
) -> QuoteBasis:
    """Join what was read into the one argument of every quote."""
    owned = tuple(owned)
    return QuoteBasis(
        catalog=catalog,
        currency=client.currency,
        taxation=env.taxation(client),
        today=env.today(),
        services={o.service.id: o.service for o in owned},
        cancelling=frozenset(o.service.id for o in owned if o.cancellation_open),
        ending={o.service.id: o.ends_on for o in owned if o.ends_on is not None},
        held={o.service.id: o.held_by.id for o in owned if o.held_by is not None},
        languages=(language, client.language),
    )


async def read_cart_basis(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    *,
    language: str,
    also: Iterable[int] = (),
) -> tuple[Cart, QuoteBasis]:
    """The cart and the basis to quote it, and the services `also` named: three statements."""
    cart, basis = await read_services(env, uow, client, language=language, also=also)
    if any(line.kind is not LineKind.RENEWAL for line in cart.lines):
        basis = await with_holds(uow, cart, basis)
    return cart, basis


async def read_services(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    *,
    language: str,
    also: Iterable[int] = (),
) -> tuple[Cart, QuoteBasis]:
    """The same without what cannot be ordered again: two statements."""
    cart, catalog = await uow.carts.get_with_catalog(client.id)
    wanted = {line.service_id for line in cart.lines if line.service_id} | set(also)
    owned = await uow.services.of_lines(client.id, wanted) if wanted else ()
    return cart, make_basis(env, client, catalog, owned, language=language)


async def with_holds(
    uow: UnitOfWork, cart: Cart, basis: QuoteBasis, *, name: str = ""
) -> QuoteBasis:
    """The basis with what cannot be ordered again: names in the cart, and `name`."""
    names = {line.name for line in cart.lines if line.kind is LineKind.PRODUCT} | {name}
    return replace(basis, holds=await uow.invoices.holds(cart.client_id, names))


def cart_view(env: Environment, client: ClientInfo, cart: Cart, basis: QuoteBasis) -> CartView:
    """The cart as a screen shows it."""
    return CartView(
        cart=cart,
        quoted=quote_cart(cart, basis),
        credit=client.credit,
        prices_include_tax=env.terms.prices_include_tax,
        today=basis.today,
        tax_rate=basis.taxation.rate,
        changeable=frozenset(line.id for line in cart.lines if len(_cycles(line, basis)) > 1),
    )


def _cycles(line: CartLine, basis: QuoteBasis) -> tuple[BillingCycle, ...]:
    """The cycles that have a price for a line."""
    if line.kind is LineKind.RENEWAL:
        service = basis.services.get(line.service_id or 0)
        return basis.renewal_cycles(service) if service else ()
    product = basis.catalog.product(line.product_id)
    return tuple(p.cycle for p in product.prices_in(basis.currency)) if product else ()
