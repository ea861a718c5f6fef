"""Opening tasks, in the transaction that applies what was paid or keeps a request."""

from collections.abc import Sequence
from datetime import datetime

from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.payments.invoices import Invoice, InvoiceLine, Outcome, StatedLine
from billing.rules.payments.tasks import AppliedLine, Task
from billing.rules.services.service import Service
from billing.rules.work import WorkKind
from billing.views.notices.services import NamedService
from billing.views.notices.work import OpenedTask, TasksOpened
from billing.views.services import Cancellation


async def open_tasks(
    uow: UnitOfWork, invoice: Invoice, applied: Sequence[AppliedLine], *, at: datetime
) -> list[Notification]:
    """Open a task for each line that makes work; return the operator's message of them, if any.

    A line that has opened one before opens none.
    """
    new = [_task(invoice, one.line, one.work, at) for one in applied if one.work is not None]
    opened = await uow.tasks.open(new) if new else ()
    told = {one.line.id for one in applied if _is_told(one.line)}
    untold = tuple(_opened(task) for task in opened if task.invoice_line_id not in told)
    if not untold:
        return []
    notice = TasksOpened(invoice.client_id, invoice.number, untold)
    return [Notification(f"tasks:{untold[0].task_id}", notice)]


def _task(invoice: Invoice, line: InvoiceLine, kind: WorkKind, at: datetime) -> Task:
    return Task(
        id=0,
        client_id=invoice.client_id,
        kind=kind,
        service_id=line.service_id,
        invoice_line_id=line.id,
        name=line.item.name,
        domain=line.item.domain,
        number=invoice.number,
        opened_at=at,
    )


def _is_told(line: InvoiceLine) -> bool:
    """Whether the operator's message of a new order speaks of the line, with its commands."""
    return line.outcome is Outcome.ORDERED and not isinstance(line.item, StatedLine)


def _opened(task: Task) -> OpenedTask:
    named = NamedService(task.service_id or 0, task.name, task.domain)
    return OpenedTask(task.id, task.kind, named)


async def open_cancellation_task(
    uow: UnitOfWork, request: Cancellation, service: Service, *, at: datetime
) -> int:
    """Open the task of a request to cancel that a panel cannot carry out; return its number."""
    task = Task(
        id=0,
        client_id=request.client_id,
        kind=WorkKind.CANCELLATION,
        service_id=service.id,
        invoice_line_id=None,
        name=service.name,
        domain=service.domain,
        number="",
        opened_at=at,
        due_on=request.effective_on,
    )
    (opened,) = await uow.tasks.open([task])
    return opened.id
