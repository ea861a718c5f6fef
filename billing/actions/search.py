"""Searching in a client's services and in all that the company offers."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.services.list_services import ListServices
from billing.ports.work import UnitOfWork
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.search import CatalogHits, find_by_description, find_by_name, is_question
from billing.views.account import ClientInfo
from billing.views.search import SearchHits
from billing.views.services import ServiceFilter, Sort

SERVICES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Search:
    """Services, products, add-ons and guides that bear every word of a text."""

    env: Environment
    list_services: ListServices

    async def __call__(self, client: ClientInfo | None, text: str, *, sort: Sort) -> SearchHits:
        """Search: one statement, two more for a list of services in that order.

        Descriptions and guides count where no name has the words. A visitor has no services, and
        sees what is offered to the public.
        """
        async with self.env.work.reading() as uow:
            services, count, catalog = await _read(uow, client, text)
            others = self._others(client, catalog, text, has_services=count > 0)
            service_list = None
            if client is not None and _is_list(count, others, text):
                service_filter = ServiceFilter(sort=sort, search=text)
                service_list = await self.list_services.read(uow, client, service_filter)
        return SearchHits(text, catalog, services, count, others, service_list)

    def _others(
        self, client: ClientInfo | None, catalog: Catalog, text: str, *, has_services: bool
    ) -> CatalogHits:
        currency = client.currency if client else self.env.terms.currency
        priced = currency if self.env.allowed(client).order else None
        others = find_by_name(catalog, text, priced)
        if len(others) or has_services:
            return others
        return find_by_description(catalog, text, priced)


def _is_list(count: int, others: CatalogHits, text: str) -> bool:
    """Whether the list of services is the answer, be it an empty one."""
    if len(others) or count == 1:
        return False
    return count > 1 or not is_question(text)


async def _read(
    uow: UnitOfWork, client: ClientInfo | None, text: str
) -> tuple[tuple[Service, ...], int, Catalog]:
    if client is None:
        return (), 0, await uow.catalogs.current()
    return await uow.search.services_and_catalog(client.id, text, limit=SERVICES_SHOWN)


@dataclass(frozen=True, slots=True)
class FindNamesake:
    """Whether a word is also the name of one of a client's services."""

    env: Environment

    async def __call__(self, client: ClientInfo, word: str) -> bool:
        """Compare the folded word with whole names and the first parts of domains."""
        async with self.env.work.reading() as uow:
            return await uow.search.is_named(client.id, word)
