"""What is read just before a write, kept with the call as text: with it the outcome is found."""

import json
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from billing.rules.panel.panel_calls import LEASE

Facts = dict[str, Any]
"""Facts by name; their values are what JSON has."""

REFUSED: Final = "refused"
"""The code of a refusal that was seen before anything was written."""

THERE: Final = "there"
"""It is done already: nothing is to be written."""

READ_AT: Final = "read_at"
"""The panel's clock at the reading."""

READ_HERE: Final = "read_here"
"""Our own clock then."""

MAY_RUN: Final = LEASE + timedelta(minutes=10)
"""So long after the reading the panel may be at work on a call whose answer was lost.

The write is sent and given up within the lease. PHP's own limit does not count the time in which
it waits for a database, a mail server or a server that it sets up, so it ends nothing.
"""

_MARKS: Final = uuid5(NAMESPACE_URL, "https://panelik.example/marks")


def write_facts(facts: Facts, read_at: datetime | None, *, here: datetime) -> str:
    """Write facts as text, with the panel's clock, if it says the time, and ours."""
    clocks = {READ_AT: read_at.isoformat() if read_at else None, READ_HERE: here.isoformat()}
    return json.dumps({**facts, **clocks}, ensure_ascii=False, separators=(",", ":"))


def read_facts(text: str) -> Facts:
    """Read them."""
    facts: Facts = json.loads(text or "{}")
    return facts


def is_settled(facts: Facts, clock: datetime | None, *, here: datetime) -> bool:
    """Whether the panel cannot be at work on the call any more.

    By its own clock; where it does not say the time, by ours.
    """
    read_at = facts.get(READ_AT)
    if read_at is None or clock is None:
        read_at, clock = facts.get(READ_HERE), here
    return read_at is not None and clock - datetime.fromisoformat(read_at) >= MAY_RUN


def mark_of(*what: object) -> str:
    """A mark by which what was written is found again; the same things have the same mark."""
    return str(uuid5(_MARKS, "|".join(map(str, what))))
