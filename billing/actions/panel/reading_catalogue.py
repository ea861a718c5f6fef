"""Reading what a connected panel offers: now and then, and whenever it says that it has changed.

The panel is asked with no transaction open. What it said last is kept, so that a folder that is
loaded meanwhile is merged with it, and a panel that does not answer takes nothing away.
"""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.panel.unread import tell_strays
from billing.actions.shop.merge_catalogue import merge_catalogue, merge_with_panel
from billing.ports.connected import ConnectedPanel, PanelUnreachableError
from billing.ports.work import UnitOfWork
from billing.rules.shop.catalog import Catalog, ProductKind
from billing.views.panel import PanelCatalogue

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
        await tell_strays(self.env, offers.unread)
        now = self.env.now()
        async with self.env.work.writing() as uow:
            # One load at a time: each is merged with the other's newest.
            await uow.loading.begin()
            offers = with_unread(offers, await uow.catalogue_sources.offers())
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


def with_unread(offers: PanelCatalogue, before: PanelCatalogue | None) -> PanelCatalogue:
    """The offers with products that cannot be read as they were offered before.

    Without its number, any that is not shown now may be the one.
    """
    if not offers.unread or before is None:
        return replace(offers, unread=())
    there = {(one.kind, one.ref) for one in offers.products}
    numbers = {row.number for row in offers.unread}
    mains = {ref for kind, ref in there if kind is ProductKind.PRODUCT}
    known = {one.ref for one in before.products if one.kind is ProductKind.PRODUCT} - mains
    unread = known if "" in numbers else known & numbers
    fits = {one.ref: unread.intersection(one.fits) for one in before.products if one.fits}
    kept = [
        one
        for one in before.products
        if (one.kind, one.ref) not in there and (one.ref in unread or fits.get(one.ref))
    ]
    shown = [
        replace(one, fits=(*one.fits, *sorted(fits[one.ref]))) if fits.get(one.ref) else one
        for one in offers.products
    ]
    return replace(offers, products=(*shown, *kept), unread=())


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
