"""Reading everything that prices depend on, in a constant number of statements."""

from collections.abc import Iterable

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.cart import Cart
from billing.rules.catalog import Catalog
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
    cart = await uow.carts.get(client.id)
    wanted = {line.service_id for line in cart.lines if line.service_id} | set(also)
    owned = await uow.services.of_lines(client.id, wanted) if wanted else ()
    catalog = await uow.catalogs.current()
    return cart, make_basis(env, client, catalog, owned, language=language)


def cart_view(env: Environment, client: ClientInfo, cart: Cart, basis: QuoteBasis) -> CartView:
    """The cart as a screen shows it."""
    return CartView(
        cart=cart,
        quoted=quote_cart(cart, basis),
        credit=client.credit,
        prices_include_tax=env.terms.prices_include_tax,
        today=basis.today,
        tax_rate=basis.taxation.rate,
    )
