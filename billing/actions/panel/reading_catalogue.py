"""Reading what a connected panel offers: now and then, and whenever it says that it has changed.

The panel is asked with no transaction open. What it said last is kept, so that a folder that is
loaded meanwhile is merged with it, and a panel that does not answer takes nothing away.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.shop.merge_catalogue import merge_catalogue, merge_with_panel
from billing.ports.connected import ConnectedPanel, PanelUnreachableError
from billing.ports.work import UnitOfWork
from billing.rules.shop.catalog import Catalog

log = logging.getLogger(__name__)

EVERY = timedelta(hours=6)
"""How often it is read although nothing says that it has changed."""

LEASE = timedelta(minutes=10)
"""One process reads at a time; after a failure it is tried again when this is over."""


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """Read what the panel offers, and store the catalogue if that changes it."""

    env: Environment
    connected: ConnectedPanel | None

    async def __call__(self) -> Catalog | None:
        """The newest catalogue; None without a connected panel.

        PanelUnreachableError if it does not answer: then nothing changes.
        """
        if self.connected is None:
            return None
        offers = await self.connected.catalogue()
        now = self.env.now()
        async with self.env.work.writing() as uow:
            # One load at a time: each is merged with the other's newest.
            await uow.loading.begin()
            await uow.catalogue_sources.keep_offers(offers, next_at=now + EVERY)
            catalog = before = await uow.catalogs.current()
            # Before anything is loaded there is no company to sell it.
            if before.revision:
                merged = merge_catalogue(await _folder(uow, before), offers, before)
                catalog = await uow.catalogs.save(merged, at=now)
            if catalog.revision != before.revision:
                await uow.reminders.forget_plan()
            await uow.commit()
        return catalog


async def _folder(uow: UnitOfWork, before: Catalog) -> Catalog:
    """The folder's catalogue; at first that which was loaded before there was a panel."""
    folder = await uow.catalogue_sources.folder()
    if folder is None:
        folder = before
        await uow.catalogue_sources.keep_folder(folder)
    return folder


@dataclass(frozen=True, slots=True)
class RefreshCatalogue:
    """Read it when its time has come; any process may do it at any time."""

    env: Environment
    read: ReadCatalogue

    async def __call__(self) -> None:
        """Nothing happens before its time, without a panel, and while another process reads."""
        if self.read.connected is None or not await self._take():
            return
        try:
            await self.read()
        except PanelUnreachableError:
            log.warning("the panel does not answer when asked what it offers")

    async def _take(self) -> bool:
        now = self.env.now()
        async with self.env.work.reading() as uow:
            if not await uow.catalogue_sources.is_due(now):
                return False
        async with self.env.work.writing() as uow:
            is_ours = await uow.catalogue_sources.claim(now, until=now + LEASE)
            await uow.commit()
        return is_ours


@dataclass(frozen=True, slots=True)
class FitFolder:
    """See what a folder's catalogue becomes beside what the panel offers; store nothing."""

    env: Environment

    async def __call__(self, folder: Catalog) -> Catalog:
        """The catalogue that a load would store; without a panel that is the folder's own."""
        if not self.env.panel_decides:
            return folder
        async with self.env.work.reading() as uow:
            return await merge_with_panel(uow, folder)
