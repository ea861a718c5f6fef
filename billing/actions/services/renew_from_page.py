"""A service put into the cart, and taken out of it, on its own page."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.services.browse import service_page
from billing.actions.shop.pricing_inputs import make_pricing_inputs
from billing.actions.shop.renew import drop_renewal, put_renewals
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotFoundError
from billing.rules.shop.cart import Cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.views.account import ClientInfo
from billing.views.services import OwnedService, ServicePage


@dataclass(frozen=True, slots=True)
class RenewFromPage:
    """Put a service into the cart from its own page."""

    env: Environment

    async def __call__(self, client: ClientInfo, service_id: int, language: str) -> ServicePage:
        """Add and return the page again."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            mine, family, cart, pricing = await _read(self.env, uow, client, service_id, language)
            cart = await put_renewals(uow, cart, pricing, [(service_id, None)])
            await uow.commit()
        return service_page(mine, family, pricing, cart=cart)


@dataclass(frozen=True, slots=True)
class DropFromPage:
    """Take a renewal out of the cart from the service's own page; absent is fine."""

    env: Environment

    async def __call__(self, client: ClientInfo, service_id: int, language: str) -> ServicePage:
        """Remove the line and return the page again."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            mine, family, cart, pricing = await _read(self.env, uow, client, service_id, language)
            cart = await drop_renewal(uow, cart, service_id)
            await uow.commit()
        return service_page(mine, family, pricing, cart=cart)


async def _read(
    env: Environment, uow: UnitOfWork, client: ClientInfo, service_id: int, language: str
) -> tuple[OwnedService, tuple[OwnedService, ...], Cart, PricingInputs]:
    family = await uow.services.family(client.id, service_id)
    mine = next((one for one in family if one.service.id == service_id), None)
    if mine is None:
        raise NotFoundError
    cart, catalog = await uow.carts.get_with_catalog(client.id)
    return mine, family, cart, make_pricing_inputs(env, client, catalog, family, language=language)
