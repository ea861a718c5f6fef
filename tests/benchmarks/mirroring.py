"""What it costs to copy a connected panel: the first sight, a night, one client, the feed, a list.

The stand-in of FOSSBilling is a process of its own; seconds and CPU are ours, and so is memory.

    python -m tests.benchmarks mirroring --clients 2500 --scope linked --stores sqlite
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import psutil
from rich.console import Console
from rich.table import Table

from billing.views.account import ClientInfo
from billing.views.services import ServiceFilter
from bot.app import Core, open_core
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN
from bot.settings_of_panel import MirrorScope
from tests.benchmarks.stores import make_durable, stores
from tests.database import Store, database_at
from tests.storage.company import client_row
from tests.world import make_settings

TIMES = 20
"""How many clients are read one by one, and lists shown."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one thing cost, or the mean of several: seconds, of them CPU, and calls."""

    name: str
    seconds: float
    cpu_seconds: float
    calls: float


@asynccontextmanager
async def panel(clients: int, addons: str) -> AsyncIterator[str]:
    """The address of the stand-in."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.panel_process", str(clients), addons,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Bench:
    """One core beside one panel."""

    core: Core
    address: str
    scope: MirrorScope

    async def link_everybody(self, clients: int) -> None:
        """Let each client of the panel have a user here."""
        rows = [client_row(str(number)) for number in range(1, clients + 1)]
        now = self.core.clock.now()
        async with self.core.database.work.writing() as uow:
            await uow.loading.begin()
            await uow.loading.upsert_clients(rows, at=now)
            for row in rows:
                client = await uow.clients.by_ref(row.ref)
                assert client is not None
                await uow.users.link(int(row.ref), client.id, at=now)
            await uow.commit()

    async def first_sight(self, _number: int) -> None:
        """Copy everything for the first time."""
        if self.scope is MirrorScope.LINKED:
            await self.core.actions.read_first()
        else:
            await self.core.actions.read_everything()

    async def night(self, _number: int) -> None:
        """Read everything again; nothing differs."""
        await self.core.actions.read_everything()

    async def one_client(self, number: int) -> None:
        """Read one client again who has changed."""
        client = await self._client(number)
        async with self.core.database.work.writing() as uow:
            await uow.panel_state.mark_stale([client.ref], at=self.core.clock.now())
            await uow.commit()
        await self.core.actions.refresh_client(client)

    async def feed(self, _number: int) -> None:
        """See that nothing has changed."""
        await self.core.actions.read_changes()

    async def list(self, number: int) -> None:
        """Show the services of a client."""
        await self.core.actions.list_services(await self._client(number), ServiceFilter())

    async def _client(self, number: int) -> ClientInfo:
        async with self.core.database.work.reading() as uow:
            client = await uow.clients.by_ref(str(number))
        assert client is not None
        return client

    async def calls(self) -> int:
        """How many calls the panel has had."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.address}/count") as said,
        ):
            return int(await said.text())

    async def cost(self, name: str, do: Callable[[int], Awaitable[None]], times: int) -> Cost:
        """Do it for so many clients in turn."""
        before, begun, cpu = await self.calls(), time.perf_counter(), time.process_time()
        for number in range(1, times + 1):
            await do(number)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        calls = await self.calls() - before
        return Cost(name, seconds / times, cpu / times, calls / times)


async def measure(
    url: str, clients: int, addons: str, scope: MirrorScope = MirrorScope.ALL
) -> tuple[list[Cost], float]:
    """What each thing costs, and by how many MB our process has grown at the first sight."""
    async with panel(clients, addons) as address:
        settings = make_settings(
            url, panel="fossbilling", panel_url=address, panel_token=ADMIN_TOKEN,
            panel_mirror=scope, panel_calls_per_hour=1_000_000,
            prices_include_tax=False,
        )  # fmt: skip
        async with open_core(settings) as core:
            bench, process = Bench(core, address, scope), psutil.Process()
            before = process.memory_info().rss
            # A feed is followed from before the first sight on.
            await bench.feed(0)
            if scope is MirrorScope.LINKED:
                await bench.link_everybody(clients)
            costs = [await bench.cost("first sight", bench.first_sight, 1)]
            grown = (process.memory_info().rss - before) / 2**20
            costs += [
                await bench.cost("a night", bench.night, 1),
                await bench.cost("one client", bench.one_client, TIMES),
                await bench.cost("the feed, no change", bench.feed, TIMES),
                await bench.cost("a list of services", bench.list, TIMES),
            ]
            return costs, grown


def run(arguments: Sequence[str] = ()) -> None:
    """Measure on the stores and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks mirroring")
    parser.add_argument("--clients", type=int, default=2500, help="each has four services")
    parser.add_argument("--stores", type=stores, default=list(Store))
    parser.add_argument("--scope", type=MirrorScope, choices=list(MirrorScope),
                        default=MirrorScope.ALL, help="whose data is copied")  # fmt: skip
    asked = parser.parse_args(arguments)
    table = Table("store", "add-ons", "what", "ms", "CPU ms", "panel calls", "grown MB",
                  title=f"FOSSBilling, {asked.clients * 4} services, {asked.scope}")  # fmt: skip
    for store in asked.stores:
        for addons in ("hidden", "listed"):
            with (
                TemporaryDirectory(prefix="panelik-bench-") as home,
                database_at(store, Path(home)) as url,
            ):
                make_durable([store])
                costs, grown = asyncio.run(measure(url, asked.clients, addons, asked.scope))
            for place, cost in enumerate(costs):
                table.add_row(
                    store, addons, cost.name, f"{cost.seconds * 1000:.1f}",
                    f"{cost.cpu_seconds * 1000:.1f}", f"{cost.calls:g}",
                    "" if place else f"{grown:.0f}",
                )  # fmt: skip
        table.add_section()
    Console(width=110).print(table)
