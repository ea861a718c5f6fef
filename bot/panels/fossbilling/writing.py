"""What the panel is asked to write."""

from dataclasses import dataclass

from billing.ports.connected import (
    CallSubject,
    Done,
    NeverHappened,
    PanelUnreachableError,
    Refused,
    Unknown,
)
from billing.rules.panel.panel_calls import Verb
from bot.panels.fossbilling.reading import Reading


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes through the connection of `reading`."""

    reading: Reading

    def first_step(self, verb: Verb) -> str:  # noqa: ARG002 - the port's
        """The step with which a purchase of several writes begins."""
        return ""

    async def prepare(self, subject: CallSubject) -> str:  # noqa: ARG002
        """Read what is needed to find out later whether the call was carried out."""
        raise PanelUnreachableError("nothing is written yet")

    async def carry_out(self, subject: CallSubject) -> Done | Refused | Unknown:  # noqa: ARG002
        """Write, once."""
        raise PanelUnreachableError("nothing is written yet")

    async def find_out(self, subject: CallSubject) -> Done | NeverHappened | Unknown:  # noqa: ARG002
        """Read whether a call was carried out whose answer is not known."""
        raise PanelUnreachableError("nothing is written yet")
