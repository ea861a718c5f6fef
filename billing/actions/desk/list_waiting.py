"""The lists of what waits for staff, page by page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from billing.actions.desk.standing import reminder_window
from billing.actions.environment import Environment
from billing.ports.inbox import UnplacedMoney
from billing.ports.work import UnitOfWork
from billing.rules.money import EXPONENTS, Money
from billing.views.desk import Waiting, WaitingItem, WaitingList, WaitingMoney, WaitingRequest
from billing.views.page import Part

SIZE = 6
"""Items of one page: with their buttons they fit a phone's screen."""

Read = Callable[[Environment, UnitOfWork, Part], Awaitable[tuple[WaitingItem, ...]]]


@dataclass(frozen=True, slots=True)
class ListWaiting:
    """What of one kind waits for staff."""

    env: Environment

    async def __call__(self, kind: Waiting, page: int = 0) -> WaitingList:
        """One page from 0, the oldest first; empty past the end."""
        async with self.env.work.reading() as uow:
            items = await READERS[kind](self.env, uow, Part(SIZE + 1, page * SIZE))
        return WaitingList(kind, items[:SIZE], page, has_next=len(items) > SIZE)


async def _orders(_: Environment, uow: UnitOfWork, part: Part) -> tuple[WaitingItem, ...]:
    return await uow.services.pending_orders(part)


async def _requests(_: Environment, uow: UnitOfWork, part: Part) -> tuple[WaitingItem, ...]:
    return tuple(WaitingRequest(*row) for row in await uow.cancellations.waiting(part))


async def _proformas(_: Environment, uow: UnitOfWork, part: Part) -> tuple[WaitingItem, ...]:
    return await uow.invoices.unpaid(part)


async def _unplaced(_: Environment, uow: UnitOfWork, part: Part) -> tuple[WaitingItem, ...]:
    return tuple(_money(row) for row in await uow.unplaced.waiting(part))


def _money(row: UnplacedMoney) -> WaitingMoney:
    known = row.amount is not None and row.currency in EXPONENTS
    amount = Money(row.amount or 0, row.currency) if known else None
    stated = f"{'?' if row.amount is None else row.amount} {row.currency}"
    return WaitingMoney(row.id, stated, amount, row.reference, row.received_at)


async def _calls(_: Environment, uow: UnitOfWork, part: Part) -> tuple[WaitingItem, ...]:
    return await uow.panel_calls.page(part, stuck=True)


async def _tasks(_: Environment, uow: UnitOfWork, part: Part) -> tuple[WaitingItem, ...]:
    return await uow.tasks.page(part, orders_apart=True)


async def _unreachable(env: Environment, uow: UnitOfWork, part: Part) -> tuple[WaitingItem, ...]:
    earliest, latest = await reminder_window(env, uow)
    return await uow.desk.unreachable(part, earliest=earliest, latest=latest)


READERS: Mapping[Waiting, Read] = {
    Waiting.ORDERS: _orders,
    Waiting.CANCELLATIONS: _requests,
    Waiting.PROFORMAS: _proformas,
    Waiting.UNPLACED: _unplaced,
    Waiting.CALLS: _calls,
    Waiting.UNREACHABLE: _unreachable,
    Waiting.TASKS: _tasks,
}
"""How each list is read."""
