"""What a database that was restored from a copy no longer promises, and what it cannot know."""

from dataclasses import dataclass
from datetime import datetime

from billing.rules.money import Money


@dataclass(frozen=True, slots=True)
class Restore:
    """When a copy was put in place; `copy_of` is the newest instant that the copy knows of."""

    copy_of: datetime | None
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class UnsentMessage:
    """A message to a client that waited in the copy and is not sent: its topic, and whose."""

    topic: str
    client_ref: str


@dataclass(frozen=True, slots=True)
class UnpaidProforma:
    """A proforma that is unpaid in the copy and may have been paid since."""

    number: str
    client_ref: str
    balance: Money


@dataclass(frozen=True, slots=True)
class CopyContents:
    """What waits in a copy. Of unpaid proformas the first are named, `all_unpaid` counts all."""

    unpaid: tuple[UnpaidProforma, ...]
    all_unpaid: int
    orders: int
    requests: int
    tasks: int
    digests: int
    to_operator: int


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was done after a restore, nothing if it `was_noted` before, and what waits."""

    restore: Restore
    was_noted: bool
    contents: CopyContents
    ended_codes: tuple[str, ...] = ()
    forgotten_drafts: int = 0
    unsent: tuple[UnsentMessage, ...] = ()
