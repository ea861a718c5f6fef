"""A database that was restored from a copy."""

from datetime import date, datetime
from typing import Protocol

from billing.views.restoring import CopyContents, Restore, UnsentMessage


class Restoring(Protocol):
    """What has to change in a copy before it is used, and what it holds."""

    async def lock(self) -> None:
        """Let nobody else do this until the transaction ends."""

    async def read_restore(self) -> Restore | None:
        """The last restore that was noted."""

    async def note(self, restore: Restore) -> None:
        """Note one."""

    async def newest(self, *, now: datetime) -> datetime | None:
        """The newest instant at which something happened, as far as the database knows."""

    async def end_codes(self, *, at: datetime) -> tuple[str, ...]:
        """End the link codes that could still be used; the clients they are for, by their refs."""

    async def forget_drafts(self) -> int:
        """Forget questions that wait for an answer, and drafts; how many."""

    async def give_up_messages(self, *, at: datetime) -> tuple[UnsentMessage, ...]:
        """Give up what waits to be sent to clients; the operator's messages stay."""

    async def skip_numbers(self, month: date, *, by: int) -> None:
        """Go on counting by so much further, so that no number is given twice."""

    async def contents(self, *, limit: int) -> CopyContents:
        """What waits; so many unpaid proformas are named, the first to expire first."""
