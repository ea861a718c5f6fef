"""How long others wait while some people send much more than can be answered.

Server and bot share one process, at the bot's real pace.
"""

import asyncio
import time
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot.commands.demo import Sandbox
from bot.sandbox.people import JOHN
from tests.trials.floods import OTHERS, Flood, answers, invoice_of_john, open_box

FLOODS = (
    None,
    Flood(1, 200),
    Flood(1, 200, taps=True),
    Flood(5, 100),
    Flood(1, 2_000),
)
ROUNDS = 3
PAUSE = 4.0
"""Seconds until bursts are over and everybody's chat may be written to again."""


async def _pays(box: Sandbox, message_id: int) -> float:
    """The seconds until the bot has decided; the provider declines, so that John can pay again."""
    begun = time.perf_counter()
    result = await box.api.visitor(JOHN.id).pay(message_id, outcome="fail")
    assert result["state"] == "failed", result
    return time.perf_counter() - begun


async def _measure(box: Sandbox, message_id: int, flood: Flood | None) -> tuple[str, ...]:
    waits: list[float] = []
    decisions: list[float] = []
    for _ in range(ROUNDS):
        if flood is not None:
            await flood.begins(box.api)
        waits += await answers(box.api, OTHERS)
        await asyncio.sleep(PAUSE)
        if flood is not None:
            await flood.begins(box.api)
        decisions.append(await _pays(box, message_id))
        await asyncio.sleep(PAUSE)
    return tuple(f"{x:.2f}" for x in (median(waits), quantiles(waits, n=20)[18], max(decisions)))


async def measure() -> Table:
    """The waits behind each flood."""
    table = Table("flood", "p50 s", "p95 s", "pre-checkout s, longest", title="waits of others")
    with TemporaryDirectory(prefix="panelik-bench-") as home:
        async with open_box(Path(home)) as box:
            message_id = await invoice_of_john(box)
            for flood in FLOODS:
                kind = "taps" if flood and flood.taps else "texts"
                name = f"{flood.people} x {flood.each} {kind}" if flood else "none"
                table.add_row(name, *await _measure(box, message_id, flood))
    return table


def run() -> None:
    """Measure and print one table."""
    Console(width=110).print(asyncio.run(measure()))
