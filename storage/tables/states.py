"""States that only rows have; billing sees what follows from them."""

from enum import StrEnum


class ItemState(StrEnum):
    """A reminder item waits for a digest, is bound to some, was skipped, or found nobody."""

    WAITING = "waiting"
    BOUND = "bound"
    SKIPPED = "skipped"
    UNDELIVERABLE = "undeliverable"


class SendState(StrEnum):
    """A message waits (also while somebody has it in hand), or how that ended."""

    WAITING = "waiting"
    SENT = "sent"
    VOID = "void"
    UNDELIVERABLE = "undeliverable"
    FAILED = "failed"


OVER = tuple(state for state in SendState if state is not SendState.WAITING)
"""States of messages that nobody will send any more."""
