"""How quickly reminders go out: at the real pace, and as fast as the process can.

The server, the process that sends and this one are three. The pace has to hold; without it the
figure says how much of the machine a run of reminders takes.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from rich.console import Console
from rich.table import Table

from bot.sandbox.methods.api import TOKEN
from bot.telegram.pacing import Pace
from tests.benchmarks.stores import company_on
from tests.crowd import NOON, Crowd
from tests.database import Store
from tests.process import MortalBot
from tests.trials.fleet import member
from tests.world import UNHURRIED

CROWD = Crowd(10_000)
PACED_MESSAGES = 750
"""Half a minute of them."""


@dataclass(frozen=True, slots=True)
class Way:
    """A pace (None is the real one), how many are in flight, how many messages are enough.

    Several processes send no quicker than one: one of them holds the right to.
    """

    name: str
    pace: Pace | None
    in_flight: int
    messages: int
    processes: int = 1


WAYS = (
    Way("25/s", None, 4, PACED_MESSAGES),
    Way("25/s", None, 4, PACED_MESSAGES, processes=3),
    Way("off", UNHURRIED, 4, CROWD.clients),
    Way("off", UNHURRIED, 16, CROWD.clients),
)


@asynccontextmanager
async def telegram() -> AsyncIterator[str]:
    """The address of the sandbox's server."""
    arguments = ("-m", "tests.benchmarks.telegram_process", str(CROWD.clients))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def senders(home: Path, database: str, url: str, way: Way) -> AsyncIterator[list[MortalBot]]:
    """Processes that work, at noon of the crowd's day."""
    settings = {"BOT_TOKEN": TOKEN, "API_URL": url, "DATABASE_URL": database}
    settings["IN_FLIGHT"] = str(way.in_flight)
    main = partial(member, "work", NOON - datetime.now(UTC), way.pace)
    bots = [MortalBot(home, settings, main) for _ in range(way.processes)]
    for bot in bots:
        bot.start()
    try:
        yield bots
    finally:
        await asyncio.gather(*(bot.stop() for bot in bots))


async def rate(database: str, way: Way) -> float:
    """Messages per second, from the first that is not of the burst at the beginning."""
    burst = Pace().bulk_burst
    with TemporaryDirectory() as home:
        async with (
            telegram() as url,
            senders(Path(home), database, url, way) as bots,
            aiohttp.ClientSession() as session,
        ):
            while True:
                await asyncio.sleep(1)
                async with session.get(f"{url}/stamps") as answer:
                    stamps: list[float] = (await answer.json())[burst:]
                if len(stamps) >= way.messages - burst:
                    return (len(stamps) - 1) / (stamps[-1] - stamps[0])
                assert all(bot.is_alive for bot in bots), bots[0].log


def run() -> None:
    """Measure each way on both stores and print one table."""
    console = Console(width=110)
    table = Table(
        "store", "pace", "processes", "in flight", "messages/s", title="sending reminders"
    )
    for store in Store:
        for way in WAYS:
            console.print(f"Sending {way.messages} reminders from {store}, pace {way.name} ...")
            with company_on(store, CROWD) as url:
                measured = asyncio.run(rate(url, way))
            numbers = (str(way.processes), str(way.in_flight), f"{measured:.1f}")
            table.add_row(store, way.name, *numbers)
    console.print(table)
