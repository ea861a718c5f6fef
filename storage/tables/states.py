"""States of rows that billing does not know."""

from enum import StrEnum


class ItemState(StrEnum):
    """A reminder item waits for a digest, is bound to digests, was skipped, or had no reader."""

    WAITING = "waiting"
    BOUND = "bound"
    SKIPPED = "skipped"
    UNDELIVERABLE = "undeliverable"


class SendState(StrEnum):
    """A message waits (also while a process has claimed it), or how it ended."""

    WAITING = "waiting"
    SENT = "sent"
    VOID = "void"
    UNDELIVERABLE = "undeliverable"
    FAILED = "failed"


OVER = tuple(state for state in SendState if state is not SendState.WAITING)
"""States of messages that will not be sent any more."""
