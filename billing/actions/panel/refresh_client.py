"""Reading one client again while they are looking: when what we have may be out of date."""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.panel.reading import Reader
from billing.rules.lease import LEASE
from billing.rules.panel.panel_state import PanelState
from billing.views.account import ClientInfo

FEED_LATE = timedelta(minutes=3)
"""A feed that was not read for so long says nothing of the present."""

RECENT = timedelta(minutes=2)
"""Who was read so shortly ago is not read again because of that."""


@dataclass(frozen=True, slots=True)
class RefreshClient:
    """Read a client if they have changed, or if nobody knows; one at a time among all processes.

    While the panel is away nothing is asked: the feed finds out when it answers again.
    """

    reader: Reader | None

    async def __call__(self, client: ClientInfo) -> bool:
        """Return whether anything has changed by that. No transaction may be open."""
        reader = self.reader
        if reader is None:
            return False
        now = reader.env.now()
        async with reader.env.work.reading() as uow:
            state = await uow.panel_state.get()
            current = await uow.clients.get(client.id)
        if current is None or state.is_away or not _is_due(reader, state, current):
            return False
        async with reader.env.work.writing(client.id) as uow:
            if not await uow.panel_state.claim(client.id, now, until=now + LEASE):
                return False
            await uow.commit()
        try:
            return bool(await reader.read_client(current))
        finally:
            async with reader.env.work.writing(client.id) as uow:
                await uow.panel_state.release(client.id)
                await uow.commit()


def _is_due(reader: Reader, state: PanelState, client: ClientInfo) -> bool:
    sight, now = client.sight, reader.env.now()
    tried_at = sight.tried_at
    if tried_at is None or sight.stale_since is not None:
        return True
    read_at = state.changes_read_at
    is_feed_late = read_at is None or now - read_at > FEED_LATE
    return is_feed_late and now - tried_at > RECENT
