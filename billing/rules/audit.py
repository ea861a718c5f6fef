"""Who did something for the company, and what: the audit trail."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_ACTOR = 64
"""Characters of an actor's name."""

_STAFF_ID = re.compile(r" \(staff [0-9]+\)$")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts for the company, as the way in knows them: "anna (command line)".

    ValueError for a name that is empty, too long or cannot be printed.
    """

    name: str

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= LONGEST_ACTOR or not self.name.isprintable():
            raise ValueError("an actor has a name that can be printed and kept")

    @property
    def person(self) -> str:
        """The name as colleagues say it: without the user id of one who acts in the chat."""
        return _STAFF_ID.sub("", self.name)


def staff_actor(user_id: int, name: str) -> Actor:
    """Who acts in the operator's chat, by their name in Telegram: "Olga (staff 1001)".

    A name may have anything in it; what cannot be printed is left out.
    """
    way = f" (staff {user_id})"
    printable = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return Actor((printable[: LONGEST_ACTOR - len(way)].strip() or "Staff") + way)


class Audited(StrEnum):
    """What the operator does that is kept in the audit trail."""

    ACCEPT_ORDER = "accept_order"
    REJECT_ORDER = "reject_order"
    ACCEPT_CANCELLATION = "accept_cancellation"
    REJECT_CANCELLATION = "reject_cancellation"
    RECORD_TRANSFER = "record_transfer"
    ADJUST_CREDIT = "adjust_credit"
    CLOSE_UNPLACED = "close_unplaced"
    CREDIT_UNPLACED = "credit_unplaced"
    BOOK_UNPLACED = "book_unplaced"
    ISSUE_LINK_CODE = "issue_link_code"
    END_LINK = "end_link"
    LOAD = "load"
    MOVE_PANEL = "move_panel"
    RESTORE = "restore"
    RETRY_CALL = "retry_call"
    FINISH_CALL = "finish_call"
    DROP_CALL = "drop_call"
    FINISH_TASK = "finish_task"
    ADOPT_PANEL = "adopt_panel"
    MERGE_CLIENTS = "merge_clients"
    VIEW_CLIENT = "view_client"
    RETRY_UPDATE = "retry_update"
    DROP_UPDATE = "drop_update"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done: `subject` names what it was done to, `note` how ("59.00 PLN")."""

    at: datetime
    actor: Actor
    action: Audited
    subject: str
    note: str = ""
