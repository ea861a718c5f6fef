"""What has changed in the panel since it was last asked: a tick reads its change feed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from billing.actions.messages.window import always
from billing.actions.panel.read_first import ReadFirst
from billing.actions.panel.reading import Reader
from billing.actions.panel.unread import tell_strays
from billing.rules.panel.panel_state import PanelState
from billing.views.panel import PanelChanges

PAGE = 50
"""So many clients who have changed are looked up together."""


@dataclass(frozen=True, slots=True)
class ReadChanges:
    """Read the feed, mark the clients that it names, and read those and new ones.

    The cursor moves in the transaction that marks them: stopped anywhere, nothing is lost. Where
    the feed has forgotten too much, everything is due to be read. A panel that tells no changes is
    not asked for them.
    """

    reader: Reader | None
    read_first: ReadFirst

    async def __call__(self, may_go_on: Callable[[], bool] = always) -> int:
        """How many clients were read; 0 without a connected panel, or while it is away."""
        reader = self.reader
        if reader is None:
            return 0
        await reader.presence.look()
        async with reader.env.work.reading() as uow:
            state = await uow.panel_state.get()
        began_at = reader.env.now()
        if reader.panel.capabilities.tells_changes:
            changes = await reader.presence.ask(
                reader.panel.changes(state.cursor), "what has changed"
            )
            if changes is None:
                return 0
            # It may just have been refused the right to look.
            if reader.panel.capabilities.tells_changes:
                await _keep(reader, state, changes, began_at)
        elif (
            reader.presence.is_away
            and await reader.presence.ask(reader.panel.identity(), "who it is") is None
        ):
            return 0
        count = await _read_stale(reader, may_go_on) + await self.read_first(may_go_on)
        if state.changes_read_at is None and state.everything_read_at is None:
            await _note_first_sight(reader, began_at)
        return count


async def _keep(
    reader: Reader, state: PanelState, changes: PanelChanges, began_at: datetime
) -> None:
    """Mark whom it names, and let the feed go on behind it."""
    await tell_strays(reader.env, changes.unread)
    async with reader.env.work.writing() as uow:
        # A reading that began before this instant may not have the change.
        await uow.panel_state.mark_stale(changes.clients, at=reader.env.now())
        if changes.catalogue:
            await uow.catalogue_sources.let_be_due(began_at)
        if not changes.is_complete and state.cursor:
            await uow.panel_state.everything_read(None)
        await uow.panel_state.changes_read(changes.cursor, at=began_at)
        await uow.commit()


async def _read_stale(reader: Reader, may_go_on: Callable[[], bool]) -> int:
    """Read those who have changed, the longest known first, until the panel is away."""
    count, tried = 0, set[int]()
    while may_go_on():
        async with reader.env.work.reading() as uow:
            numbers = await uow.panel_state.stale(
                linked=not reader.everybody, limit=PAGE + len(tried)
            )
            clients = [await uow.clients.get(one) for one in numbers if one not in tried]
        if not clients:
            break
        for client in clients:
            if client is None or not may_go_on():
                continue
            tried.add(client.id)
            if await reader.read_client(client) is not None:
                count += 1
            elif reader.presence.is_away or reader.presence.is_busy:
                return count
    return count


async def _note_first_sight(reader: Reader, began_at: datetime) -> None:
    """Whoever is to be read was read just now, unless nobody knows yet who there is."""
    if reader.everybody:
        return
    async with reader.env.work.writing() as uow:
        if not await uow.panel_state.unseen(linked=True, after=0, limit=1):
            await uow.panel_state.everything_read(began_at)
            await uow.commit()
