"""Tasks: opened once by a paid line, done once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    func,
    literal,
    or_,
    select,
    update,
)

from billing.rules.audit import Actor
from billing.rules.payments.tasks import Task
from billing.rules.services.service import ServiceStatus
from billing.rules.work import WorkKind
from billing.views.page import Part
from billing.views.tasks import ListedTask
from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.accounts import clients
from storage.tables.services import services
from storage.tables.tasks import tasks

_NAMES = [field.name for field in fields(Task)]
_TASK = [tasks.c[name] for name in _NAMES]
_OPEN = tasks.c.done_at.is_(None)

NO_WAITING_ORDER = or_(
    tasks.c.kind != WorkKind.ORDER,
    services.c.id.is_(None),
    services.c.status != ServiceStatus.PENDING,
)
"""The condition, where services are joined, that no order waits to be accepted."""


@dataclass(frozen=True, slots=True)
class SqlTasks:
    """Rows of tasks."""

    connection: Connection

    async def open(self, new: Sequence[Task]) -> tuple[Task, ...]:
        """Insert those whose line has none yet, and return them in their order."""
        if not new:
            return ()
        rows = upsert(tasks, self.connection).values([_values(task) for task in new])
        opened = await self.connection.execute(
            rows.on_conflict_do_nothing(index_elements=["invoice_line_id"]).returning(*_TASK)
        )
        return tuple(sorted((Task(*row) for row in opened), key=lambda task: task.id))

    async def get(self, number: int) -> Task | None:
        """One task."""
        # The number is typed, so it may be too large for a column of the database.
        query = select(*_TASK).where(tasks.c.id == literal(number, BigInteger))
        row = (await self.connection.execute(query)).first()
        return None if row is None else Task(*row)

    async def open_beside(self, task: Task) -> tuple[Task, ...]:
        """The open ones of its proforma but for orders, by id."""
        others = tasks.c.kind != WorkKind.ORDER
        beside = tasks.c.number == task.number if task.number else tasks.c.id == task.id
        query = select(*_TASK).where(beside, others, _OPEN)
        rows = await self.connection.execute(query.order_by(tasks.c.id))
        return tuple(Task(*row) for row in rows)

    async def page(
        self, part: Part, *, done_too: bool = False, orders_apart: bool = False
    ) -> tuple[ListedTask, ...]:
        """With their clients: open ones from the oldest, or all from the newest."""
        query = _listed().where(_OPEN).order_by(tasks.c.id)
        if orders_apart:
            query = query.where(NO_WAITING_ORDER)
        if done_too:
            # The condition lets the key be searched from its end, not the table.
            query = _listed().where(tasks.c.id > 0).order_by(tasks.c.id.desc())
        rows = await self.connection.execute(query.limit(part.limit).offset(part.offset))
        return tuple(
            ListedTask(Task(*task), ref, name, service or "") for *task, ref, name, service in rows
        )

    async def still_open(self, numbers: Collection[int]) -> frozenset[int]:
        """The open ones among these; they may be more than a statement has room for."""
        if not numbers:
            return frozenset()
        among = tasks.c.id.between(min(numbers), max(numbers))
        still_open = await self.connection.execute(select(tasks.c.id).where(among, _OPEN))
        return frozenset(numbers) & frozenset(still_open.scalars())

    async def finish(self, number: int, *, by: Actor, at: datetime) -> bool:
        """Note that one is done, and return whether it was open."""
        return await self._finish(tasks.c.id == literal(number, BigInteger), by=by, at=at) > 0

    async def finish_for(
        self, service_ids: Collection[int], kinds: Collection[WorkKind], *, by: Actor, at: datetime
    ) -> int:
        """Note that those about services are done."""
        about = tasks.c.service_id.in_(service_ids), tasks.c.kind.in_(kinds)
        return await self._finish(*about, by=by, at=at)

    async def _finish(self, *where: ColumnElement[bool], by: Actor, at: datetime) -> int:
        done = update(tasks).where(*where, _OPEN).values(done_at=at, done_by=by.name)
        return (await self.connection.execute(done)).rowcount


def count_of_tasks() -> ScalarSelect[Any]:
    """How many are open, but for orders that wait to be accepted."""
    joined = tasks.outerjoin(services, services.c.id == tasks.c.service_id)
    query = select(func.count()).select_from(joined).where(_OPEN, NO_WAITING_ORDER)
    return query.scalar_subquery()


def _listed() -> Select[Any]:
    return (
        select(*_TASK, clients.c.ref, clients.c.name, services.c.ref)
        .join(clients, clients.c.id == tasks.c.client_id)
        .outerjoin(services, services.c.id == tasks.c.service_id)
    )


def _values(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in _NAMES if name != "id"}
