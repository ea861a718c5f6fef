"""A data folder: checked as a whole first, then given out row by row.

Checking reads every file once and keeps ids only; giving out reads the CSV files again. So memory
stays small, and nothing is written before everything is known to be right.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from billing.rules.catalog import Catalog
from billing.rules.loading import ClientRow, Known, ServiceRow
from bot.datafolder import catalogfile, clients, services
from bot.datafolder.mistakes import FolderError, Mistake, one_of
from bot.datafolder.references import References
from bot.datafolder.rows import CHANGED, Row, Table, Unreadable

Progress = Callable[[int], object]
"""Told how many more rows were checked."""

FILES = (catalogfile.FILE, clients.FILE, services.FILE)
STEP = 1000
NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder without mistakes; its rows are read from the files while they are used.

    `catalog` has the revision and numbers 0: the database gives them. Iterating raises FolderError
    if a file has changed since it was checked.
    """

    catalog: Catalog
    client_count: int
    service_count: int
    _clients: Table
    _services: Table
    _known: References
    _currency: str

    def clients(self) -> Iterator[ClientRow]:
        """Every client, in the file's order."""
        for row in _again(self._clients):
            client = clients.read_client(row, currency=self._currency)
            _insist(not row.problems, clients.FILE)
            yield client

    def services(self) -> Iterator[ServiceRow]:
        """Every service, and after them every add-on: a parent always comes first."""
        for addons in (False, True):
            for row in _again(self._services):
                if bool(row.cells["parent"]) is addons:
                    service = services.read_service(row, self._known)
                    _insist(not row.problems, services.FILE)
                    yield service


def read_folder(
    path: Path,
    *,
    currency: str,
    known: Known = NOTHING_KNOWN,
    progress: Progress | None = None,
) -> Folder:
    """Check a folder and open it; FolderError with every mistake of every file.

    `currency` is the company's own, for clients whose row names none; `known` is what the database
    has already, which rows may refer to.
    """
    check = _Check(path, currency, known, progress or _ignore_rows)
    catalog = check.run()
    if check.mistakes or catalog is None:
        raise FolderError(check.mistakes)
    return Folder(
        catalog, check.client_count, check.service_count, check.clients, check.services,
        check.known, currency,
    )  # fmt: skip


class _Check:
    """One pass over all files that collects what is wrong."""

    def __init__(self, path: Path, currency: str, known: Known, progress: Progress) -> None:
        self.path = path
        self.currency = currency
        self.mistakes: list[Mistake] = []
        self.known = References(known)
        self.clients = Table(path / clients.FILE, clients.COLUMNS)
        self.services = Table(path / services.FILE, services.COLUMNS)
        self.client_count = 0
        self.service_count = 0
        self._progress = progress

    def run(self) -> Catalog | None:
        if not self.path.is_dir():
            self.note(str(self.path), 0, "is not a folder")
            return None
        self._check_names()
        catalog = catalogfile.CatalogFile(
            self.path / catalogfile.FILE, partial(self.note, catalogfile.FILE)
        )
        self.known.products = catalog.kinds or {}
        self.known.products_complete = catalog.kinds is not None
        check = partial(clients.check_client, known=self.known, currency=self.currency)
        self.client_count = self._rows(self.clients, check)
        self.known.clients_complete = self.client_count >= 0
        check = partial(services.check_service, known=self.known)
        self.service_count = self._rows(self.services, check)
        self.known.services_complete = self.service_count >= 0
        for line, reason in services.check_parents(self.known):
            self.note(services.FILE, line, reason)
        self.known.forget_services()
        return catalog.catalog

    def note(self, file: str, line: int, reason: str) -> None:
        self.mistakes.append(Mistake(file, line, reason))

    def _check_names(self) -> None:
        """A misspelt file name would be a file silently not loaded."""
        for found in sorted(entry.name for entry in self.path.iterdir()):
            if found.endswith((".csv", ".yaml", ".yml")) and found not in FILES:
                self.note(found, 0, f"is not a file we know{one_of(found, FILES)}")

    def _rows(self, table: Table, check: Callable[[Row], None]) -> int:
        """Check every row; the number of rows, or -1 if the file was not read to its end."""
        file = table.path.name
        count = 0
        try:
            for row in table.rows(partial(self.note, file)):
                check(row)
                self.mistakes.extend(Mistake(file, row.line, text) for text in row.problems)
                count += 1
                if count % STEP == 0:
                    self._progress(STEP)
        except Unreadable:
            return -1
        self._progress(count % STEP)
        return count


def _again(table: Table) -> Iterator[Row]:
    """The rows of a file that was right before."""
    try:
        for row in table.rows(_ignore):
            _insist(row.whole, table.path.name)
            yield row
    except Unreadable:
        _insist(False, table.path.name)


def _insist(right: bool, file: str) -> None:
    if not right:
        raise FolderError([Mistake(file, 0, CHANGED)])


def _ignore(line: int, reason: str) -> None:
    """What is wrong with the file was noted when it was checked."""


def _ignore_rows(count: int) -> None:
    """Nobody watches."""
