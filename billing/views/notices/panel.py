"""Notices to the operator about a connected panel.

One with a `client_id` is about that client, whose name is read when it is sent.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from billing.rules.money import Money
from billing.rules.panel.panel_calls import Verb
from billing.rules.panel.unread_rows import RowKind
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
class ServicesMovedAway:
    """Services of a client belong to another client of the panel, `to_ref`, from now on."""

    topic: ClassVar[str] = "services_moved_away"
    client_id: int
    to_ref: str
    services: tuple[NamedService, ...]


@dataclass(frozen=True, slots=True)
class ServiceInTrouble:
    """Somebody has to look at a service in the panel; `trouble` is the panel's own word."""

    topic: ClassVar[str] = "service_in_trouble"
    client_id: int
    service: NamedService
    ref: str
    trouble: str


@dataclass(frozen=True, slots=True)
class PanelAway:
    """The connected panel has not answered since then."""

    topic: ClassVar[str] = "panel_away"
    since: datetime


@dataclass(frozen=True, slots=True)
class PanelAnswers:
    """It answers again, and did not from `since` to `until`."""

    topic: ClassVar[str] = "panel_answers"
    since: datetime
    until: datetime


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
class PanelRowUnread:
    """A row of the panel cannot be read: its number there and the panel's name of the field.

    "" for a number or a field that nobody can say. `client_ref` is the number there of the client
    who waits for it, "" for none.
    """

    topic: ClassVar[str] = "panel_row_unread"
    kind: RowKind
    number: str
    field: str
    client_ref: str


@dataclass(frozen=True, slots=True)
class PanelRowsUnread:
    """More than `clients` clients have rows that cannot be read."""

    topic: ClassVar[str] = "panel_rows_unread"
    clients: int
