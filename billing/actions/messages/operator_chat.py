"""Messages for the operator: they wait while their chat cannot be written to.

The first one that is refused leaves a note in the outbox, "so many messages waited". While that
note waits, nothing else goes to the chat: it is tried again and again with a growing pause, and
the others follow it. What nobody needs by then does not.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing.actions.environment import Environment
from billing.ports.outbox import OPERATOR_CHAT, Outgoing
from billing.ports.work import UnitOfWork
from billing.rules.lease import LEASE
from billing.rules.reach import ClosedChat
from billing.views.notices.notice import Notice, UnreadableNotice
from billing.views.notices.operator import (
    CancellationRequested,
    CancellationWithdrawn,
    MessagesWaited,
    OrderPaid,
    ReminderSummary,
)
from billing.views.notices.work import OpenedTask, ProformaPaid, TasksOpened
from billing.views.operator import WaitingMessages

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
FRESH = timedelta(hours=1)
"""Younger messages go out as they are: what they say has hardly changed."""

DAY = timedelta(days=1)
MOST = 5000
"""So many waiting messages are looked at."""


def pause(since: datetime, now: datetime) -> timedelta:
    """As long as the chat has been closed for, within limits: each pause doubles the last."""
    return min(max(now - since, FIRST_PAUSE), LONGEST_PAUSE)


async def fill(uow: UnitOfWork, outgoing: Outgoing, now: datetime) -> Outgoing | None:
    """The message as it is to be sent; None when nobody needs it any more."""
    if outgoing.key == OPERATOR_CHAT:
        waiting = await _of_use(uow, await uow.outbox.for_operator(limit=MOST), now)
        if not waiting:
            return None
        if isinstance(outgoing.notice, MessagesWaited):
            oldest = min(one.added_at for one in waiting)
            notice = replace(outgoing.notice, count=len(waiting), oldest=oldest)
            outgoing = replace(outgoing, notice=notice)
        return outgoing
    return outgoing if await _of_use(uow, [outgoing], now) else None


async def close(uow: UnitOfWork, outgoing: Outgoing, why: ClosedChat, now: datetime) -> None:
    """Keep a message that the chat did not take, and all others for it."""
    if outgoing.key == OPERATOR_CHAT:
        until = now + pause(outgoing.added_at, now)
    else:
        until = now + FIRST_PAUSE
        log.warning("the operator chat cannot be written to (%s): its messages wait", why.value)
    await uow.outbox.close_chat(outgoing.id, why, now=now, until=until)


async def _of_use(
    uow: UnitOfWork, waiting: Sequence[Outgoing], now: datetime
) -> Sequence[Outgoing]:
    """What still says something that is to be done, or news."""
    if all(now - one.added_at < FRESH for one in waiting):
        return waiting
    orders = {order.service.id for order in await uow.services.pending_orders()}
    requests = {request.id for request, *_ in await uow.cancellations.waiting()}
    numbers = [task.task_id for one in waiting for task in _tasks_of(one.notice)]
    open_tasks = await uow.tasks.still_open(numbers)

    def is_of_use(one: Outgoing) -> bool:
        age = now - one.added_at
        if age < FRESH:
            return True
        match one.notice:
            case OrderPaid(service=service):
                return service.id in orders
            case CancellationRequested(request_id=request_id):
                return request_id in requests
            case TasksOpened(tasks=tasks):
                return any(task.task_id in open_tasks for task in tasks)
            case CancellationWithdrawn():
                return False
            case ReminderSummary() | ProformaPaid():
                return age < DAY
            case _:
                return True

    return [one for one in waiting if is_of_use(one)]


def _tasks_of(notice: Notice | UnreadableNotice) -> tuple[OpenedTask, ...]:
    return notice.tasks if isinstance(notice, TasksOpened) else ()


@dataclass(frozen=True, slots=True)
class ShowWaitingMessages:
    """The messages that wait for the operator, and why."""

    env: Environment

    async def __call__(self) -> WaitingMessages:
        """Those that are still of use; `why` is None when Telegram just has not taken them yet."""
        now = self.env.now()
        async with self.env.work.reading() as uow:
            why = await uow.outbox.closed_chat()
            waiting = await _of_use(uow, await uow.outbox.for_operator(limit=MOST), now)
        oldest = min((one.added_at for one in waiting), default=None)
        return WaitingMessages(len(waiting), oldest, why)


@dataclass(frozen=True, slots=True)
class TryOperatorChat:
    """Write to the operator's chat at once, if it was closed: something has changed about it."""

    env: Environment

    async def __call__(self) -> None:
        """Let the note that waits for the chat be due now."""
        async with self.env.work.writing() as uow:
            now = self.env.now()
            await uow.outbox.try_chat(now=now, lease_until=now + LEASE)
            await uow.commit()
