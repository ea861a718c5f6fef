"""How far a connected panel was read: of all, and of each client."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from billing.rules.money import Money
from billing.rules.panel.panel_state import PanelState


class PanelStates(Protocol):
    """The one row about the panel, and what each client's row says of their last reading."""

    async def get(self) -> PanelState:
        """The state; an empty one before anything was read."""

    async def changes_read(self, cursor: str, *, at: datetime) -> None:
        """Note how far the change feed was read, and that all before `at` is marked."""

    async def everything_read(self, at: datetime | None) -> None:
        """Note when the last full reading began; None when one is due."""

    async def away(self, *, at: datetime) -> bool:
        """Note that the panel does not answer; False if that is known already."""

    async def answered(self) -> PanelState | None:
        """Note that it answers again; the state before, None if it was not away."""

    async def away_told(self, *, at: datetime) -> None:
        """Note that the operator knows."""

    async def mark_stale(self, refs: Collection[str], *, at: datetime) -> int:
        """Note of clients that the mirror has that they have changed there; how many."""

    async def see(
        self,
        client_id: int,
        *,
        at: datetime,
        is_closed: bool,
        balance: Money | None,
        now: datetime,
    ) -> bool:
        """Note a reading that began at `at`; False if a later one is known already.

        What the feed said before `at` is read with it. Times of a clock that was ahead of `now`
        count as past.
        """

    async def unread(self, client_id: int, *, at: datetime, rows: str, now: datetime) -> bool:
        """Note that a reading that began at `at` has rows that cannot be read, named in words.

        False if a later reading is known already. It is not tried again before the feed names the
        client, or everything is read.
        """

    async def unread_clients(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Clients of whom a row cannot be read, by their refs, with those rows in words."""

    async def stale(self, *, linked: bool, limit: int) -> tuple[int, ...]:
        """Clients that have changed and were not read since, the longest known first.

        With `linked` only those that some user acts for.
        """

    async def unseen(self, *, linked: bool, after: int, limit: int) -> tuple[tuple[int, str], ...]:
        """Clients whose reading was never tried, with their refs there, in the order of their ids.

        With `linked` only those that some user acts for.
        """

    async def not_read_since(
        self, before: datetime, now: datetime, *, linked: bool, after: int, limit: int
    ) -> tuple[tuple[int, str], ...]:
        """The same of those whose reading was tried, but not since then, or by a clock ahead."""

    async def claim(self, client_id: int, now: datetime, *, until: datetime) -> bool:
        """Take the right to read a client until then; False while somebody has it."""

    async def release(self, client_id: int) -> None:
        """Give it back."""
