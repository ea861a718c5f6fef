"""Who cannot be written to, and why: a user, or the operator's chat."""

from enum import StrEnum


class Unreachable(StrEnum):
    """Why a user cannot be written to; whatever they send us next ends it."""

    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"


class ClosedChat(StrEnum):
    """Why the operator's chat cannot be written to; messages for it wait until it can."""

    NOT_SET = "not_set"
    REMOVED = "removed"
    MAY_NOT_WRITE = "may_not_write"
    TOPIC_CLOSED = "topic_closed"
    NOT_FOUND = "not_found"
