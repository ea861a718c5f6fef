"""Tasks of what a connected panel has carried out."""

from collections.abc import Mapping
from datetime import datetime

from billing.actions.tasks.open import open_tasks
from billing.ports.work import UnitOfWork
from billing.rules.catalog import Catalog
from billing.rules.invoices import Invoice, InvoiceLine
from billing.rules.services import Service, ServiceStatus
from billing.rules.tasks import AppliedLine, work_after
from billing.rules.work import NEEDS_WORK, WorkKind


async def open_panel_tasks(
    uow: UnitOfWork,
    invoice: Invoice,
    services: Mapping[int, Service],
    catalog: Catalog,
    *,
    at: datetime,
) -> None:
    """Open what the lines of an applied invoice make of work, and tell the operator.

    `services` are the client's by id, as the panel shows them by now: one that it has switched on
    again itself makes no work.
    """
    applied = [
        AppliedLine(line, _work(line, services.get(line.service_id or 0), catalog))
        for line in invoice.lines
    ]
    await uow.outbox.add(await open_tasks(uow, invoice, applied, at=at), at=at)


def _work(line: InvoiceLine, service: Service | None, catalog: Catalog) -> WorkKind | None:
    needs_work = catalog.needs_work(service.product_id) if service else NEEDS_WORK
    is_off = service is not None and service.status is not ServiceStatus.ACTIVE
    return work_after(line, needs_work, switched_off=is_off)
