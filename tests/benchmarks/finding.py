"""Finding a client or a service among 100 000: what a search of staff costs, by its words."""

import asyncio
import time

from rich.console import Console
from rich.table import Table

from bot.app import open_core
from tests.benchmarks.stores import company_on
from tests.crowd import Crowd
from tests.database import Store
from tests.fakes import StillClock
from tests.world import START, make_settings

CROWD = Crowd(10_000, each=10)
WORDS = ("nobody has this", "example", "person 77", "PRO-202701", "100007")
TIMES = 5


async def _find(url: str) -> list[tuple[str, int, float]]:
    """Each search with its hits and the shortest time of several, in milliseconds."""
    rows = []
    async with open_core(make_settings(url), clock=StillClock(START)) as core:
        for words in WORDS:
            times, hits = [], 0
            for _ in range(TIMES):
                began = time.perf_counter()
                hits = len(await core.actions.find_anywhere(words))
                times.append(time.perf_counter() - began)
            rows.append((words, hits, min(times) * 1000))
    return rows


def run() -> None:
    """Print a table for each store."""
    for store in Store:
        table = Table("words", "hits", "ms", title=f"find, {store.value}")
        with company_on(store, CROWD) as url:
            for words, hits, ms in asyncio.run(_find(url)):
                table.add_row(words, str(hits), f"{ms:.0f}")
        Console().print(table)
