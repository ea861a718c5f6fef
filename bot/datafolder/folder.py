"""A data folder: first checked as a whole, then given row by row.

The check keeps ids, and services unless they are very many; what is not kept is read again. So
memory stays small, and nothing is written before everything is known to be right.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from billing.rules.loading.differences import ClientRow, Known, ServiceRow
from billing.rules.shop.catalog import Catalog
from bot.datafolder import catalogfile, clients, services
from bot.datafolder.kept import KeptServices
from bot.datafolder.lookalikes import look_alikes
from bot.datafolder.mistakes import FolderError, Mistake, one_of
from bot.datafolder.references import ClientEntry, References, ServiceEntry
from bot.datafolder.rows import CHANGED, Row, Table, Unreadable

Progress = Callable[[int], object]
"""Called with the number of rows checked since the last call."""

FILES = (catalogfile.FILE, clients.FILE, services.FILE)
STEP = 1000
MOST_MISTAKES = 2000
"""Reading ends after so many: each takes time and memory, and nobody reads them all."""

MANY = 10
SAME = (
    '"{ref}" and "{other}", which {where}, look the same but are made of other characters; '
    "write it in one way"
)
ALIKE = (
    '"{ref}" looks like "{other}", which {where}. Is it the same one? Then write it like that; '
    "if it really is another one, load with --new-ids"
)
DOUBLED = (
    "{number} new ids look like ids that are loaded already: did a spreadsheet drop zeros, or did "
    "another program write this file? Loaded as new ones, they would all be there twice"
)
OF_PANEL = (
    "belongs to the panel: with a connected panel only {catalog} is loaded. Take this file out of "
    "the folder"
)
NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder without mistakes; its rows are read from the files while they are used.

    The database assigns revision and numbers of `catalog`; here they are 0. `suspicions` are odd
    texts that are loaded unchanged. Iterating raises FolderError if a file that is read again has
    changed since the check.
    """

    catalog: Catalog
    client_count: int
    service_count: int
    suspicions: tuple[Mistake, ...]
    _clients: Table
    _services: Table
    _known: References
    _currency: str
    _kept: KeptServices

    def clients(self) -> Iterator[ClientRow]:
        """Every client, in the file's order."""
        for row in _again(self._clients):
            client = clients.read_client(row, currency=self._currency)
            _insist(not row.problems, clients.FILE)
            yield client

    def services(self) -> Iterator[ServiceRow]:
        """Every service, and after them every add-on: a parent always comes first."""
        for addons in (False, True):
            yield from self._kept.of_kind(addons=addons) or self._services_again(addons=addons)

    def _services_again(self, *, addons: bool) -> Iterator[ServiceRow]:
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
    new_ids: bool = False,
    by_panel: bool = False,
    progress: Progress | None = None,
) -> Folder:
    """Check a folder and open it; FolderError with every mistake of every file.

    `currency` is the company's own, for clients whose row names none; `known` are the loaded ids,
    to which rows may refer. A new id that looks like another one is a mistake unless `new_ids`
    accepts such ids. `by_panel`: clients, services, products and prices are those of a connected
    panel, and the folder has the words about them.
    """
    check = _Check(
        path, currency, known, progress or (lambda _: None), new_ids=new_ids, by_panel=by_panel
    )
    catalog = check.run()
    if check.mistakes or catalog is None:
        raise FolderError(check.mistakes)
    return Folder(
        catalog, check.client_count, check.service_count, tuple(check.suspicions),
        check.clients, check.services, check.known, currency, check.kept,
    )  # fmt: skip


class _Check:
    """One pass over all files that collects what is wrong."""

    def __init__(
        self,
        path: Path,
        currency: str,
        known: Known,
        progress: Progress,
        *,
        new_ids: bool,
        by_panel: bool,
    ) -> None:
        self.path = path
        self.currency = currency
        self.new_ids = new_ids
        self.by_panel = by_panel
        self.mistakes: list[Mistake] = []
        self.suspicions: list[Mistake] = []
        self.known = References(known)
        self.clients = Table(path / clients.FILE, clients.COLUMNS)
        self.services = Table(path / services.FILE, services.COLUMNS)
        self.kept = KeptServices()
        self.client_count = 0
        self.service_count = 0
        self._progress = progress

    def run(self) -> Catalog | None:
        if not self.path.is_dir():
            self.note(str(self.path), 0, "is not a folder")
            return None
        self._check_names()
        catalog = catalogfile.CatalogFile(
            self.path / catalogfile.FILE,
            partial(self.note, catalogfile.FILE),
            partial(self.suspect, catalogfile.FILE),
            by_panel=self.by_panel,
        )
        if self.by_panel:
            self._refuse_rows()
        else:
            self._check_rows(catalog)
        return catalog.catalog

    def _refuse_rows(self) -> None:
        """Note the files whose rows a connected panel owns."""
        for name in (clients.FILE, services.FILE):
            if (self.path / name).exists():
                self.note(name, 0, OF_PANEL.format(catalog=catalogfile.FILE))

    def _check_rows(self, catalog: catalogfile.CatalogFile) -> None:
        loaded_refs = self.known.known
        self.known.products = catalog.by_ref or {}
        self.known.products_complete = catalog.by_ref is not None
        check = partial(clients.check_client, references=self.known, currency=self.currency)
        self.client_count = self._rows(self.clients, check)
        self.known.clients_complete = self.client_count >= 0
        check = partial(services.check_service, references=self.known, kept=self.kept)
        self.service_count = self._rows(self.services, check)
        self.known.services_complete = self.service_count >= 0
        for line, reason in islice(services.check_parents(self.known), MOST_MISTAKES):
            self.note(services.FILE, line, reason)
        self._check_ids(clients.FILE, self.known.clients, loaded_refs.clients)
        self._check_ids(services.FILE, self.known.services, loaded_refs.services)
        self.known.forget_services()

    def note(self, file: str, line: int, reason: str) -> None:
        self.mistakes.append(Mistake(file, line, reason))

    def suspect(self, file: str, line: int, reason: str) -> None:
        if len(self.suspicions) < MOST_MISTAKES:
            self.suspicions.append(Mistake(file, line, reason))

    def _check_ids(
        self,
        file: str,
        entries: Mapping[str, ClientEntry] | Mapping[str, ServiceEntry],
        loaded_ids: Mapping[str, object],
    ) -> None:
        """Note new ids that look like others: loaded, they might double existing rows."""
        alike = look_alikes(entries, loaded_ids)
        look_alike_ids = [
            one for one in islice(alike, MOST_MISTAKES) if one.is_same or not self.new_ids
        ]
        for one in look_alike_ids:
            where = (
                "is loaded already" if one.is_loaded else f"is on line {entries[one.other].line}"
            )
            what = SAME if one.is_same else ALIKE
            reason = what.format(ref=one.ref, other=one.other, where=where)
            self.note(file, entries[one.ref].line, f"id: {reason}")
        doubled = sum(one.is_loaded for one in look_alike_ids)
        if doubled >= MANY:
            self.note(file, 0, DOUBLED.format(number=doubled))

    def _check_names(self) -> None:
        """Note unknown file names: a misspelt file would silently not be loaded."""
        for name in sorted(entry.name for entry in self.path.iterdir()):
            if name.endswith((".csv", ".yaml", ".yml")) and name not in FILES:
                self.note(name, 0, f"is not a file we know{one_of(name, FILES)}")

    def _rows(self, table: Table, check: Callable[[Row], None]) -> int:
        """Check every row; return their number, or -1 if the file was not read to its end."""
        file = table.path.name
        count = 0
        try:
            for row in table.rows(partial(self.note, file)):
                check(row)
                self.mistakes.extend(Mistake(file, row.line, text) for text in row.problems)
                for reason in row.suspicions:
                    self.suspect(file, row.line, reason)
                count += 1
                if len(self.mistakes) > MOST_MISTAKES:
                    self.note(file, row.line, "so much is wrong that the rest was not read")
                    return -1
                if count % STEP == 0:
                    self._progress(STEP)
        except Unreadable:
            return -1
        self._progress(count % STEP)
        return count


def _again(table: Table) -> Iterator[Row]:
    """Read the rows of a checked file again; FolderError if they are wrong now."""
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
    """Ignore problems of the file, which the check has noted."""
