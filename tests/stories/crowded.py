"""The data of a client who has much of everything, with names as long as people have them.

It is the demo's company. Anna's client gets twelve services with long domains, several of one
product, most of them overdue or due soon, and an add-on for each of the first four; the first has
four more.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bot.sandbox.demodata import write_demo_folder

NAME = "Pracownia Zegarów i Biżuterii Marta Zielińska-Kowalska"
DOMAIN = "pracownia-zegarow-i-bizuterii.example"
KINDS = (
    ("hosting-l", "Hosting Nimbus", "sklep", "1290.00"),
    ("vps-l", "VPS Orkan", "poczta", "2690.00"),
    ("hosting-l", "Hosting Nimbus", "katalog", "1290.00"),
    ("vps-l", "VPS Orkan", "zapasowy", "2690.00"),
)
ADDONS = (
    ("backup", "Kopia zapasowa Plus", "99.00"),
    ("support", "Opieka Premium 24/7", "1668.00"),
    ("space", "Dodatkowe 50 GB", "86.00"),
    ("dedicated-ip", "Dodatkowy adres IP", "120.00"),
)
SERVICES = 12


def write_crowded_folder(target: Path, today: date) -> Path:
    """Write the demo's folder with this client in place of its first; return it."""
    folder = write_demo_folder(target, today)
    clients = folder / "clients.csv"
    clients.write_text(clients.read_text(encoding="utf-8").replace("Anna Nowak", NAME), "utf-8")
    services = folder / "services.csv"
    head, *rows = services.read_text(encoding="utf-8").splitlines()
    others = (row for row in rows if ",C-1001," not in row)
    services.write_text("\n".join((head, *others, *_rows(today))) + "\n", encoding="utf-8")
    return folder


def _rows(today: date) -> Iterator[str]:
    for number in range(SERVICES):
        product, name, part, price = KINDS[number % len(KINDS)]
        due = today + timedelta(days=2 * number - 11)
        domain = f"{part}{number // len(KINDS) or ''}.{DOMAIN}"
        yield _row(f"S-9{number:03}", product, "", name, domain, price, due)
    for number, (product, name, price) in enumerate(ADDONS):
        due = today + timedelta(days=number - 20)
        yield _row(f"A-9{number:03}", product, f"S-9{number:03}", name, "", price, due)
    for number, (product, name, price) in enumerate(ADDONS):
        due = today + timedelta(days=200)
        yield _row(f"A-8{number:03}", product, "S-9000", name, "", price, due)


def _row(
    id_: str, product: str, parent: str, name: str, domain: str, price: str, due: date
) -> str:
    registered = due.replace(year=due.year - 2)
    return (
        f"{id_},C-1001,{product},{parent},{name},{domain},{price},{price},annually,"
        f"{registered},{due},,active,"
    )
