"""The two sources of the catalogue beside a connected panel."""

from datetime import datetime
from typing import Protocol

from billing.rules.shop.catalog import Catalog
from billing.views.panel import PanelCatalogue


class CatalogueSources(Protocol):
    """What the operator's folder and the panel said last, each as it came."""

    async def folder(self) -> Catalog | None:
        """The folder's catalogue; None where none was loaded beside a panel."""

    async def offers(self) -> PanelCatalogue | None:
        """What the panel offered when it was read last; None if it never was."""

    async def keep_folder(self, catalog: Catalog) -> None:
        """Keep the folder's catalogue."""

    async def keep_offers(self, offers: PanelCatalogue, *, next_at: datetime) -> None:
        """Keep what the panel offers, and read it again at an instant."""

    async def is_due(self, now: datetime) -> bool:
        """Whether the panel's catalogue is to be read again."""

    async def let_be_due(self, now: datetime) -> None:
        """The panel says that what it offers has changed: read it again by then."""

    async def claim(self, now: datetime, *, until: datetime) -> bool:
        """Take its reading, if it is due: nobody else reads it until then."""
