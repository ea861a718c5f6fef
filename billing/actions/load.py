"""Loading the company's data: all of it or none, and twice as good as once.

The folder has been checked before the write transaction opens, and compared with the database
too: everybody else waits only while rows that are new or differ are written, and a nightly load
has few of them. Rows are streamed in batches.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from billing.actions.environment import Environment
from billing.ports.loading import StateChange
from billing.rules.catalog import Catalog
from billing.rules.loading import ClientRow, Known, ServiceRow

T = TypeVar("T")
BATCH = 1000


class CheckedFolder(Protocol):
    """A data folder without mistakes."""

    @property
    def catalog(self) -> Catalog:
        """The catalogue, not yet numbered."""

    def clients(self) -> Iterator[ClientRow]:
        """Every client."""

    def services(self) -> Iterator[ServiceRow]:
        """Every service, parents before their add-ons."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load changed: rows that are new or differ."""

    catalog_revision: int
    catalog_changed: bool
    clients: int
    services: int


@dataclass(frozen=True, slots=True)
class _News:
    """Rows that have to be written, parents before their add-ons."""

    clients: list[ClientRow]
    services: list[ServiceRow]


@dataclass(frozen=True, slots=True)
class ReadKnown:
    """What earlier loads brought, for checking a folder against it."""

    env: Environment

    async def __call__(self) -> Known:
        """Read it."""
        async with self.env.work.reading() as uow:
            return await uow.loading.known()


@dataclass(frozen=True, slots=True)
class FindStateChanges:
    """What replacing the billing state would change, before it is changed."""

    env: Environment

    async def __call__(self, folder: CheckedFolder) -> tuple[StateChange, ...]:
        """Compare the folder with the database."""
        changes: list[StateChange] = []
        async with self.env.work.reading() as uow:
            for rows in _batches(folder.services()):
                changes.extend([change async for change in uow.loading.state_changes(rows)])
        return tuple(changes)


@dataclass(frozen=True, slots=True)
class LoadCompany:
    """Store a checked folder in one transaction."""

    env: Environment

    async def __call__(
        self,
        folder: CheckedFolder,
        *,
        replace_state: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Loaded:
        """Insert what is new, update what may be; `progress` hears how many rows are done.

        A row that changes between comparing and writing is as if it had changed after the load.
        """
        now, today = self.env.now(), self.env.today()
        report = progress or _ignore
        news = await self._compare(folder, replace_state=replace_state, report=report)
        clients = services = 0
        async with self.env.work.writing() as uow:
            await uow.loading.begin()
            before = await uow.catalogs.current()
            catalog = await uow.catalogs.save(folder.catalog, at=now)
            for client_rows in _batches(news.clients):
                clients += await uow.loading.upsert_clients(client_rows, at=now)
                report(len(client_rows))
            for service_rows in _batches(news.services):
                services += await uow.loading.upsert_services(
                    service_rows, today=today, replace_state=replace_state
                )
                report(len(service_rows))
            await uow.reminders.forget_plan()
            await uow.commit()
        changed = catalog.revision != before.revision
        return Loaded(catalog.revision, changed, clients, services)

    async def _compare(
        self, folder: CheckedFolder, *, replace_state: bool, report: Callable[[int], object]
    ) -> _News:
        """What is new or differs; what does not is done already."""
        news = _News([], [])
        async with self.env.work.reading() as uow:
            for client_rows in _batches(folder.clients()):
                found = await uow.loading.news_of_clients(client_rows)
                news.clients.extend(found)
                report(len(client_rows) - len(found))
            for rows in _batches(folder.services()):
                differ = await uow.loading.news_of_services(rows, replace_state=replace_state)
                news.services.extend(differ)
                report(len(rows) - len(differ))
        return news


def _ignore(rows: int) -> None:
    """Nobody watches."""


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch
