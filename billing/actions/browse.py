"""Looking at services."""

from dataclasses import dataclass, replace

from billing.actions.basis import make_basis
from billing.actions.environment import Environment
from billing.actions.names import check_label
from billing.ports.outside import Panel
from billing.ports.work import UnitOfWork
from billing.rules.cart import Cart
from billing.rules.catalog import Catalog, Product, ProductKind
from billing.rules.errors import NotFoundError
from billing.rules.services import Service, ServiceStatus
from billing.views.account import ClientInfo
from billing.views.services import (
    OwnedService,
    ServiceFilter,
    ServiceList,
    ServicePage,
)

PAGE_SIZE = 8


@dataclass(frozen=True, slots=True)
class ListServices:
    """One page of a client's services with the counts of the status filter."""

    env: Environment

    async def __call__(self, client: ClientInfo, asked: ServiceFilter) -> ServiceList:
        """Read the page; a page past the end becomes the last one."""
        async with self.env.work.reading() as uow:
            counts = await uow.services.counts(client.id, search=asked.search)
            found = counts.get(asked.status, 0) if asked.status else sum(counts.values())
            last = max(0, (found - 1) // PAGE_SIZE)
            asked = replace(asked, page=min(max(asked.page, 0), last))
            services = await uow.services.page(client.id, asked, size=PAGE_SIZE)
            catalog = await uow.catalogs.current()
        today = self.env.today()
        banner = catalog.banner(today)
        return ServiceList(
            asked=asked,
            services=services,
            counts=counts,
            found=found,
            page_size=PAGE_SIZE,
            today=today,
            soon_days=catalog.policy.soon_days,
            banner=banner,
            banner_product=_orderable(catalog, banner.product, client) if banner else None,
        )


def _orderable(catalog: Catalog, product_id: str | None, client: ClientInfo) -> Product | None:
    product = catalog.product(product_id) if product_id else None
    return product if product and product.is_offered_in(client.currency) else None


@dataclass(frozen=True, slots=True)
class ShowService:
    """Everything about one service of a client."""

    env: Environment

    async def __call__(self, client: ClientInfo, service_id: int, language: str) -> ServicePage:
        """Read the page; NotFoundError if the client has no such service."""
        async with self.env.work.reading() as uow:
            family = await uow.services.family(client.id, service_id)
            if not any(o.service.id == service_id for o in family):
                raise NotFoundError
            catalog = await uow.catalogs.current()
            cart = await uow.carts.get(client.id)
            return await service_page(
                self.env, uow, client, service_id, family, catalog, cart, language
            )


async def service_page(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    service_id: int,
    family: tuple[OwnedService, ...],
    catalog: Catalog,
    cart: Cart,
    language: str,
) -> ServicePage:
    """Put the page together from what was read, reading only what the flags say exists."""
    mine = next(o for o in family if o.service.id == service_id)
    basis = make_basis(env, client, catalog, family, language=language)
    cancellation = None
    if mine.cancellation_open:
        cancellation = await uow.cancellations.open_for(client.id, service_id)
    service = mine.service
    return ServicePage(
        service=service,
        parent=basis.services.get(service.parent_id or 0),
        addons=tuple(o.service for o in family if o.service.parent_id == service_id),
        renewability=basis.renewability(service),
        in_cart=cart.renewal_of(service_id) is not None,
        today=basis.today,
        soon_days=catalog.policy.soon_days,
        can_order_addons=_can_order_addons(service, catalog, client.currency),
        invoice=mine.held_by,
        cancellation=cancellation,
        panel_url=_panel_url(service, catalog),
    )


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
    return template.replace("{id}", service.ref) if template and service.ref else None


@dataclass(frozen=True, slots=True)
class RenameService:
    """Give a service the client's own label; an empty one brings the product's name back."""

    env: Environment
    panel: Panel

    async def __call__(self, client: ClientInfo, service_id: int, label: str) -> str:
        """Store and return the cleaned label; InvalidInputError when too long."""
        clean = check_label(label) if label.strip() else ""
        async with self.env.work.writing() as uow:
            if not await uow.services.set_label(client.id, service_id, clean):
                raise NotFoundError
            await uow.commit()
        return clean
