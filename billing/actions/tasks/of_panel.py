"""Tasks of what a connected panel has carried out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from billing.actions.tasks.open import open_tasks
from billing.ports.work import UnitOfWork
from billing.rules.payments.invoices import Invoice, InvoiceLine, StatedLine
from billing.rules.payments.tasks import AppliedLine, work_after
from billing.rules.services.service import Placed, Service, ServiceStatus
from billing.rules.shop.catalog import Catalog
from billing.rules.work import NEEDS_WORK

Services = Mapping[int, Service]


async def open_panel_tasks(
    uow: UnitOfWork, invoice: Invoice, services: Services, catalog: Catalog, *, at: datetime
) -> None:
    """Open what the lines of an applied invoice make of work, and tell the operator.

    `services` are the client's by id, as the panel shows them by now: one that it has switched on
    again itself makes no work.
    """
    applied = [_applied(line, services, catalog) for line in invoice.lines]
    await uow.outbox.add(await open_tasks(uow, invoice, applied, at=at), at=at)


def _applied(line: InvoiceLine, services: Services, catalog: Catalog) -> AppliedLine:
    """A line with its work; one of an add-on bears the domain of the service it belongs to."""
    service = services.get(line.service_id or 0)
    if service is None:
        return AppliedLine(line, work_after(line, NEEDS_WORK))
    is_off = service.status is not ServiceStatus.ACTIVE
    work = work_after(line, catalog.needs_work(service.product_id), switched_off=is_off)
    domain = Placed(service, services.get(service.parent_id or 0)).domain
    if isinstance(line.item, StatedLine):
        line = replace(line, item=replace(line.item, domain=domain))
    return AppliedLine(line, work)
