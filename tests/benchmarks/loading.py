"""How long `panelik load` takes for 100 000 services: new, the same again, one in 100 changed.

Each load is the command in a process of its own, which checks the folder and stores it.

    python -m tests.benchmarks loading --services 100000 --stores sqlite,postgresql
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console
from rich.table import Table

from bot.datafolder.clients import COLUMNS as CLIENT_COLUMNS
from bot.datafolder.services import COLUMNS as SERVICE_COLUMNS
from tests.benchmarks.stores import make_durable, stores
from tests.bot.datafolder.folders import addon, client, csv, service, write
from tests.database import Store, database_at

PER_CLIENT = 10
ONE_IN = 100
"""Of so many rows one has changed."""

REPLACE = ("--state", "replace")


@dataclass(frozen=True, slots=True)
class Company:
    """Clients with ten services each, a part of them add-ons; every ONE_IN-th may be changed."""

    services: int
    domain: str = "example"
    amount: str = "29.00"

    def write(self, folder: Path) -> None:
        """Write the data folder."""
        clients = [
            client(id=f"C-{n}", telegram_ids=str(n + 1))
            for n in range(self.services // PER_CLIENT)
        ]
        write(
            folder,
            clients=csv(CLIENT_COLUMNS, clients),
            services=csv(SERVICE_COLUMNS, list(self._rows())),
        )

    def _rows(self) -> Iterator[dict[str, str]]:
        for number in range(self.services):
            owner, place = f"C-{number // PER_CLIENT}", number % PER_CLIENT
            is_changed = number % ONE_IN == 0
            if place % 3:
                yield addon(id=f"A-{number}", client=owner, parent=f"S-{number - place % 3}")
                continue
            yield service(
                id=f"S-{number}",
                client=owner,
                domain=f"d{number}.{self.domain if is_changed else 'example'}",
                amount=self.amount if is_changed else "29.00",
            )


def loads(services: int) -> dict[str, tuple[Company, Sequence[str]]]:
    """The loads in their order: the folder, and the options of the command."""
    company = Company(services)
    return {
        "new": (company, ()),
        "the same": (company, ()),
        "1 % described anew": (Company(services, domain="test"), ()),
        "1 % with new amounts": (Company(services, domain="test", amount="31.00"), REPLACE),
    }


@dataclass(frozen=True, slots=True)
class Load:
    """What one `panelik load` took, and what it said."""

    seconds: float
    cpu_seconds: float
    memory_mb: float
    said: str


def load(url: str, folder: Path, given: Sequence[str] = ()) -> Load:
    """Run the command; RuntimeError if it refuses."""
    command = [sys.executable, "-m", "bot", "load", str(folder), *given]
    environment = {**os.environ, "PANELIK_DATABASE_URL": url}
    with (folder / "said.txt").open("w+b") as said:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=environment, cwd=folder, stdout=said, stderr=subprocess.STDOUT
        )
        peak = _peak_of(psutil.Process(process.pid))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        said.seek(0)
        text = said.read().decode()
    if status:
        raise RuntimeError(text)
    return Load(seconds, used.ru_utime + used.ru_stime, peak / 2**20, text)


def _peak_of(process: psutil.Process) -> int:
    """Look at its memory until it ends; the most it had, in bytes.

    What the system keeps of an ended process also counts the one that started it.
    """
    peak = 0
    while process.status() != psutil.STATUS_ZOMBIE:
        peak = max(peak, process.memory_info().rss)
        time.sleep(0.02)
    return peak


def measure(store: Store, services: int) -> Iterator[tuple[str, Load]]:
    """Load into an empty database, one load after the other."""
    with (
        TemporaryDirectory(prefix="panelik-bench-") as home,
        database_at(store, Path(home)) as url,
    ):
        for number, (name, (company, given)) in enumerate(loads(services).items()):
            folder = Path(home) / str(number)
            folder.mkdir()
            company.write(folder)
            yield name, load(url, folder, given)


def run(arguments: Sequence[str] = ()) -> None:
    """Measure on the stores and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks loading")
    parser.add_argument("--services", type=int, default=100_000)
    parser.add_argument("--stores", type=stores, default=list(Store))
    asked = parser.parse_args(arguments)
    table = Table("store", "rows", "s", "CPU s", "memory MB",
                  title=f"panelik load, {asked.services} services")  # fmt: skip
    make_durable(asked.stores)
    for store in asked.stores:
        for name, one in measure(store, asked.services):
            numbers = (f"{one.seconds:.1f}", f"{one.cpu_seconds:.1f}", f"{one.memory_mb:.0f}")
            table.add_row(store, name, *numbers)
        table.add_section()
    Console(width=110).print(table)


if __name__ == "__main__":
    run(sys.argv[1:])
