"""Taking back what was made of an order before a part of it was refused."""

from dataclasses import dataclass

from billing.ports.connected import CallSubject, Done, NextCall, Refused
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.facts import REFUSED, THERE, Facts
from bot.panels.fossbilling.questions import PENDING, Questions
from bot.panels.fossbilling.steps import PlainStep
from bot.panels.fossbilling.values import id_of


def undone_first(subject: CallSubject, code: str) -> Done | Refused:
    """Refuse; orders that were made and have no invoice yet are taken back before."""
    made = plan.numbers_made(subject, plan.ORDER)
    if made and not plan.numbers_made(subject, plan.INVOICE):
        return Done(then=NextCall(plan.UNDO, code))
    return Refused(code)


@dataclass(frozen=True, slots=True)
class Undo(PlainStep):
    """Take back one order that was made before something else was refused."""

    ask: Questions

    async def prepare(self, subject: CallSubject) -> Facts:
        """Look for one that is still there and not set up."""
        left = await self._left(subject)
        return {"order": left[0]} if left else {THERE: True}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Delete it; it has no invoice."""
        await self.ask.http.write("admin/order/delete", id=facts["order"])

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """Go on with the next one, then with the refusal."""
        left = await self._left(subject)
        if facts.get("order") in left:
            return None
        return Done(then=NextCall(plan.UNDO if left else plan.REFUSE, subject.call.ref))

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Refuse for the first reason; the operator sees what stays."""
        return Refused(subject.call.ref)

    async def _left(self, subject: CallSubject) -> list[int]:
        numbers = plan.numbers_made(subject, plan.ORDER)
        made = [await self.ask.own_order(subject, one) for one in numbers]
        return [id_of(one["id"]) for one in made if one and one.get("status") in PENDING]


@dataclass(frozen=True, slots=True)
class Refuse(PlainStep):
    """Refuse at last, once nothing is left of what was made."""

    async def prepare(self, subject: CallSubject) -> Facts:
        """The first reason."""
        return {REFUSED: subject.call.ref}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Write nothing."""

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """Find nothing."""
        return None
