"""Small data folders for tests: a valid one, of which a test changes what matters to it."""

from pathlib import Path

from billing.rules.loading.differences import Known
from bot.datafolder.clients import COLUMNS as CLIENT_COLUMNS
from bot.datafolder.folder import NOTHING_KNOWN, Folder, read_folder
from bot.datafolder.mistakes import FolderError
from bot.datafolder.services import COLUMNS as SERVICE_COLUMNS

CATALOG = """\
company:
  name: Chmurnik
groups:
  - {id: hosting, name: Hosting}
  - {id: extras, name: {pl: Dodatki, en: Extras}}
products:
  - id: start
    group: hosting
    name: Start
    prices: {PLN: {monthly: 29.00, annually: 290.00}, EUR: {monthly: 6.90}}
  - id: parking
    group: hosting
    name: Parking
    prices: {PLN: {free: 0}}
addons:
  - id: ssl
    group: extras
    name: SSL
    fits: [hosting]
    prices: {PLN: {annually: 99.00}}
"""

CLIENTS = {
    "id": "C-1", "name": "Anna", "email": "anna@example.com", "country": "PL", "language": "pl",
    "timezone": "Europe/Warsaw", "currency": "PLN", "tax_rate": "23", "tax_id": "PL1",
    "credit": "60.00", "telegram_ids": "1001 1003",
}  # fmt: skip
SERVICES = {
    "id": "S-1", "client": "C-1", "product": "start", "parent": "", "name": "Start",
    "domain": "anna.example", "first_amount": "49.00", "amount": "29.00", "cycle": "monthly",
    "registered_on": "2026-01-31", "next_due_date": "2027-02-28", "anchor_day": "",
    "status": "active", "suspended_for": "",
}  # fmt: skip
ADDON = {**SERVICES, "id": "A-1", "product": "ssl", "parent": "S-1", "cycle": "annually"}


def client(**changes: str) -> dict[str, str]:
    """Anna, changed."""
    return {**CLIENTS, **changes}


def service(**changes: str) -> dict[str, str]:
    """Anna's hosting, changed."""
    return {**SERVICES, **changes}


def addon(**changes: str) -> dict[str, str]:
    """The SSL add-on of Anna's hosting, changed."""
    return {**ADDON, **changes}


def csv(columns: tuple[str, ...], rows: list[dict[str, str]], *, separator: str = ",") -> str:
    """Rows as a file; cells must not hold the separator."""
    lines = [columns, *([row[column] for column in columns] for row in rows)]
    return "".join(separator.join(line) + "\n" for line in lines)


def write(
    folder: Path,
    *,
    catalog: str | None = CATALOG,
    clients: list[dict[str, str]] | str | None = None,
    services: list[dict[str, str]] | str | None = None,
) -> Path:
    """Write a folder; Anna is its only client unless others are named."""
    people = [client()] if clients is None else clients
    bought = services or []
    files = {
        "catalog.yaml": catalog,
        "clients.csv": csv(CLIENT_COLUMNS, people) if isinstance(people, list) else people,
        "services.csv": csv(SERVICE_COLUMNS, bought) if isinstance(bought, list) else bought,
    }
    for name, text in files.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def load(folder: Path, *, known: Known = NOTHING_KNOWN) -> Folder:
    """Read a folder of a Polish company."""
    return read_folder(folder, currency="PLN", known=known)


def mistakes(folder: Path, *, known: Known = NOTHING_KNOWN) -> list[str]:
    """What is wrong in a folder, as printed."""
    try:
        load(folder, known=known)
    except FolderError as error:
        return [str(mistake) for mistake in error.mistakes]
    return []
