"""Bulk loading of the company's data."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from billing.rules.loading import ClientRow, Known, ServiceRow


@dataclass(frozen=True, slots=True)
class StateChange:
    """A service whose billing state differs between the database and the folder."""

    ref: str
    field: str
    old: str
    new: str


class Loading(Protocol):
    """Bulk loading of the company's data, in batches inside one transaction."""

    async def begin(self) -> None:
        """Wait until no other load is under way: there is one at a time."""

    async def known(self) -> Known:
        """What earlier loads brought, by the company's ids."""

    async def news_of_clients(self, rows: Sequence[ClientRow]) -> list[ClientRow]:
        """Those that `upsert_clients` would insert or update."""

    async def news_of_services(
        self, rows: Sequence[ServiceRow], *, replace_state: bool
    ) -> list[ServiceRow]:
        """Those that `upsert_services` would insert or update."""

    async def upsert_clients(self, rows: Sequence[ClientRow], *, at: datetime) -> int:
        """Insert or update descriptive fields; credit and telegram ids at first load only.

        Returns how many rows were new or changed.
        """

    async def upsert_services(
        self, rows: Sequence[ServiceRow], *, today: date, replace_state: bool
    ) -> int:
        """Insert or update descriptive fields; billing state only with `replace_state`.

        A parent is in the database or earlier in `rows` of this or a former call. The clients are
        held, as by everybody who changes what is theirs. Returns how many rows were new or
        changed.
        """

    def state_changes(self, rows: Sequence[ServiceRow]) -> AsyncIterator[StateChange]:
        """What `replace_state` would change, old and new."""
