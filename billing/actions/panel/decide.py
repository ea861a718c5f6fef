"""What the operator does about panel calls that do not come to an end by themselves."""

from dataclasses import dataclass, replace
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.paging import read_page
from billing.actions.panel.outcomes import DROPPED, Outcomes
from billing.actions.panel.subject import read_subject
from billing.actions.payments.unplaced import keep_unplaced
from billing.ports.connected import CallSubject, ConnectedPanel, Done, Refused
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError, InvalidInputError, NotFoundError
from billing.rules.money import Money
from billing.rules.panel.panel_calls import CallState, PanelCall
from billing.rules.payments.charges import Charge, Misfit
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.page import Page
from billing.views.panel import ListedCall

LONGEST_REF = 64


@dataclass(frozen=True, slots=True)
class ListCalls:
    """Calls that are not over."""

    env: Environment

    async def __call__(self, page: int = 1) -> Page[ListedCall]:
        """One page, the oldest first."""
        async with self.env.work.reading() as uow:
            return await read_page(uow.panel_calls.page, page)


@dataclass(frozen=True, slots=True)
class RetryCall:
    """Ask again: by reading where it was sent before, and only then by sending."""

    env: Environment

    async def __call__(self, number: int, *, by: Actor) -> PanelCall:
        """Let it be due now; BillingError for one that is over or just being sent."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            call = await _lock_open(uow, number, now)
            is_refused = call.state is CallState.REFUSED
            again = replace(call, failures=0, sendings=0 if is_refused else call.sendings)
            state = CallState.UNKNOWN if call.sendings else CallState.WAITING
            await _move(uow, again, call.state if call.is_answered else state, self.env)
            await uow.audit.add(by, Audited.RETRY_CALL, f"no. {number}", at=now)
            await uow.commit()
        return again


@dataclass(frozen=True, slots=True)
class FinishCall:
    """The operator has done it in the panel, and says the number it has there."""

    env: Environment
    outcomes: Outcomes
    connected: ConnectedPanel | None

    async def __call__(self, number: int, ref: str, *, by: Actor) -> PanelCall:
        """Count it as done; what follows and what it has changed is up to the next tick.

        BillingError for one that is over, answered, or just being sent.
        """
        ref = ref.strip()
        if not ref or len(ref) > LONGEST_REF:
            raise InvalidInputError("panel_number_missing")
        now = self.env.now()
        async with self.env.work.writing() as uow:
            call = await _lock_unanswered(uow, number, now)
            subject = await read_subject(uow, call)
            await uow.audit.add(by, Audited.FINISH_CALL, f"no. {number}", at=now, note=ref)
            await uow.commit()
        done = self.connected.by_hand(subject, ref) if self.connected else Done(ref)
        if await self.outcomes.done(subject, done) is None:
            raise BillingError("try_again")
        return call


@dataclass(frozen=True, slots=True)
class DropCall:
    """The operator gives it up; money that came for it becomes unplaced money.

    What was made in the panel for its order before is taken back there at the next tick.
    """

    env: Environment
    outcomes: Outcomes
    connected: ConnectedPanel | None

    async def __call__(self, number: int, *, by: Actor) -> ListedCall:
        """Close it and say whose it was; the money waits in the list of unplaced money.

        BillingError for one that is over, answered, or just being sent.
        """
        now = self.env.now()
        async with self.env.work.writing() as uow:
            call = await _lock_unanswered(uow, number, now)
            subject = await read_subject(uow, call)
            await uow.audit.add(by, Audited.DROP_CALL, f"no. {number}", at=now)
            if call.carries_money:
                await self._set_aside(uow, subject)
            await uow.commit()
        if not call.carries_money:
            await self._refuse(subject)
        amount = Money(call.amount, subject.client.currency)
        number_there = subject.invoice.number if subject.invoice else ""
        return ListedCall(call, subject.client.ref, number_there, amount)

    async def _refuse(self, subject: CallSubject) -> None:
        panel = self.connected
        answer = panel.refuse(subject, DROPPED) if panel else Refused(DROPPED)
        if isinstance(answer, Done):
            kept = await self.outcomes.done(subject, answer)
        else:
            kept = await self.outcomes.refused(subject, answer)
        if kept is None:
            raise BillingError("try_again")

    async def _set_aside(self, uow: UnitOfWork, subject: CallSubject) -> None:
        """The invoice does not count on this money any more."""
        call, invoice, payment = subject.call, subject.invoice, subject.payment
        if invoice is None or payment is None:
            raise NotFoundError("no_such_call", id=call.id)
        closed = replace(call, is_open=False, error=DROPPED)
        await _move(uow, closed, CallState.REFUSED, self.env)
        paid = invoice.paid - Money(call.amount, invoice.currency)
        if invoice.status is InvoiceStatus.BEING_APPLIED:
            unpaid = replace(invoice, status=InvoiceStatus.UNPAID, paid=paid, paid_at=None)
            await uow.panel_invoices.restate(unpaid)
        elif invoice.is_open:
            await uow.panel_invoices.restate(replace(invoice, paid=paid))
        charge = Charge(
            source=payment.gateway,
            event_id=f"call:{call.id}",
            charge_id=payment.charge_id or "",
            amount=call.amount,
            currency=invoice.currency,
            payload=invoice.number,
        )
        await keep_unplaced(
            self.env, uow, charge, Misfit.REFUSED_BY_PANEL, client_id=call.client_id
        )


async def _lock_open(uow: UnitOfWork, number: int, now: datetime) -> PanelCall:
    """One that is not over and that no process has in hand, once its client is locked."""
    call = await uow.panel_calls.get(number)
    if call is not None:
        await uow.lock_client(call.client_id)
        call = await uow.panel_calls.get(number)
    if call is None:
        raise NotFoundError("no_such_call", id=number)
    if not call.is_open:
        raise BillingError("call_over", id=number)
    if call.lease_until is not None and call.lease_until > now:
        raise BillingError("call_in_hand", id=number)
    return call


async def _lock_unanswered(uow: UnitOfWork, number: int, now: datetime) -> PanelCall:
    """The same, and not one that is done and only has to be read back: that decides itself."""
    call = await _lock_open(uow, number, now)
    if call.is_answered:
        raise BillingError("call_answered", id=number)
    return call


async def _move(uow: UnitOfWork, call: PanelCall, state: CallState, env: Environment) -> None:
    now = env.now()
    if await uow.panel_calls.move(call, state, due_at=now, at=now) is None:
        raise BillingError("try_again")
