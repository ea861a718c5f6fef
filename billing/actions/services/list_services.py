"""The services list: one page, with what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.money import total_known
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.quotes import price_line
from billing.views.account import ClientInfo
from billing.views.services import (
    DueAmount,
    DueRenewals,
    ServiceFilter,
    ServiceList,
    living_of,
)

PAGE_SIZE = 5
"""Services on a page: so many fit a phone's screen together with their buttons."""


@dataclass(frozen=True, slots=True)
class ListServices:
    """One page of a client's services with the counts of the status filter."""

    env: Environment

    async def __call__(self, client: ClientInfo, service_filter: ServiceFilter) -> ServiceList:
        """Read the page; a page past the end becomes the last one.

        A client without a living service sees all of them.
        """
        async with self.env.work.reading() as uow:
            return await self.read(uow, client, service_filter)

    async def read(
        self, uow: UnitOfWork, client: ClientInfo, service_filter: ServiceFilter
    ) -> ServiceList:
        """The same in an open transaction, which may have read the catalogue already."""
        today = self.env.today()
        catalog = await uow.catalogs.current()
        soon = today + timedelta(days=catalog.policy.soon_days)
        counted = await uow.services.counts(
            client.id, search=service_filter.search, today=today, soon=soon
        )
        counts = counted.by_status
        possible = _possible(service_filter, counts)
        services = await uow.services.page(client.id, possible, size=PAGE_SIZE)
        taxation = self.env.taxation(client)
        banner, allowed = catalog.banner(today), self.env.allowed(client)
        product = banner.product if banner and allowed.order else None
        return ServiceList(
            service_filter=replace(service_filter, page=possible.page),
            services=services,
            counts=counts,
            count=_count(possible, counts),
            page_size=PAGE_SIZE,
            today=today,
            soon_days=catalog.policy.soon_days,
            taxation=taxation,
            due=self._due_renewals(counted.due, client),
            banner=banner,
            banner_product=catalog.orderable(product, client.currency),
            allowed=allowed,
        )

    def _due_renewals(
        self, amounts: Sequence[DueAmount], client: ClientInfo
    ) -> DueRenewals | None:
        """What is overdue; what is due soon where nothing is; each priced on its own."""
        currency, taxation = client.currency, self.env.taxation(client)
        amounts = [one for one in amounts if one.amount is None or one.amount.currency == currency]
        is_overdue = any(one.is_overdue for one in amounts)
        due = [one for one in amounts if one.is_overdue is is_overdue]
        if not due:
            return None
        prices = (
            None if one.amount is None else price_line(one.amount, taxation).gross
            for one in due
            for _ in range(one.count)
        )
        is_estimate = self.env.capabilities.deferred
        gross = total_known(prices, currency, is_estimate=is_estimate)
        return DueRenewals(sum(one.count for one in due), gross)


def _possible(service_filter: ServiceFilter, counts: Mapping[ServiceStatus, int]) -> ServiceFilter:
    """The filter with a page that exists, and all services where none is living."""
    if service_filter.is_living_only and not living_of(counts):
        service_filter = replace(service_filter, every=True)
    last = max(0, (_count(service_filter, counts) - 1) // PAGE_SIZE)
    return replace(service_filter, page=min(max(service_filter.page, 0), last))


def _count(service_filter: ServiceFilter, counts: Mapping[ServiceStatus, int]) -> int:
    if service_filter.status is not None:
        return counts.get(service_filter.status, 0)
    return living_of(counts) if service_filter.is_living_only else sum(counts.values())
