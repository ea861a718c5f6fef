"""What the answer to a panel call changes here, each in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.panel.answers import order_answered
from billing.ports.connected import CallSubject, Done, Refused
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.panel.panel_calls import (
    TELL_AFTER,
    CallState,
    PanelCall,
    Verb,
    pause_after,
)
from billing.rules.payments.orders import LineState, Order, OrderState
from billing.views.notices.money import BalanceNotUsed, PaymentCredited
from billing.views.notices.panel import (
    CallNeedsYou,
    NotCarriedOut,
)
from billing.views.notices.services import CancellationRejected, name_service
from billing.views.services import Cancellation, CancellationStatus

DROPPED = "dropped"
"""The refusal of a call that the operator has given up; nobody tells them of it."""

NEVER_HAPPENED = "never_happened"
"""The refusal of a call that was proved too often not to have happened."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Writes down what came of a call, unless somebody else has done so."""

    env: Environment

    async def not_asked(self, subject: CallSubject, error: str) -> None:
        """The panel could not be read: try again a little later, in the same state."""
        await self._fail(subject, subject.call.state, error)

    async def unknown(self, subject: CallSubject, error: str) -> None:
        """Nobody knows whether it was done: find out a little later."""
        await self._fail(subject, CallState.UNKNOWN, error)

    async def not_sent(self, before: CallSubject, subject: CallSubject, error: str) -> None:
        """It did not get as far as the panel: send it a little later, as it was `before`."""
        call = subject.call
        unsent = replace(call, sendings=before.call.sendings, facts=before.call.facts)
        await self._fail(replace(subject, call=unsent), CallState.WAITING, error)

    async def send_again(self, subject: CallSubject) -> None:
        """It was not done: send it again, once that is found out with the same facts once more."""
        now = self.env.now()
        async with self.env.work.writing(subject.call.client_id) as uow:
            again = replace(subject.call, failures=0)
            if await uow.panel_calls.move(again, CallState.WAITING, due_at=now, at=now):
                await uow.commit()

    async def done(self, subject: CallSubject, answer: Done) -> CallSubject | None:
        """Keep what it has made and what has to follow.

        Returns the call as it is now; None where somebody else has it. Its effects are to be read
        now unless another call follows first.
        """
        now, call = self.env.now(), subject.call
        is_last = answer.then is None
        finished = replace(call, ref=answer.ref, failures=0, error="", is_open=is_last)
        async with self.env.work.writing(call.client_id) as uow:
            moved = await uow.panel_calls.move(finished, CallState.DONE, due_at=now, at=now)
            if moved is None:
                return None
            order = await self._placed(uow, subject, answer)
            if call.verb is Verb.ADD_BALANCE:
                amount = Money(call.amount, subject.client.currency)
                note = Notification(
                    f"credited:{call.unplaced_id}", PaymentCredited(amount, is_credit=False),
                    client_id=call.client_id,
                )  # fmt: skip
                await uow.outbox.add([note], at=now)
            if answer.then is not None:
                follows = replace(
                    call, id=0, state=CallState.WAITING, created_at=now, due_at=now,
                    step=answer.then.step, ref=answer.then.ref, facts="", failures=0, sendings=0,
                    lease_until=None,
                )  # fmt: skip
                await uow.panel_calls.add(follows)
            if answer.trouble:
                await uow.outbox.add([_trouble(subject, answer.trouble)], at=now)
            await uow.commit()
        return replace(subject, call=moved, order=order)

    async def _placed(self, uow: UnitOfWork, subject: CallSubject, answer: Done) -> Order | None:
        """Note on the order which lines are placed, and what the panel calls it."""
        order, verb = subject.order, subject.call.verb
        if order is None or verb is not Verb.PLACE_ORDER:
            return order
        order = mark_lines(order, answer.lines, LineState.PLACED)
        await uow.orders.save(order, ref=answer.ref or None)
        return order

    async def refused(self, subject: CallSubject, answer: Refused) -> CallSubject | None:
        """It will not be done. Money that came for it stays open for the operator to decide.

        Returns the call as it is now; None where somebody else has it. The client is to be read
        where a part of its order was placed before, or where their balance is not what we knew.
        """
        now, call = self.env.now(), subject.call
        order = _without_the_rest(subject.order, answer) if subject.order else None
        is_part = call.verb is Verb.PLACE_ORDER and order is not None and is_placed(order)
        is_to_read = is_part or call.verb is Verb.PAY_BALANCE
        closed = replace(
            call, error=answer.code, failures=0, is_open=call.carries_money or is_to_read
        )
        async with self.env.work.writing(call.client_id) as uow:
            moved = await uow.panel_calls.move(closed, CallState.REFUSED, due_at=now, at=now)
            if moved is None:
                return None
            await self._undo(uow, subject, order, answer)
            if answer.code != DROPPED:
                await uow.outbox.add([tell_operator(subject, closed, is_refused=True)], at=now)
            await uow.commit()
        return replace(subject, call=moved, order=order)

    async def _undo(
        self, uow: UnitOfWork, subject: CallSubject, order: Order | None, answer: Refused
    ) -> None:
        """What the refusal means for the order or the request to cancel."""
        call, now = subject.call, self.env.now()
        match call.verb:
            case Verb.PLACE_ORDER if order is not None:
                await uow.orders.save(order)
                if order.state is OrderState.REFUSED:
                    await order_answered(uow, order, f"{order.state}:{order.id}", at=now)
            case Verb.WITHDRAW_ORDER if subject.order is not None:
                stays = replace(
                    subject.order, state=placed_state(subject.order), refusal=answer.code
                )
                await uow.orders.save(stays)
                await order_answered(uow, stays, f"not-withdrawn:{call.id}", at=now)
            case Verb.CANCEL_SERVICE if subject.cancellation is not None:
                await self._reject(uow, subject, subject.cancellation)
            case Verb.PAY_BALANCE if subject.invoice is not None:
                invoice = subject.invoice
                notice = BalanceNotUsed(invoice.id, invoice.number)
                key = f"balance-not-used:{call.id}"
                note = Notification(key, notice, client_id=call.client_id)
                await uow.outbox.add([note], at=now)
            case Verb.ADD_BALANCE if call.unplaced_id is not None:
                await uow.unplaced.reopen(call.unplaced_id)
            case _:
                pass

    async def _reject(self, uow: UnitOfWork, subject: CallSubject, request: Cancellation) -> None:
        """The service goes on, and its client is told."""
        await uow.cancellations.decide(request.id, CancellationStatus.REJECTED)
        service = subject.services.get(request.service_id)
        if service is not None:
            notice = CancellationRejected(name_service(service))
            note = Notification(f"decided:{request.id}", notice, client_id=request.client_id)
            await uow.outbox.add([note], at=self.env.now())

    async def _fail(self, subject: CallSubject, state: CallState, error: str) -> None:
        now, failures = self.env.now(), subject.call.failures + 1
        call = replace(subject.call, failures=failures, error=error)
        due_at = now + pause_after(failures)
        async with self.env.work.writing(call.client_id) as uow:
            if await uow.panel_calls.move(call, state, due_at=due_at, at=now) is None:
                return
            if failures == TELL_AFTER:
                await uow.outbox.add([tell_operator(subject, call, is_refused=False)], at=now)
            await uow.commit()


def _without_the_rest(order: Order, answer: Refused) -> Order:
    """An order whose waiting lines the panel refuses."""
    waiting = [line.quote.line_id for line in order.lines if line.state is LineState.WAITING]
    order = replace(mark_lines(order, waiting, LineState.REFUSED), refusal=answer.code)
    return order if is_placed(order) else replace(order, state=OrderState.REFUSED)


def placed_state(order: Order) -> OrderState:
    """Placed as a whole or in part, by its lines."""
    is_whole = all(line.state is LineState.PLACED for line in order.lines)
    return OrderState.PLACED if is_whole else OrderState.PART_PLACED


def is_placed(order: Order) -> bool:
    """Whether the panel has any of its lines."""
    return any(line.state is LineState.PLACED for line in order.lines)


def mark_lines(order: Order, line_ids: Collection[int], state: LineState) -> Order:
    """The order with these lines, by their numbers in the cart, in a state."""
    lines = tuple(
        replace(line, state=state) if line.quote.line_id in line_ids else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def _trouble(subject: CallSubject, trouble: str) -> Notification:
    """The operator has to see to something that the panel was to do after a call."""
    call, invoice = subject.call, subject.invoice
    notice = NotCarriedOut(
        call.client_id, call.id, call.verb, trouble, number=invoice.number if invoice else ""
    )
    return Notification(f"trouble:{call.id}", notice)


def tell_operator(subject: CallSubject, call: PanelCall, *, is_refused: bool) -> Notification:
    """The operator has to look at a call."""
    invoice = subject.invoice
    notice = CallNeedsYou(
        call.client_id,
        call.id,
        call.verb,
        is_refused=is_refused,
        error=call.error,
        number=invoice.number if invoice else "",
        amount=Money(call.amount, subject.client.currency) if call.amount else None,
    )
    return Notification(f"call:{call.id}:{call.sendings}:{is_refused}", notice)
