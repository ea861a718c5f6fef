"""How long a large data folder takes to check and to read, and how much memory it needs.

Run with `python -m tests.benchmarks.datafolder [SERVICES]`.
"""

import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from bot.datafolder.clients import COLUMNS as CLIENT_COLUMNS
from bot.datafolder.folder import read_folder
from bot.datafolder.services import COLUMNS as SERVICE_COLUMNS
from tests.bot.datafolder.folders import addon, client, csv, service, write

PER_CLIENT = 10


def _folder(target: Path, count: int) -> None:
    clients = [client(id=f"C-{n}", telegram_ids=str(n + 1)) for n in range(count // PER_CLIENT)]
    services = []
    for number in range(count):
        owner = f"C-{number // PER_CLIENT}"
        if number % PER_CLIENT % 3:
            parent = f"S-{number - number % PER_CLIENT % 3}"
            services.append(addon(id=f"A-{number}", client=owner, parent=parent))
        else:
            services.append(service(id=f"S-{number}", client=owner, domain=f"d{number}.example"))
    write(target, clients=csv(CLIENT_COLUMNS, clients), services=csv(SERVICE_COLUMNS, services))


def _peak() -> float:
    """Peak memory of this process in MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int) -> None:
    """Print the figures; a child process writes the files, so as not to count for memory."""
    with tempfile.TemporaryDirectory() as target:
        writer = get_context("spawn").Process(target=_folder, args=(Path(target), count))
        writer.start()
        writer.join()
        _report(Path(target))


def _report(target: Path) -> None:
    before, start = _peak(), time.perf_counter()
    folder = read_folder(target, currency="PLN")
    checked, middle = _peak(), time.perf_counter()
    read = sum(1 for _ in folder.clients()) + sum(1 for _ in folder.services())
    end = time.perf_counter()
    sys.stdout.write(
        f"{folder.service_count} services, {folder.client_count} clients\n"
        f"check  {middle - start:6.2f} s   peak memory {checked:6.1f} MB (before {before:.1f})\n"
        f"read   {end - middle:6.2f} s   peak memory {_peak():6.1f} MB ({read} rows)\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
