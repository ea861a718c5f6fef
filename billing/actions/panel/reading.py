"""Reading clients of a connected panel, one after the other, into the mirror."""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from billing.actions.access.from_panel import client_row
from billing.actions.environment import Environment
from billing.actions.panel.keep import KeepReading
from billing.actions.panel.presence import Presence
from billing.ports.connected import ConnectedPanel, PanelBusyError, PanelUnreachableError
from billing.views.account import ClientInfo
from billing.views.panel import PanelClient, Snapshot

log = logging.getLogger(__name__)

PAGE = 50
"""So many clients are asked for together."""

GONE = Snapshot((), (), is_closed=True)
"""Of a client whom the panel does not have any more."""

Progress = Callable[[int], object]
"""Hears how many more clients are read."""


def unheard(_: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads clients of the panel and keeps what differs; asks with no transaction open.

    With `everybody` also clients to whom no user is linked are kept.
    """

    env: Environment
    panel: ConnectedPanel
    presence: Presence
    keep: KeepReading
    everybody: bool = False

    async def read_client(self, client: ClientInfo) -> bool | None:
        """Read one client; whether anything has changed, None if the panel does not say."""
        began_at = self.env.now()
        snapshot = await self.presence.ask(self.panel.refresh(client), f"of client {client.id}")
        if snapshot is None:
            return None
        return bool(await self.keep(client.id, snapshot, began_at=began_at))

    async def read_page(self, ids: Mapping[str, int]) -> int | None:
        """Read clients by their refs there; how many, None once the panel does not answer.

        One whom the panel does not know is kept as closed, and what they had goes in time.
        """
        began_at, read = self.env.now(), 0
        left = dict(ids)
        try:
            async for account in self.panel.everything(tuple(ids)):
                if (number := left.pop(account.client.ref, None)) is not None:
                    await self._describe([account.client])
                    await self.keep(number, account.snapshot, began_at=began_at)
                    read += 1
            for ref, number in left.items():
                if await self.panel.client(ref) is None:
                    log.warning("the panel does not know client %s any more", ref)
                    await self.keep(number, GONE, began_at=began_at)
                    read += 1
        except PanelBusyError:
            self.presence.busy("of clients")
            return None
        except PanelUnreachableError:
            await self.presence.away("of clients")
            return None
        await self.presence.answered()
        return read

    async def read_all(self) -> AsyncIterator[int]:
        """Read whoever there is, also new ones; one for each.

        PanelUnreachableError when it stops to answer; what was read until then is kept.
        """
        began_at = self.env.now()
        async for account in self.panel.everything():
            number = await self._describe([account.client])
            await self.keep(number, account.snapshot, began_at=began_at)
            yield 1

    async def _describe(self, clients: Sequence[PanelClient]) -> int:
        """Keep what the panel says of clients; the number of the last one."""
        rows = [client_row(self.env, client) for client in clients]
        async with self.env.work.reading() as uow:
            differ = await uow.loading.differing_clients(rows)
            known = await uow.clients.by_ref(rows[-1].ref)
        if known is not None and not differ:
            return known.id
        async with self.env.work.writing() as uow:
            await uow.loading.upsert_clients(differ or rows, at=self.env.now())
            known = await uow.clients.by_ref(rows[-1].ref)
            await uow.commit()
        if known is None:
            raise LookupError(f"client {rows[-1].ref} is not there")
        return known.id


def by_ref(clients: Collection[tuple[int, str]]) -> Mapping[str, int]:
    """Clients as they are asked for."""
    return {ref: number for number, ref in clients}
