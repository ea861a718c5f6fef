"""Panel calls: writes that a connected panel is owed, each carried out once.

A call waits, is being sent, and ends done or refused. One whose outcome nobody knows is found out
by reading, and never simply repeated: a panel may have done it although its answer was lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Verb(StrEnum):
    """What the panel shall do."""

    PLACE_ORDER = "place_order"
    WITHDRAW_ORDER = "withdraw_order"
    RECORD_PAYMENT = "record_payment"
    CANCEL_SERVICE = "cancel_service"
    KEEP_SERVICE = "keep_service"
    PAY_BALANCE = "pay_balance"
    """Pay an invoice from what the client has on their balance there, all of it or nothing."""
    ADD_BALANCE = "add_balance"
    """Put money that came and fits nothing on the client's balance there."""


class CallState(StrEnum):
    """How far a call has come."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


LEASE = timedelta(minutes=2)
"""How long one process has for one step of a call."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=15),
    timedelta(hours=1),
)
"""After the first failure, the second and so on; the last one again and again."""

TELL_AFTER = 3
"""After so many failures in a row the operator is told."""

SLOW_AFTER = timedelta(minutes=5)
"""After so long in one write a client is told that their order takes longer than usual."""

HOLDS_OTHERS = timedelta(minutes=2)
"""So long an unknown outcome holds up the client's other calls."""

MOST_SENDINGS = 3
"""A call that was proved never to have happened so often is refused, for the operator to see."""


@dataclass(frozen=True, slots=True)
class PanelCall:
    """One write that a panel is owed, for what its ids name.

    `step` is the panel's own name of a part, where a purchase takes several writes in turn; `ref`
    is what the part before has made there. `facts` is what was read just before it was sent, as
    text of the panel's adapter: with it the outcome can be found out later. `amount` is the money
    it is about, in minor units of the client's currency. `failures` counts those in a row,
    `sendings` how often it was sent. Until `lease_until` one process works on it. `unplaced_id` is
    the money that goes to a balance: refused, it waits in the list of unplaced money again.

    An open one is not over: it is undecided, its effects have not been read back yet, or the
    operator has to decide about its money.
    """

    id: int
    client_id: int
    verb: Verb
    state: CallState
    created_at: datetime
    due_at: datetime
    order_id: int | None = None
    invoice_id: int | None = None
    payment_id: int | None = None
    service_id: int | None = None
    unplaced_id: int | None = None
    step: str = ""
    ref: str = ""
    facts: str = ""
    amount: int = 0
    failures: int = 0
    sendings: int = 0
    error: str = ""
    is_open: bool = True
    lease_until: datetime | None = None

    @property
    def is_answered(self) -> bool:
        """Whether there is nothing left to decide: at most its effects are to be read back."""
        is_refused = self.state is CallState.REFUSED and not self.carries_money
        return self.state is CallState.DONE or is_refused

    @property
    def is_to_read(self) -> bool:
        """Whether nothing but reading back its effects is left."""
        return self.is_open and self.is_answered

    @property
    def carries_money(self) -> bool:
        """Whether money has come for it."""
        return self.verb is Verb.RECORD_PAYMENT


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row (at least one)."""
    return PAUSES[min(failures, len(PAUSES)) - 1]
