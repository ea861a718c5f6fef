"""The two sources of the catalogue beside a connected panel: one row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from billing.rules.shop.catalog import Catalog
from billing.views.panel import PanelCatalogue
from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.panel import catalogue_sources as sources
from storage.tables.running import ONLY_ROW

ROW = sources.c.id == ONLY_ROW


@dataclass(frozen=True, slots=True)
class SqlCatalogueSources:
    """The row with what the folder and the panel said last."""

    connection: Connection

    async def folder(self) -> Catalog | None:
        """The folder's catalogue; None where none was loaded beside a panel."""
        query = select(sources.c.folder).where(ROW)
        catalog: Catalog | None = (await self.connection.execute(query)).scalar()
        return catalog

    async def offers(self) -> PanelCatalogue | None:
        """What the panel offered when it was read last; None if it never was."""
        query = select(sources.c.offers).where(ROW)
        offers: PanelCatalogue | None = (await self.connection.execute(query)).scalar()
        return offers

    async def keep_folder(self, catalog: Catalog) -> None:
        """Keep the folder's catalogue."""
        await self._keep(folder=catalog)

    async def keep_offers(self, offers: PanelCatalogue, *, next_at: datetime) -> None:
        """Keep what the panel offers, and read it again at an instant."""
        await self._keep(offers=offers, next_at=next_at)

    async def is_due(self, now: datetime) -> bool:
        """Whether the panel's catalogue is to be read again."""
        query = select(sources.c.next_at).where(ROW)
        next_at: datetime | None = (await self.connection.execute(query)).scalar()
        return next_at is None or next_at <= now

    async def let_be_due(self, now: datetime) -> None:
        """The panel says that what it offers has changed."""
        await self._keep(next_at=now)

    async def claim(self, now: datetime, *, until: datetime) -> bool:
        """Take its reading, if it is due: nobody else reads it until then."""
        await self._make()
        is_due = or_(sources.c.next_at.is_(None), sources.c.next_at <= now)
        statement = update(sources).where(ROW, is_due).values(next_at=until)
        return (await self.connection.execute(statement)).rowcount == 1

    async def _keep(self, **values: Any) -> None:
        await self._make()
        await self.connection.execute(update(sources).where(ROW).values(**values))

    async def _make(self) -> None:
        row = upsert(sources, self.connection).values(id=ONLY_ROW).on_conflict_do_nothing()
        await self.connection.execute(row)
