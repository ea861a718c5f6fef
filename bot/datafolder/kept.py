"""Services as the check has read them: reading them again would take as long as the check."""

from collections.abc import Iterator

from billing.rules.loading.differences import ServiceRow

MOST = 100_000
"""So many rows take some 60 MB; of a larger file none is kept, and it is read again."""


class KeptServices:
    """The services of a file, in its order, unless there are too many."""

    def __init__(self) -> None:
        self._rows: list[ServiceRow] | None = []

    def add(self, row: ServiceRow) -> None:
        """Keep one more, or from then on none."""
        if self._rows is None:
            return
        self._rows.append(row)
        if len(self._rows) > MOST:
            self._rows = None

    def of_kind(self, *, addons: bool) -> Iterator[ServiceRow] | None:
        """The services, or the add-ons; None if they have to be read again."""
        if self._rows is None:
            return None
        return (row for row in self._rows if bool(row.parent) is addons)
