"""One write of a call: what is read before it, the write, and how its effect is found."""

from typing import Protocol

from billing.ports.connected import CallSubject, Done, Refused
from billing.rules.panel.refusals import CallRefusal
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.facts import REFUSED, Facts


class Step(Protocol):
    """One write. `prepare` and `find` only read; each raises PanelUnreachableError."""

    async def prepare(self, subject: CallSubject) -> Facts:
        """Read what the write needs: `refused` with a code, or `there`, when nothing is left."""

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Write, once. Raises RefusedError when the panel has said no."""

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """What the write has made, with what has to follow; None while it is not there."""

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """The answer where it cannot be done: a refusal, or what has to be undone first."""

    @property
    def unless_there(self) -> str:
        """The refusal when the panel says yes and nothing has happened; "" if that is odd."""

    @property
    def costs_money(self) -> bool:
        """Whether a second write would cost somebody money, and nothing there would hinder it."""


class PlainStep:
    """What most writes have in common."""

    unless_there = ""
    costs_money = False

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Refuse."""
        return Refused(code)


def refused(code: CallRefusal) -> Facts:
    """The facts of what cannot be done."""
    return {REFUSED: str(code)}


def code_of(error: RefusedError) -> str:
    """The code of a refusal by the panel: it says little that can be read."""
    return str(CallRefusal.NOT_PERMITTED if error.is_denied else CallRefusal.REFUSED_THERE)
