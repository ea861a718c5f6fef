"""What the people of the operator's chat decide there."""

from dataclasses import dataclass
from enum import StrEnum

from billing.rules.audit import AuditEntry
from billing.rules.payments.invoices import Invoice
from billing.views.account import ClientInfo


class MatterKind(StrEnum):
    """Kinds of matters: each has a number by which the operator knows it."""

    ORDER = "order"
    CANCELLATION = "cancellation"
    PROFORMA = "proforma"
    UNPLACED = "unplaced"
    CALL = "call"
    TASKS = "tasks"
    TASK = "task"


class Deed(StrEnum):
    """What can be done about a matter by a tap, without another word."""

    ACCEPT = "accept"
    REJECT = "reject"
    MARK_PAID = "mark_paid"
    BOOK_AGAIN = "book_again"
    ASK_AGAIN = "ask_again"
    GIVE_UP = "give_up"
    DONE = "done"


class MatterState(StrEnum):
    """How a matter stands; over where it needs nobody and no more is known."""

    WAITING = "waiting"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    PAID = "paid"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class MatterId:
    """One matter; `number` is the id of an order's service, a request, an invoice and so on.

    Of the tasks that one proforma has made, decided together, it is the first one's.
    """

    kind: MatterKind
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a matter stands, and `last` what somebody did about it, in the chat or elsewhere.

    A matter that waits may have something done about it: it was tried again. `service_id` is the
    service that is ordered or to be cancelled.
    """

    state: MatterState
    last: AuditEntry | None = None
    service_id: int | None = None

    @property
    def waits(self) -> bool:
        """Whether it is still to be decided."""
        return self.state is MatterState.WAITING


@dataclass(frozen=True, slots=True)
class OpenBill:
    """An invoice that somebody may mark as paid, with its client."""

    invoice: Invoice
    client: ClientInfo
