"""What a search finds beside the list of services."""

from dataclasses import dataclass

from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.search import CatalogHits
from billing.views.services import ServiceList


@dataclass(frozen=True, slots=True)
class SearchHits:
    """The first of the services that a search finds, how many they are, and the other hits.

    Where there are no other hits and not just one service, `service_list` is the list of them.
    """

    text: str
    catalog: Catalog
    services: tuple[Service, ...]
    service_count: int
    others: CatalogHits
    service_list: ServiceList | None = None

    @property
    def count(self) -> int:
        """All hits together."""
        return self.service_count + len(self.others)
