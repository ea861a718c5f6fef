"""One notice of money, booked or put aside inside a transaction that holds it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from billing.actions.environment import Environment
from billing.actions.payments.confirm import ConfirmPayment
from billing.actions.payments.unplaced import GIVEN_BACK, keep_unplaced, payers_note
from billing.actions.payments.use_money import surplus_key
from billing.ports.inbox import Event, EventState
from billing.ports.outside import NoticeReader
from billing.ports.work import UnitOfWork
from billing.rules.payments.charges import PAID, Charge, Misfit, event_id_of, misfit_of
from billing.views.notices.money import PaymentArrived
from billing.views.payments import PaymentOutcome

log = logging.getLogger(__name__)

PAUSES = (timedelta(seconds=30), timedelta(minutes=5))
"""After the first failure and after the second."""

LAST_ATTEMPT = len(PAUSES) + 1
"""After that many failures a notice is given up."""

LEASE = timedelta(minutes=5)
"""How long ticks leave a notice alone that the operator books again."""


@dataclass(frozen=True, slots=True)
class Booker:
    """Books one notice; `readers` understand what the gateways of their codes write."""

    env: Environment
    confirm: ConfirmPayment
    readers: Mapping[str, NoticeReader]

    async def book(self, uow: UnitOfWork, event: Event) -> EventState:
        """Count the money or put it aside, and mark the notice; the caller holds it."""
        state = await self._book(uow, self.read(event))
        if event.attempts and state is EventState.BOOKED:
            await uow.unplaced.settle(event.source, event.event_id, "booked", at=self.env.now())
        await uow.inbox.finish(event.id, state, at=self.env.now())
        return state

    async def fail(self, event: Event, error: Exception, *, is_told: bool) -> EventState:
        """Count a failure; after the last one the operator has to look."""
        now, failures = self.env.now(), event.attempts + 1
        charge = self.read(event)
        log.error("notice %s is not booked, attempt %s", event.id, failures, exc_info=error)
        async with self.env.work.writing() as uow:
            if failures < LAST_ATTEMPT:
                state, until = EventState.WAITING, now + PAUSES[failures - 1]
                await uow.inbox.defer(event.id, until=until, error=type(error).__name__)
                if charge.user_id is not None and not is_told:
                    key = f"arrived:{sha256(event.event_id.encode()).hexdigest()}"
                    await uow.outbox.add([payers_note(charge, key, PaymentArrived)], at=now)
            else:
                state = EventState.NOT_BOOKED
                await uow.inbox.finish(event.id, state, at=now)
                await keep_unplaced(self.env, uow, charge, Misfit.NOT_BOOKED)
            await uow.commit()
        return state

    def read(self, event: Event) -> Charge:
        """What the notice says; one that breaks its reader is unreadable."""
        try:
            return self.readers[event.source].read(event.event_id, event.body)
        except Exception:
            log.exception("notice %s of %s cannot be read", event.id, event.source)
            return Charge(event.source, event.event_id, is_readable=False)

    async def _book(self, uow: UnitOfWork, charge: Charge) -> EventState:
        if charge.is_refund and await self._went_back(uow, charge):
            return EventState.BOOKED
        result = await self.confirm.within(uow, charge)
        if result is None:
            reason = misfit_of(charge) or Misfit.UNKNOWN_PAYMENT
            await keep_unplaced(self.env, uow, charge, reason)
            return EventState.UNPLACED
        if result.outcome is PaymentOutcome.UNPLACED:
            return EventState.UNPLACED
        # Who pays has come back, even if the update that said so never arrived.
        user = charge.user_id
        if user is not None and (await uow.users.visitor(user)).unreachable:
            await uow.users.set_unreachable(user, None)
        return EventState.BOOKED

    async def _went_back(self, uow: UnitOfWork, charge: Charge) -> bool:
        """Whether this refund ends money that fitted nothing: then there is nothing to decide."""
        if not charge.charge_id:
            return False
        now, paid = self.env.now(), event_id_of(PAID, charge.charge_id, "")
        return await uow.unplaced.settle(
            charge.source, paid, "refunded", at=now
        ) or await self._surplus_went_back(uow, charge)

    async def _surplus_went_back(self, uow: UnitOfWork, charge: Charge) -> bool:
        """The same for a booked payment, where its surplus is unplaced and not credit.

        If the surplus was not all of it, what was paid with the rest has to be decided.
        """
        if self.env.capabilities.credit:
            return False
        payment = await uow.payments.first_for_charge(charge.source, charge.charge_id)
        if payment is None:
            return False
        part, everything = (surplus_key(payment, is_all=is_all) for is_all in (False, True))
        now = self.env.now()
        await uow.unplaced.settle(GIVEN_BACK, part, "refunded", at=now)
        return await uow.unplaced.settle(GIVEN_BACK, everything, "refunded", at=now)
