"""Updates whose handling failed: kept for the operator, who has them handled again or drops them.

A bug may fail many updates, so the operator is told once an hour of each kind of error.
"""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.inbox.booker import LAST_ATTEMPT
from billing.actions.paging import read_page
from billing.ports.inbox import Event, EventState, StuckEvent
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError, NotFoundError
from billing.views.notices.operator import UpdateFailed
from billing.views.page import Page

SOURCE = "update"
"""The source of updates in the inbox; money has the codes of its gateways."""

LEASE = timedelta(minutes=5)
"""How long other processes leave an update alone that one handles again."""


@dataclass(frozen=True, slots=True)
class KeepFailedUpdate:
    """Keep an update that could not be handled, and tell the operator."""

    env: Environment

    async def __call__(self, event_id: str, body: str, *, error: str, incident: str = "") -> int:
        """Return its number. `error` is a kind of error; `incident` is what the user was told."""
        now = self.env.now()
        words = f"{incident} {error}".strip()
        async with self.env.work.writing() as uow:
            number = await uow.inbox.add_failed(SOURCE, event_id, body, error=words, at=now)
            key = f"update_failed:{error}:{now:%Y-%m-%dT%H}"
            await uow.outbox.add([Notification(key, UpdateFailed(number, words))], at=now)
            await uow.commit()
        return number


@dataclass(frozen=True, slots=True)
class ListStuck:
    """Updates whose handling failed, and money that could not be booked."""

    env: Environment

    async def __call__(self, page: int = 1) -> Page[StuckEvent]:
        """One page, the oldest first."""
        async with self.env.work.reading() as uow:
            return await read_page(uow.inbox.stuck, page)


@dataclass(frozen=True, slots=True)
class RetryStuck:
    """Let a running process try again, because the cause is mended."""

    env: Environment

    async def __call__(self, number: int, *, by: Actor) -> StuckEvent:
        """Let it be due now; NotFoundError for a number that is not in the list."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            stuck = await _read_stuck(uow, number)
            if stuck.state is EventState.NOT_BOOKED:
                await uow.inbox.reopen(
                    stuck.source, stuck.event_id, attempts=LAST_ATTEMPT - 1, until=now
                )
            else:
                await uow.inbox.repeat(number, at=now)
            await uow.audit.add(by, Audited.RETRY_UPDATE, f"no. {number}", at=now)
            await uow.commit()
        return stuck


@dataclass(frozen=True, slots=True)
class DropStuck:
    """Take a failed update off the list and forget what is in it."""

    env: Environment

    async def __call__(self, number: int, *, by: Actor) -> StuckEvent:
        """BillingError for money, which is never dropped; NotFoundError for an unknown number."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            stuck = await _read_stuck(uow, number)
            if stuck.state is EventState.NOT_BOOKED:
                raise BillingError("update_is_money", id=number)
            await uow.inbox.close_update(number, dropped=True, at=now)
            await uow.audit.add(by, Audited.DROP_UPDATE, f"no. {number}", at=now)
            await uow.commit()
        return stuck


@dataclass(frozen=True, slots=True)
class TakeUpdateAgain:
    """Take the next update that the operator wants to be handled again."""

    env: Environment

    async def __call__(self) -> Event | None:
        """None if there is none, or another process has it in hand."""
        now = self.env.now()
        async with self.env.work.reading() as uow:
            if not await uow.inbox.has_again(now):
                return None
        async with self.env.work.writing() as uow:
            event = await uow.inbox.take_again(now, until=now + LEASE)
            await uow.commit()
        return event


@dataclass(frozen=True, slots=True)
class EndUpdateAgain:
    """An update was handled again, and did not fail once more."""

    env: Environment

    async def __call__(self, number: int) -> bool:
        """Forget what is in it; False if it has failed again and stays in the list."""
        async with self.env.work.writing() as uow:
            is_over = await uow.inbox.close_update(number, dropped=False, at=self.env.now())
            await uow.commit()
        return is_over


async def _read_stuck(uow: UnitOfWork, number: int) -> StuckEvent:
    stuck = await uow.inbox.get_stuck(number)
    if stuck is None:
        raise NotFoundError("no_such_update", id=number)
    return stuck
