"""Carrying out what a connected panel is owed: each write once, each outcome kept.

A call is marked as being sent before the panel is asked to write anything, and that is committed.
Whatever happens afterwards (no answer, a lost one, a process that is killed), the outcome of a
call in that state is found out by reading. The panel is asked with no transaction open.

A lost write is sent again only after it was found out twice that it never happened: once when the
panel cannot be at work on it any more, which its adapter decides (FOSSBilling's `MAY_RUN`), and
once right before it is sent. In between the call waits its turn like any other, and that may take
as long as another call of its client does; what is found out then is as old as a moment.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from billing.actions.environment import Environment
from billing.actions.messages.window import always
from billing.actions.panel.outcomes import NEVER_HAPPENED, Outcomes
from billing.actions.panel.presence import Presence
from billing.actions.panel.read_back import ReadBack
from billing.actions.panel.subject import read_subject
from billing.actions.panel.unread import note_unread
from billing.ports.connected import (
    CallSubject,
    ConnectedPanel,
    Done,
    NeverHappened,
    NotSent,
    PanelUnreachableError,
    Refused,
    Unknown,
)
from billing.rules.panel.panel_calls import LEASE, MOST_SENDINGS, CallState

T = TypeVar("T")

ROW_UNREAD = "row_unread"
"""The error of a call that was done, and after which a row of the client cannot be read."""


@dataclass(frozen=True, slots=True)
class RunCalls:
    """Do what is owed and due, one call after the other; any number of processes may run it.

    Without a connected panel nothing is owed.
    """

    env: Environment
    connected: ConnectedPanel | None
    outcomes: Outcomes
    read_back: ReadBack
    presence: Presence

    async def __call__(self, may_go_on: Callable[[], bool] = always) -> int:
        """How many steps were taken, whatever came of them."""
        steps = 0
        if self.connected is not None:
            while may_go_on() and await self._next(self.connected):
                steps += 1
        return steps

    async def _next(self, panel: ConnectedPanel) -> bool:
        now = self.env.now()
        async with self.env.work.reading() as uow:
            if not await uow.panel_calls.has_due(now):
                return False
        async with self.env.work.writing() as uow:
            call = await uow.panel_calls.claim(now, until=now + LEASE)
            if call is None:
                return False
            subject = await read_subject(uow, call)
            await uow.commit()
        match call.state:
            case CallState.WAITING:
                await self._send(panel, subject)
            case CallState.DONE | CallState.REFUSED:
                await self._look(panel, subject)
            case _:
                await self._find_out(panel, subject)
        return True

    async def _send(self, panel: ConnectedPanel, subject: CallSubject) -> None:
        number = subject.call.id
        was_sent = subject.call.sendings and subject.call.facts
        if was_sent and not await self._is_still_undone(panel, subject):
            return
        facts = await self._ask(panel.prepare(subject), f"before call {number}")
        if isinstance(facts, Unknown):
            await self.outcomes.not_asked(subject, facts.error)
            return
        sent = await self._mark_sending(subject, facts)
        if sent is None:
            return
        answer = await self._ask(panel.carry_out(sent), f"to carry out call {number}")
        if isinstance(answer, NotSent):
            await self.outcomes.not_sent(subject, sent, answer.error)
        else:
            await self._record(panel, sent, answer)

    async def _is_still_undone(self, panel: ConnectedPanel, subject: CallSubject) -> bool:
        """Ask once more about one that was sent before; write down what is not a clear no."""
        number = subject.call.id
        answer = await self._ask(panel.find_out(subject), f"again what became of call {number}")
        if isinstance(answer, NeverHappened):
            return True
        await self._record(panel, subject, answer)
        return False

    async def _mark_sending(self, subject: CallSubject, facts: str) -> CallSubject | None:
        """Commit that it is being sent; None if somebody else has it by now."""
        now, call = self.env.now(), subject.call
        until = now + LEASE
        async with self.env.work.writing(call.client_id) as uow:
            ready = replace(call, facts=facts, sendings=call.sendings + 1, error="")
            sent = await uow.panel_calls.send(ready, until=until, at=now)
            if sent is None:
                return None
            await uow.commit()
        return replace(subject, call=sent)

    async def _find_out(self, panel: ConnectedPanel, subject: CallSubject) -> None:
        answer = await self._ask(panel.find_out(subject), f"what became of call {subject.call.id}")
        if not isinstance(answer, NeverHappened):
            await self._record(panel, subject, answer)
        elif subject.call.sendings < MOST_SENDINGS:
            await self.outcomes.send_again(subject)
        else:
            await self._record(panel, subject, panel.refuse(subject, NEVER_HAPPENED))

    async def _record(
        self, panel: ConnectedPanel, subject: CallSubject, answer: Done | Refused | Unknown
    ) -> None:
        match answer:
            case Done():
                kept = await self.outcomes.done(subject, answer)
            case Refused():
                kept = await self.outcomes.refused(subject, answer)
            case Unknown():
                await self.outcomes.unknown(subject, answer.error)
                return
        if kept is not None and kept.call.is_to_read:
            await self._look(panel, kept)

    async def _look(self, panel: ConnectedPanel, subject: CallSubject) -> None:
        """Read what has become of it; until that has worked the call is not over."""
        began_at = self.env.now()
        snapshot = await self._ask(panel.refresh(subject.client), f"after call {subject.call.id}")
        if isinstance(snapshot, Unknown):
            await self.outcomes.not_asked(subject, snapshot.error)
            return
        if snapshot.unread:
            await note_unread(self.env, subject.client.id, snapshot, began_at=began_at)
            await self.outcomes.not_asked(subject, ROW_UNREAD)
            return
        await self.read_back(subject, snapshot, began_at=began_at)

    async def _ask(self, answer: Awaitable[T], about: str) -> T | Unknown:
        """What the panel answers; Unknown if it does not."""
        heard = await self.presence.hear(answer, about)
        return _unanswered(heard) if isinstance(heard, Exception) else heard


def _unanswered(error: Exception) -> Unknown:
    word = type(error).__name__
    if not isinstance(error, PanelUnreachableError):
        return Unknown(word)
    word = error.reason or word
    return NotSent(word) if error.is_unsent else Unknown(word)
