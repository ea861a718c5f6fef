"""Notices to the operator about a connected panel: writes that it is owed, what moved there."""

from dataclasses import dataclass
from typing import ClassVar

from billing.rules.money import Money
from billing.rules.panel.panel_calls import Verb
from billing.views.notices.services import NamedService


@dataclass(frozen=True, slots=True)
class CallNeedsYou:
    """A write that the panel is owed: refused, or its outcome has been unknown for long.

    `call_id` is its number in the operator's list; `error` the panel's code or a short word.
    """

    topic: ClassVar[str] = "call_needs_you"
    client_id: int
    call_id: int
    verb: Verb
    is_refused: bool
    error: str
    number: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class NotCarriedOut:
    """A call was done, and the panel has not carried out all of it; `trouble` is in its words."""

    topic: ClassVar[str] = "not_carried_out"
    client_id: int
    call_id: int
    verb: Verb
    trouble: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ServicesMovedAway:
    """Services of a client belong to another client of the panel, `to_ref`, from now on."""

    topic: ClassVar[str] = "services_moved_away"
    client_id: int
    to_ref: str
    services: tuple[NamedService, ...]
