"""What is read just before a write, kept with the call as text: with it the outcome is found."""

import json
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

Facts = dict[str, Any]
"""Facts by name; their values are what JSON has."""

REFUSED: Final = "refused"
"""The code of a refusal that was seen before anything was written."""

THERE: Final = "there"
"""It is done already: nothing is to be written."""

READ_AT: Final = "read_at"
"""The panel's clock at the reading."""

MAY_RUN: Final = timedelta(seconds=30)
"""So long the panel may go on with a call whose answer was lost; PHP gives up after that."""

_MARKS: Final = uuid5(NAMESPACE_URL, "https://panelik.example/marks")


def write_facts(facts: Facts, read_at: datetime | None) -> str:
    """Write facts as text."""
    clock = read_at.isoformat() if read_at else None
    return json.dumps({**facts, READ_AT: clock}, ensure_ascii=False, separators=(",", ":"))


def read_facts(text: str) -> Facts:
    """Read them."""
    facts: Facts = json.loads(text or "{}")
    return facts


def is_settled(facts: Facts, clock: datetime | None) -> bool:
    """Whether the panel cannot be at work on the call any more, by its own clock.

    Where it does not say the time, our pauses between two readings have to do.
    """
    read_at = facts.get(READ_AT)
    if read_at is None or clock is None:
        return True
    return clock - datetime.fromisoformat(read_at) >= MAY_RUN


def mark_of(*what: object) -> str:
    """A mark by which what was written is found again; the same things have the same mark."""
    return str(uuid5(_MARKS, "|".join(map(str, what))))
