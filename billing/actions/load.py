"""Loading the company's data: all of it or none, and twice as good as once.

The folder has been checked before the write transaction opens, and compared with the database
too: everybody else waits only while rows that are new or differ are written, and a nightly load
has few of them. Rows are streamed in batches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Protocol, TypeVar

from billing.actions.environment import Environment
from billing.actions.payments.settle import Settler
from billing.actions.payments.supersede import ClosedProforma, close_superseded
from billing.actions.shop.merge_catalogue import merge_with_panel
from billing.ports.loading import Replacing, Restated, StateChange
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import NotAllowedError
from billing.rules.loading.differences import ClientRow, Known, ServiceRow
from billing.rules.shop.catalog import Catalog

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
    """What a load changed: rows that are new or differ.

    `changed_there` and `sold_here` are the ids of services whose billing state differs and was
    left as it is, because nobody asked to replace it, or because it was made here.
    """

    catalog_revision: int
    catalog_changed: bool
    clients: int
    services: int
    changed_there: tuple[str, ...] = ()
    sold_here: tuple[str, ...] = ()
    closed: tuple[ClosedProforma, ...] = ()


@dataclass(frozen=True, slots=True)
class _Differences:
    """Rows that have to be written, parents before their add-ons, and ids of what is left."""

    clients: list[ClientRow] = field(default_factory=list)
    services: list[ServiceRow] = field(default_factory=list)
    changed_there: list[str] = field(default_factory=list)
    sold_here: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadKnown:
    """What earlier loads brought, for checking a folder against it."""

    env: Environment

    async def __call__(self) -> Known:
        """Read it."""
        async with self.env.work.reading() as uow:
            return await uow.loading.read_known(await uow.catalogs.current())


@dataclass(frozen=True, slots=True)
class CountCurrencies:
    """In which currencies clients pay."""

    env: Environment

    async def __call__(self) -> Mapping[str, int]:
        """The number of clients by currency."""
        async with self.env.work.reading() as uow:
            return await uow.loading.currencies()


@dataclass(frozen=True, slots=True)
class FindStateChanges:
    """Where the folder has another billing state, before anything is changed."""

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
    settler: Settler

    async def __call__(
        self,
        folder: CheckedFolder,
        *,
        by: Actor,
        replace_state: bool = False,
        over_sales: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Loaded:
        """Insert what is new, update what may be; `progress` hears how many rows are done.

        With `replace_state` the folder's billing state counts, except for services whose state was
        made here and is not known to the folder; with `over_sales` for them too. A row that
        changes between comparing and writing is as if it had changed after the load.
        Beside a connected panel the folder has the words about what the panel offers.
        NotAllowedError for credit where clients have none with us, and for clients and services
        that belong to a connected panel.
        """
        self._check_rows(folder)
        now = self.env.now()
        replacing = Replacing(changed_there=replace_state, sold_here=replace_state and over_sales)
        report = progress or _ignore
        differences = await self._compare(folder, replacing, report)
        async with self.env.work.writing() as uow:
            await uow.loading.begin()
            before = await uow.catalogs.current()
            catalog = await uow.catalogs.save(await self._catalog(uow, folder), at=now)
            clients = await self._write_clients(uow, differences, report)
            services, closed = await self._write_services(uow, differences, replacing, report)
            await uow.reminders.forget_plan()
            rows = f"{clients} clients, {services} services new or changed"
            what = f"catalogue {catalog.revision}, {rows}"
            await uow.audit.add(by, Audited.LOAD, "company", at=now, note=what)
            await uow.commit()
        return Loaded(
            catalog.revision, catalog.revision != before.revision, clients, services,
            tuple(differences.changed_there), tuple(differences.sold_here), closed,
        )  # fmt: skip

    async def _compare(
        self, folder: CheckedFolder, replacing: Replacing, report: Callable[[int], object]
    ) -> _Differences:
        """What is new or differs; what does not is done already."""
        differences = _Differences()
        async with self.env.work.reading() as uow:
            for client_rows in _batches(folder.clients()):
                self._check_credit(client_rows)
                new_clients = await uow.loading.differing_clients(client_rows)
                differences.clients.extend(new_clients)
                report(len(client_rows) - len(new_clients))
            for rows in _batches(folder.services()):
                differ = await uow.loading.differing_services(rows, replacing=replacing)
                differences.services.extend(differ.rows)
                differences.changed_there.extend(differ.changed_there)
                differences.sold_here.update(dict.fromkeys(differ.sold_here))
                report(len(rows) - len(differ.rows))
        return differences

    async def _catalog(self, uow: UnitOfWork, folder: CheckedFolder) -> Catalog:
        """The folder's catalogue, or what it and a connected panel say together."""
        if not self.env.panel_decides:
            return folder.catalog
        await uow.catalogue_sources.keep_folder(folder.catalog)
        return await merge_with_panel(uow, folder.catalog)

    def _check_rows(self, folder: CheckedFolder) -> None:
        if self.env.panel_decides:
            for _ in chain(folder.clients(), folder.services()):
                raise NotAllowedError("panel_has_rows")

    def _check_credit(self, rows: Iterable[ClientRow]) -> None:
        if self.env.capabilities.credit:
            return
        for row in rows:
            if row.credit:
                raise NotAllowedError("credit_not_loaded", ref=row.ref)

    async def _write_clients(
        self, uow: UnitOfWork, differences: _Differences, report: Callable[[int], object]
    ) -> int:
        changed, now = 0, self.env.now()
        for rows in _batches(differences.clients):
            changed += await uow.loading.upsert_clients(rows, at=now)
            report(len(rows))
        return changed

    async def _write_services(
        self,
        uow: UnitOfWork,
        differences: _Differences,
        replacing: Replacing,
        report: Callable[[int], object],
    ) -> tuple[int, tuple[ClosedProforma, ...]]:
        """How many services were changed, and the proformas that lost their sense thereby."""
        changed, restatements = 0, list[Restated]()
        for rows in _batches(differences.services):
            result = await uow.loading.upsert_services(
                rows, today=self.env.today(), replacing=replacing
            )
            changed += result.changed
            restatements.extend(result.restated)
            differences.sold_here.update(dict.fromkeys(result.sold_here))
            report(len(rows))
        closed = list[ClosedProforma]()
        for batch in _batches(restatements):
            closed.extend(await close_superseded(uow, self.settler, batch))
        return changed, tuple(closed)


def _ignore(rows: int) -> None:
    """Nobody watches."""


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch
