"""Reading clients of a connected panel, one after the other, into the mirror."""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from billing.actions.access.from_panel import client_row
from billing.actions.environment import Environment
from billing.actions.panel.keep import KeepReading
from billing.actions.panel.presence import Presence
from billing.actions.panel.unread import tell_strays
from billing.ports.connected import ConnectedPanel, PanelBusyError, PanelUnreachableError
from billing.ports.work import UnavailableError
from billing.rules.panel.unread_rows import UnreadRow, name_rows
from billing.views.account import ClientInfo
from billing.views.panel import PanelAccount, PanelClient, Snapshot

log = logging.getLogger(__name__)

TOGETHER = 10_000
"""So many clients are asked for together: the panel walks its lists once for all of them."""

GONE = Snapshot((), (), is_closed=True)
"""Of a client whom the panel does not have any more."""

Progress = Callable[[int], object]
"""Hears how many more clients are read."""


def unheard(_: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class HowFar:
    """How many clients were read, as of when the oldest, and whether that were all."""

    count: int
    as_of: datetime | None = None
    is_complete: bool = True


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
        return await self._keep(client.id, snapshot, began_at)

    async def through(
        self, clients: AsyncIterator[datetime], may_go_on: Callable[[], bool], progress: Progress
    ) -> HowFar:
        """Read clients one after the other while the panel answers, and as long as that may be."""
        count, oldest = 0, None
        try:
            async for as_of in clients:
                count += 1
                oldest = min(oldest or as_of, as_of)
                progress(1)
                if not may_go_on():
                    return HowFar(count, is_complete=False)
        except PanelBusyError:
            self.presence.busy("of clients")
            return HowFar(count, is_complete=False)
        except PanelUnreachableError:
            await self.presence.away("of clients")
            return HowFar(count, is_complete=False)
        await self.presence.answered()
        return HowFar(count, oldest)

    async def read_known(self, ids: Mapping[str, int]) -> AsyncIterator[datetime]:
        """Read clients by their refs there; of each, as of when.

        One whom the panel does not know is kept as closed, and what they had goes in time.
        PanelUnreachableError when it stops to answer; what was read until then is kept.
        """
        began_at = self.env.now()
        left = dict(ids)
        async for account in self._accounts(ids.keys()):
            if left.pop(account.client.ref, None) is not None:
                await self._keep_account(account, began_at)
                yield account.read_at or began_at
        for ref, number in left.items():
            if await self.panel.client(ref) is None:
                log.warning("the panel does not know client %s any more", ref)
                await self._keep(number, GONE, began_at)
                yield began_at

    async def read_all(self) -> AsyncIterator[datetime]:
        """Read whoever there is, also new ones; of each, as of when, and the same error."""
        began_at = self.env.now()
        async for account in self._accounts(None):
            await self._keep_account(account, began_at)
            yield account.read_at or began_at

    async def _accounts(self, refs: Collection[str] | None) -> AsyncIterator[PanelAccount]:
        """Ask for clients; the operator learns of rows of which nobody can say whose they are."""
        strays: tuple[UnreadRow, ...] = ()
        async for account in self.panel.everything(refs):
            if account.snapshot.strays != strays:
                strays = account.snapshot.strays
                log.warning("rows of the panel cannot be read: %s", name_rows(strays, longest=200))
                await tell_strays(self.env, strays)
            yield account

    async def _keep_account(self, account: PanelAccount, began_at: datetime) -> None:
        try:
            number = await self._describe(account.client)
        except UnavailableError:
            raise
        except Exception:
            log.exception("client %s of the panel cannot be kept", account.client.ref)
            return
        await self._keep(number, account.snapshot, account.read_at or began_at)

    async def _keep(self, client_id: int, snapshot: Snapshot, began_at: datetime) -> bool | None:
        """Whether anything has changed; None for one that cannot be kept.

        One odd client must not keep all others from being read.
        """
        try:
            return bool(await self.keep(client_id, snapshot, began_at=began_at))
        except UnavailableError:
            raise
        except Exception:
            log.exception("what the panel shows of client %s cannot be kept", client_id)
            return None

    async def _describe(self, client: PanelClient) -> int:
        """Keep what the panel says of a client; their number here.

        A language or time zone that it does not say stays as it is known.
        """
        row = client_row(self.env, client)
        async with self.env.work.reading() as uow:
            known = await uow.clients.by_ref(row.ref)
            if known is not None:
                row = replace(
                    row,
                    language=row.language or known.language,
                    timezone=row.timezone or known.timezone,
                )
            differ = await uow.loading.differing_clients([row])
        if known is not None and not differ:
            return known.id
        async with self.env.work.writing() as uow:
            await uow.loading.begin()
            await uow.loading.upsert_clients([row], at=self.env.now())
            known = await uow.clients.by_ref(row.ref)
            await uow.commit()
        if known is None:
            raise LookupError(f"client {row.ref} is not there")
        return known.id


def by_ref(clients: Collection[tuple[int, str]]) -> Mapping[str, int]:
    """Clients as they are asked for."""
    return {ref: number for number, ref in clients}
