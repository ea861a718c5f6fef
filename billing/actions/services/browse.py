"""Looking at services."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from billing.actions.environment import Environment
from billing.actions.shop.names import check_label
from billing.actions.shop.pricing_inputs import make_pricing_inputs
from billing.actions.shop.renewal_list import can_renew
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotFoundError
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.catalog import Catalog, ProductKind
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from billing.views.account import ClientInfo
from billing.views.services import (
    Cancellation,
    CancelWhen,
    OwnedService,
    ServicePage,
)


@dataclass(frozen=True, slots=True)
class ShowService:
    """Everything about one service of a client."""

    env: Environment

    async def __call__(self, client: ClientInfo, service_id: int, language: str) -> ServicePage:
        """Read the page; NotFoundError if the client has no such service."""
        async with self.env.work.reading() as uow:
            return await self.read(uow, client, service_id, language)

    async def read(
        self, uow: UnitOfWork, client: ClientInfo, service_id: int, language: str
    ) -> ServicePage:
        """The same within a transaction."""
        family = await uow.services.family(client.id, service_id)
        mine = next((o for o in family if o.service.id == service_id), None)
        if mine is None:
            raise NotFoundError
        cart, catalog = await uow.carts.get_with_catalog(client.id)
        cancellation = None
        if mine.cancellation_open:
            cancellation = await uow.cancellations.open_for(client.id, service_id)
        pricing = make_pricing_inputs(self.env, client, catalog, family, language=language)
        page = service_page(mine, family, pricing, cart=cart, cancellation=cancellation)
        can = self.env.capabilities
        return replace(
            page,
            ended_by_panel=frozenset(when for when in CancelWhen if can.ends(when)),
            final=frozenset(when for when in CancelWhen if not can.takes_back(when)),
        )


def service_page(
    mine: OwnedService,
    family: tuple[OwnedService, ...],
    pricing: PricingInputs,
    *,
    cart: Cart,
    cancellation: Cancellation | None = None,
) -> ServicePage:
    """Put the page together from what was read."""
    service, catalog = mine.service, pricing.catalog
    return ServicePage(
        service=service,
        parent=pricing.services.get(service.parent_id or 0),
        addons=tuple(o.service for o in family if o.service.parent_id == service.id),
        renewability=pricing.renewability(service),
        in_cart=cart.renewal_of(service.id) is not None,
        today=pricing.today,
        soon_days=catalog.policy.soon_days,
        taxation=pricing.taxation,
        can_order_addons=pricing.allowed.order
        and _can_order_addons(service, catalog, pricing.currency),
        invoice=mine.on_invoice,
        cancellation=cancellation,
        panel_url=_panel_url(service, catalog),
        contact_url=catalog.company.contact_url,
        renewal=_shorter_renewal(service, pricing),
        has_other_cycles=can_renew(service, pricing) and len(pricing.renewal_cycles(service)) > 1,
        allowed=pricing.allowed,
        about_cancelling=catalog.company.cancellation,
    )


def _shorter_renewal(service: Service, pricing: PricingInputs) -> Quote | None:
    """Its renewal where its service ends before a period of its own would be over."""
    cycle = pricing.renewal_cycle(service)
    if cycle == service.cycle:
        return None
    quote = quote_line(CartLine(0, LineKind.RENEWAL, cycle, service.id), pricing)
    return quote if isinstance(quote, Quote) else None


def _can_order_addons(service: Service, catalog: Catalog, currency: str) -> bool:
    return (
        not service.is_addon
        and service.status is ServiceStatus.ACTIVE
        and any(
            addon.fits_product(service.product_id)
            for addon in catalog.offered(ProductKind.ADDON, currency)
        )
    )


def _panel_url(service: Service, catalog: Catalog) -> str | None:
    template = catalog.company.service_url
    if not template or not service.ref:
        return None
    return template.replace("{id}", quote(service.ref, safe=""))


@dataclass(frozen=True, slots=True)
class RenameService:
    """Give a service the client's own label; an empty one brings the product's name back."""

    env: Environment

    async def __call__(self, client: ClientInfo, service_id: int, label: str) -> str:
        """Store and return the cleaned label; InvalidInputError when too long.

        NotAllowedError for a client who may not rename.
        """
        self.env.allowed(client).check_rename()
        clean = check_label(label) if label.strip() else ""
        async with self.env.work.writing(client.id) as uow:
            if not await uow.services.set_label(client.id, service_id, clean):
                raise NotFoundError
            await uow.commit()
        return clean
