"""A cache of the newest catalogue in one process, because building it takes milliseconds."""

from dataclasses import dataclass

from billing.rules.shop.catalog import Catalog


@dataclass(slots=True)
class CatalogCache:
    """Holds only a committed revision; callers still read which revision is the newest."""

    newest: Catalog | None = None

    def get(self, revision: int) -> Catalog | None:
        """The catalogue of that revision, or None if another one is cached."""
        newest = self.newest
        return newest if newest is not None and newest.revision == revision else None
