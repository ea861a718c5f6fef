"""What a FOSSBilling is told: each call one write, found again by reading when its answer is lost.

A write is made once and never repeated by itself. What it has made is always read afterwards: the
panel says yes to payments that it did not take, and makes of one call two things beside another.
"""

from dataclasses import dataclass
from typing import Final

from billing.ports.connected import CallSubject, Done, NeverHappened, Refused, Unknown
from billing.rules.panel.panel_calls import PanelCall, Verb
from billing.rules.panel.refusals import CallRefusal
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.closing import NEXT, Cancel, Withdraw
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.facts import (
    REFUSED,
    THERE,
    Facts,
    is_settled,
    read_facts,
    write_facts,
)
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.invoicing import MakeInvoice
from bot.panels.fossbilling.order_check import CheckOrder
from bot.panels.fossbilling.paying import AddBalance, PayBalance, RecordPayment
from bot.panels.fossbilling.placing import Activate, Issue, NewService
from bot.panels.fossbilling.questions import Questions
from bot.panels.fossbilling.reading import Reading
from bot.panels.fossbilling.renewing import Renew
from bot.panels.fossbilling.steps import PlainStep, Step, code_of, refused
from bot.panels.fossbilling.undoing import Refuse, Undo

_FIRST: Final = {
    Verb.PLACE_ORDER: plan.CHECK,
    Verb.WITHDRAW_ORDER: NEXT,
    Verb.CANCEL_SERVICE: NEXT,
}


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes through the connection of `reading`; the methods are those of ConnectedPanel."""

    reading: Reading

    @property
    def http(self) -> PanelHttp:
        """The connection."""
        return self.reading.http

    def first_step(self, verb: Verb) -> str:
        """The step with which a call of several writes begins; "" where there is only one."""
        return _FIRST.get(verb, "")

    def by_hand(self, subject: CallSubject, ref: str) -> Done:
        """What follows where the operator has done it there: of an order, its next step."""
        if subject.call.verb is not Verb.PLACE_ORDER:
            return Done(ref)
        name, _, line = subject.call.step.partition(":")
        lines: tuple[int, ...] = (
            (int(line),) if line and name in (plan.RENEW, plan.ACTIVATE) else ()
        )
        made = plan.made_order(ref) if name in (plan.ORDER, plan.ACTIVATE) else ref
        if name in (plan.INVOICE, plan.RENEW):
            made = plan.made_invoice(ref)
        if name == plan.INVOICE:
            new = plan.new_lines(plan.order_of(subject))
            lines = tuple(quote.line_id for quote in new if not plan.costs_nothing(quote))
        if name in (plan.UNDO, plan.REFUSE):
            return Done(made)
        return Done(made, plan.following(subject), lines=lines)

    async def prepare(self, subject: CallSubject) -> str:
        """Read what is needed to write, and later to find out whether it was written."""
        try:
            facts = await self._step(subject.call).prepare(subject)
        except RefusedError as error:
            if not error.is_denied or error.is_locked_out:
                raise
            facts = refused(CallRefusal.NOT_PERMITTED)
        return write_facts(facts, self.http.clock_there)

    async def carry_out(self, subject: CallSubject) -> Done | Refused | Unknown:
        """Write, once, and read what came of it."""
        facts, step = read_facts(subject.call.facts), self._step(subject.call)
        if REFUSED in facts:
            return step.refuse(subject, facts[REFUSED])
        if not facts.get(THERE):
            try:
                await step.write(subject, facts)
            except RefusedError as error:
                return await step.find(subject, facts) or step.refuse(subject, code_of(error))
        done = await step.find(subject, facts)
        if done is not None:
            return done
        return step.refuse(subject, step.unless_there) if step.unless_there else Unknown("odd")

    async def find_out(self, subject: CallSubject) -> Done | NeverHappened | Unknown:
        """Read whether it was written; what is not there may still be on its way for a while."""
        facts = read_facts(subject.call.facts)
        if REFUSED in facts:
            return NeverHappened()
        done = await self._step(subject.call).find(subject, facts)
        if done is not None:
            return done
        return NeverHappened() if self._is_over(facts) else Unknown("may_still_run")

    def _is_over(self, facts: Facts) -> bool:
        return bool(facts.get(THERE)) or is_settled(facts, self.http.clock_there)

    def _step(self, call: PanelCall) -> Step:
        if call.step == plan.REFUSE:
            return Refuse()
        ask = Questions(self.http, self.reading.addons)
        match call.verb:
            case Verb.PLACE_ORDER:
                return _placing(ask, call.step.partition(":")[0])
            case Verb.WITHDRAW_ORDER:
                return Withdraw(ask)
            case Verb.RECORD_PAYMENT:
                return RecordPayment(ask)
            case Verb.CANCEL_SERVICE:
                return Cancel(ask)
            case Verb.KEEP_SERVICE:
                return NotPossible()
            case Verb.PAY_BALANCE:
                return PayBalance(ask)
            case Verb.ADD_BALANCE:
                return AddBalance(ask)


def _placing(ask: Questions, name: str) -> Step:
    steps: dict[str, Step] = {
        plan.CHECK: CheckOrder(ask),
        plan.ORDER: NewService(ask),
        plan.INVOICE: MakeInvoice(ask),
        plan.ACTIVATE: Activate(ask),
        plan.ISSUE: Issue(ask),
        plan.RENEW: Renew(ask),
        plan.UNDO: Undo(ask),
    }
    return steps[name]


class NotPossible(PlainStep):
    """What the panel cannot do: a cancelled service comes back with a period for nothing."""

    async def prepare(self, subject: CallSubject) -> Facts:
        """Refuse."""
        return refused(CallRefusal.NOT_POSSIBLE)

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Write nothing."""

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """Find nothing."""
        return None
