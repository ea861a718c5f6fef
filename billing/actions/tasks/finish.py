"""The operator's list of tasks, and saying that one is done."""

from dataclasses import dataclass
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.paging import read_page
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import NotFoundError
from billing.rules.payments.tasks import Task
from billing.rules.work import WorkKind
from billing.views.page import Page, Part
from billing.views.tasks import FinishedTask, ListedTask


@dataclass(frozen=True, slots=True)
class ListTasks:
    """What has to be done after payments."""

    env: Environment

    async def __call__(self, page: int = 1, *, done_too: bool = False) -> Page[ListedTask]:
        """One page: open tasks, the oldest first; with done ones, the newest first."""
        async with self.env.work.reading() as uow:

            async def read(part: Part) -> tuple[ListedTask, ...]:
                return await uow.tasks.page(part, done_too=done_too)

            return await read_page(read, page)


@dataclass(frozen=True, slots=True)
class FinishTask:
    """Somebody has done a task. No status and no date changes by that."""

    env: Environment

    async def __call__(self, number: int, *, by: Actor) -> FinishedTask:
        """Note it once: the second time says who did it before; NotFoundError for no such task."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            is_new = await uow.tasks.finish(number, by=by, at=now)
            task = await uow.tasks.get(number)
            if task is None:
                raise NotFoundError("no_such_task", id=number)
            waits = await self._order_waits(uow, task)
            if is_new:
                await _note(uow, task, by=by, at=now)
                await uow.commit()
        return FinishedTask(task, was_done=not is_new, order_waits=waits)

    async def _order_waits(self, uow: UnitOfWork, task: Task) -> bool:
        """Whether the company still has to accept or reject what the task is about."""
        if task.kind is not WorkKind.ORDER or task.service_id is None:
            return False
        if not self.env.capabilities.sweeps:
            return False
        return await uow.services.pending_order(task.service_id) is not None


@dataclass(frozen=True, slots=True)
class FinishTasks:
    """Somebody has done all that a proforma has made to do; orders are accepted or rejected."""

    env: Environment

    async def __call__(self, number: int, *, by: Actor) -> tuple[Task, ...]:
        """Note it for the task and the open ones beside it; return those that were open.

        NotFoundError if there is no such task.
        """
        now = self.env.now()
        async with self.env.work.writing() as uow:
            first = await uow.tasks.get(number)
            if first is None:
                raise NotFoundError("no_such_task", id=number)
            finished = [
                task
                for task in await uow.tasks.open_beside(first)
                if await uow.tasks.finish(task.id, by=by, at=now)
            ]
            for task in finished:
                await _note(uow, task, by=by, at=now)
            await uow.commit()
        return tuple(finished)


async def _note(uow: UnitOfWork, task: Task, *, by: Actor, at: datetime) -> None:
    about = f"{task.kind}: {task.title} {task.number}"
    await uow.audit.add(by, Audited.FINISH_TASK, f"task {task.id}", at=at, note=about)
