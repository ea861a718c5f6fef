"""States of rows that billing does not know."""

from enum import StrEnum


class ItemState(StrEnum):
    """A reminder item waits for a digest, is bound to digests, was skipped, or had no reader."""

    WAITING = "waiting"
    BOUND = "bound"
    SKIPPED = "skipped"
    UNDELIVERABLE = "undeliverable"


NOT_WAITING = tuple(state for state in ItemState if state is not ItemState.WAITING)
"""States of items that wait for no digest.

Whoever knows the ids excludes these: asked for what waits, a database may read all of it instead.
"""


class SendState(StrEnum):
    """A message waits (also while a process has claimed it), or how it ended."""

    WAITING = "waiting"
    SENT = "sent"
    VOID = "void"
    UNDELIVERABLE = "undeliverable"
    FAILED = "failed"


OVER = tuple(state for state in SendState if state is not SendState.WAITING)
"""States of messages that will not be sent any more."""
