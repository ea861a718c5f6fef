"""Booking what was kept: each notice once, its mark and its effect in one transaction.

A failure is counted and tried again a little later. After the last one the notice is left alone,
and stands in the operator's list like all money that fits nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from billing.actions.inbox.booker import LAST_ATTEMPT, LEASE, Booker
from billing.actions.messages.window import always
from billing.actions.payments.unplaced import read_open
from billing.ports.inbox import EventState
from billing.ports.work import UnavailableError
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError
from billing.rules.payments.charges import Misfit


def never() -> bool:
    """Nobody has been told."""
    return False


@dataclass(frozen=True, slots=True)
class BookEvents:
    """Book what came and is due, one notice after the other, at every tick."""

    booker: Booker

    async def __call__(self, may_go_on: Callable[[], bool] = always) -> int:
        """How many notices were handled, whatever came of them; any number may run at once."""
        handled = 0
        while may_go_on() and await self._book_next():
            handled += 1
        return handled

    async def _book_next(self) -> bool:
        env, event = self.booker.env, None
        async with env.work.reading() as uow:
            if not await uow.inbox.has_due(env.now()):
                return False
        try:
            async with env.work.writing() as uow:
                event = await uow.inbox.take(env.now())
                if event is None:
                    return False
                await self.booker.book(uow, event)
                await uow.commit()
        except UnavailableError:
            raise  # it is no fault of the notice
        except Exception as error:
            if event is None:
                raise
            await self.booker.fail(event, error, is_told=False)
        return True


@dataclass(frozen=True, slots=True)
class BookEvent:
    """Book one notice at once, so that the payer need not wait for a tick."""

    booker: Booker

    async def __call__(
        self, source: str, event_id: str, *, is_told: Callable[[], bool] = never
    ) -> EventState:
        """How far it has come by then; one that failed, or that another holds, still waits.

        `is_told` says whether the payer knows already that the money has come.
        """
        env, event = self.booker.env, None
        try:
            async with env.work.writing() as uow:
                event = await uow.inbox.take_one(source, event_id)
                if event is None:
                    return await uow.inbox.state(source, event_id) or EventState.WAITING
                state = await self.booker.book(uow, event)
                await uow.commit()
        except UnavailableError:
            raise
        except Exception as error:
            if event is None:
                raise
            return await self.booker.fail(event, error, is_told=is_told())
        return state


@dataclass(frozen=True, slots=True)
class BookAgain:
    """Book what was given up, because the operator has mended what stood in the way."""

    booker: Booker

    async def __call__(self, number: int, *, by: Actor) -> EventState:
        """What came of it; BillingError for a number of which nothing was given up."""
        env = self.booker.env
        async with env.work.writing() as uow:
            money = await read_open(uow, number)
            until = env.now() + LEASE
            if money.reason is not Misfit.NOT_BOOKED or not await uow.inbox.reopen(
                money.source, money.event_id, attempts=LAST_ATTEMPT - 1, until=until
            ):
                has_credit = env.capabilities.credit
                raise BillingError(
                    "fits_nothing" if has_credit else "cannot_book_again", id=number
                )
            await uow.audit.add(by, Audited.BOOK_UNPLACED, f"no. {number}", at=env.now())
            await uow.commit()
        return await BookEvent(self.booker)(money.source, money.event_id)
