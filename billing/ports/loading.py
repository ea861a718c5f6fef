"""Bulk loading of the company's data."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from billing.rules.loading.differences import ClientRow, Known, ServiceRow
from billing.rules.payments.invoices import Invoice
from billing.rules.shop.catalog import Catalog


@dataclass(frozen=True, slots=True)
class StateChange:
    """A service whose billing state differs between the database and the folder.

    `is_sale`: what is stored was made here (renewed, cancelled, accepted), and the folder does not
    know of it.
    """

    ref: str
    field: str
    old: str
    new: str
    is_sale: bool = False


@dataclass(frozen=True, slots=True)
class Replacing:
    """Of which stored services the billing state is taken from the folder."""

    changed_there: bool = False
    sold_here: bool = False


@dataclass(frozen=True, slots=True)
class ServiceDifferences:
    """Rows of a folder beside the stored services: what to write, and what to leave.

    `changed_there` and `sold_here` are ids of services that keep the billing state they have,
    although the folder has another one.
    """

    rows: tuple[ServiceRow, ...] = ()
    changed_there: tuple[str, ...] = ()
    sold_here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restated:
    """A service whose billing state was replaced, by its number, and the client who owns it."""

    client_id: int
    service_id: int


@dataclass(frozen=True, slots=True)
class ServicesWritten:
    """How many rows were new or changed, and which services have another billing state now."""

    changed: int
    restated: tuple[Restated, ...] = ()
    sold_here: tuple[str, ...] = ()


class Loading(Protocol):
    """Bulk loading of the company's data, in batches inside one transaction."""

    async def begin(self) -> None:
        """Wait until no other load is under way: there is one at a time."""

    async def read_known(self, catalog: Catalog) -> Known:
        """What earlier loads brought, by the company's ids."""

    async def differing_clients(self, rows: Sequence[ClientRow]) -> list[ClientRow]:
        """Those that `upsert_clients` would insert or update."""

    async def differing_services(
        self, rows: Sequence[ServiceRow], *, replacing: Replacing
    ) -> ServiceDifferences:
        """Those that `upsert_services` would insert or update, and those that it would leave."""

    async def upsert_clients(self, rows: Sequence[ClientRow], *, at: datetime) -> int:
        """Insert or update descriptive fields; credit and telegram ids at first load only.

        Returns how many rows were new or changed.
        """

    async def upsert_services(
        self, rows: Sequence[ServiceRow], *, today: date, replacing: Replacing
    ) -> ServicesWritten:
        """Insert or update descriptive fields; billing state as `replacing` says.

        A parent is in the database or earlier in `rows` of this or a former call. The clients are
        locked, as by everybody who changes what is theirs.
        """

    def state_changes(self, rows: Sequence[ServiceRow]) -> AsyncIterator[StateChange]:
        """Where the billing state of stored services differs, old and new."""

    async def open_invoices(self, client_ids: Collection[int]) -> tuple[Invoice, ...]:
        """The unpaid invoices of these clients, with their lines."""

    async def currencies(self) -> Mapping[str, int]:
        """How many clients pay in which currency."""
