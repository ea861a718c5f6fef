"""Services on their way out: of what cannot go on nobody is reminded."""

from collections.abc import Collection
from datetime import date

from billing.ports.reminders.preferences import RemindableService
from billing.ports.work import UnitOfWork
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.renewal_prices import cycles_over_by


def is_leaving(owed: RemindableService, catalog: Catalog, *, today: date) -> bool:
    """Whether it is being cancelled, or its service is, before a further period is over."""
    if not owed.cancelling or owed.ends_on is None:
        return owed.cancelling
    return not cycles_over_by(owed.ends_on, owed.service, catalog, today=today)


async def read_leaving(
    uow: UnitOfWork, service_ids: Collection[int], catalog: Catalog, *, today: date
) -> frozenset[int]:
    """Of these services, the ones that are leaving: one statement."""
    requested = await uow.reminders.cancelling(service_ids)
    return frozenset(one.service.id for one in requested if is_leaving(one, catalog, today=today))
