"""Keeping what was read of a client: one short transaction for each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.panel.differences import Differences
from billing.actions.panel.mirror import mirror
from billing.actions.panel.owners import writing_with_owners
from billing.actions.panel.unread import note_unread
from billing.ports.work import UnitOfWork
from billing.views.panel import Snapshot

Replan = Callable[[int], Awaitable[None]]
"""Plans the reminders of a client anew; no transaction may be open."""


@dataclass(frozen=True, slots=True)
class KeepReading:
    """Write what differs of one client, tell whom it concerns, and plan reminders anew."""

    env: Environment
    replan: Replan

    async def __call__(
        self, client_id: int, snapshot: Snapshot, *, began_at: datetime
    ) -> Differences | None:
        """What has changed; None if a later reading is kept, or the client is gone here.

        None, too, where a row could not be read: what we have stays as it is.
        """
        if snapshot.unread:
            await note_unread(self.env, client_id, snapshot, began_at=began_at)
            return None

        async def write(uow: UnitOfWork, locked: frozenset[int]) -> Differences | None:
            client = await uow.clients.get(client_id)
            if client is None:
                return None
            differences = await mirror(
                self.env, uow, client, snapshot, began_at=began_at, locked=locked
            )
            if differences is not None:
                await uow.commit()
            return differences

        differences = await writing_with_owners(self.env, client_id, write)
        await replan_where_moved(self.replan, client_id, differences)
        return differences


async def replan_where_moved(
    replan: Replan, client_id: int, differences: Differences | None
) -> None:
    """Plan reminders anew where a due date has moved; with no transaction open."""
    if differences is not None and differences.moves_due_dates:
        await replan(client_id)
