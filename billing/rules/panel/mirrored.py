"""When something that a reading did not show counts as gone."""

from datetime import datetime, timedelta

APART = timedelta(minutes=1)
"""Two readings that both miss something are at least so far apart: a page may have moved."""


def is_gone(missing_since: datetime | None, began_at: datetime) -> bool:
    """Whether this reading is the second in turn that misses it."""
    return missing_since is not None and began_at - missing_since >= APART
