"""What the screens of a client with 1 000 services cost beside those of one with 10.

The bot and a Telegram in memory are one process; both people take turns.

    python -m tests.benchmarks clients --sizes 10,1000 --stores sqlite,postgresql
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot.sandbox.people import CROWD_FROM, Profile
from tests.benchmarks.estate import Loaded
from tests.benchmarks.stores import make_durable, stores
from tests.database import Store, database_at
from tests.person import Person
from tests.statements import counting
from tests.world import START, World, open_world

SCREENS = {
    "list": "/services",
    "search, a list": "strona",
    "search, one hit": "strona-{number}-7.example",
    "renewals": "/renew",
}
"""What a person writes to see a screen; {number} is that of their client."""

WARM = 3


@dataclass(slots=True)
class Cost:
    """What a screen cost each time: wall clock and processor in ms; statements at most."""

    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: int = 0

    async def add(self, world: World, person: Person, text: str) -> None:
        """Write the text once more."""
        with counting(world.core.database) as statements:
            begun, cpu = time.perf_counter(), time.process_time()
            await person.sends(text)
            self.cpu.append((time.process_time() - cpu) * 1000)
            self.times.append((time.perf_counter() - begun) * 1000)
        self.statements = max(self.statements, len(statements))


async def measure(url: str, sizes: Sequence[int], times: int) -> dict[str, list[Cost]]:
    """The costs of each screen, by the clients in the order of their sizes."""
    costs = {name: [Cost() for _ in sizes] for name in SCREENS}
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(open_world(url, now=START))
        people = []
        for number in range(len(sizes)):
            profile = Profile(CROWD_FROM + number, f"Client {number}", language_code="pl")
            world.api.add_person(profile)
            world.api.meet(profile.id)
            people.append(Person(world.driver, profile))
        for name, text in SCREENS.items():
            for turn in range(WARM + times):
                for number, person in enumerate(people):
                    cost = costs[name][number] if turn >= WARM else Cost()
                    await cost.add(world, person, text.format(number=number))
    return costs


def run(arguments: Sequence[str] = ()) -> None:
    """Measure on the stores and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks clients")
    parser.add_argument("--sizes", type=_numbers, default=[10, 1000], help="services of a client")
    parser.add_argument("--others", type=int, default=98, help="clients with 1 000 services")
    parser.add_argument("--stores", type=stores, default=list(Store))
    parser.add_argument("--times", type=int, default=60)
    asked = parser.parse_args(arguments)
    table = Table("store", "screen", "services", "p50 ms", "ratio", "CPU ms", "ratio",
                  "statements", title="screens by the services of a client")  # fmt: skip
    fill = Loaded(len(asked.sizes), (*asked.sizes, *(1000,) * asked.others))
    for store in asked.stores:
        with (
            TemporaryDirectory(prefix="panelik-bench-") as home,
            database_at(store, Path(home), fill) as url,
        ):
            make_durable([store])
            for name, costs in asyncio.run(measure(url, asked.sizes, asked.times)).items():
                for size, cost in zip(asked.sizes, costs, strict=True):
                    table.add_row(store, name, str(size), *_cells(cost, costs[0]))
        table.add_section()
    Console(width=110).print(table)


def _cells(cost: Cost, first: Cost) -> Sequence[str]:
    """The median of a busy machine says more than its mean."""
    cells = list[str]()
    for here, there in ((cost.times, first.times), (cost.cpu, first.cpu)):
        cells += f"{median(here):.1f}", f"{median(here) / median(there):.2f}"
    return *cells, str(cost.statements)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]
