"""The newest catalogue, kept by one process: putting it together again costs milliseconds."""

from dataclasses import dataclass

from billing.rules.catalog import Catalog


@dataclass(slots=True)
class CatalogCache:
    """Holds a committed revision only; who asks still reads which one is the newest."""

    newest: Catalog | None = None

    def get(self, revision: int) -> Catalog | None:
        """The catalogue of that revision, if it is the one kept."""
        kept = self.newest
        return kept if kept is not None and kept.revision == revision else None
