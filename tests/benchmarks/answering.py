"""How long people wait for a tap while reminders go out to ten thousand others.

One bot polls and sends, at the real pace, as `panelik run` does. Again and again its reminders are
held back for a while, so that both figures come from one run.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select, update

from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.server import create_app, serve
from storage.database import Database
from storage.tables.messages import digests
from storage.tables.states import SendState
from tests.benchmarks.stores import company_on
from tests.benchmarks.tapping import Figures, Runner
from tests.crowd import NOON, Crowd
from tests.database import Store, connect
from tests.process import MortalBot
from tests.trials.fleet import member

CROWD = Crowd(20_000, each=20, one_in=40)
"""Every second client has something due; the others are those who tap."""

PEOPLE = tuple(CROWD.users[:40:2])
SECONDS = 10.0
ROUNDS = 3
REST = 1.0
"""Seconds that a person reads before the next tap."""


@asynccontextmanager
async def bot_on(home: Path, database: str, api: BotApi) -> AsyncIterator[Runner]:
    """`panelik run` at noon of the crowd's day."""
    async with serve(create_app(api)) as url:
        settings = {"BOT_TOKEN": TOKEN, "API_URL": url, "DATABASE_URL": database}
        bot = MortalBot(home, settings, partial(member, "run", NOON - datetime.now(UTC), None))
        bot.start()
        assert bot.process is not None
        try:
            process = psutil.Process(bot.process.pid)
            yield Runner("Panelik", api, process, "/services", rest=REST)
        finally:
            await bot.stop()


async def _hold(database: Database, *, until: datetime) -> None:
    """Move the moment of all reminders that wait."""
    moved = update(digests).where(digests.c.state == SendState.WAITING).values(due_at=until)
    async with database.engines.writer.begin() as connection:
        await connection.execute(moved)


async def _count(database: Database, state: SendState) -> int:
    asked = select(func.count()).select_from(digests).where(digests.c.state == state)
    async with database.engines.single.connect() as connection:
        return int((await connection.execute(asked)).scalar_one())


async def measure(url: str) -> tuple[Figures, Figures, int]:
    """Figures without and with reminders going out, and how many did."""
    api, idle, busy, sent = BotApi(), Figures(), Figures(), 0
    for user in CROWD.users:
        api.meet(user)
    database = await connect(url)
    with TemporaryDirectory() as home:
        async with bot_on(Path(home), url, api) as runner:
            for user in PEOPLE:
                await runner.greet(user)
            while await _count(database, SendState.WAITING) < CROWD.due:  # noqa: ASYNC110 - the bot plans
                await asyncio.sleep(0.5)
            for _ in range(ROUNDS):
                await _hold(database, until=NOON + timedelta(days=1))
                await asyncio.sleep(1)
                await runner.measure(idle, PEOPLE, SECONDS)
                await _hold(database, until=NOON)
                before = await _count(database, SendState.SENT)
                await asyncio.sleep(3)
                await runner.measure(busy, PEOPLE, SECONDS)
                sent += await _count(database, SendState.SENT) - before
    await database.close()
    return idle, busy, sent


def run() -> None:
    """Measure on both stores and print one table."""
    console = Console(width=110)
    table = Table("store", "reminders", "taps/s", "p50 ms", "p95 ms", "CPU ms", "RSS MB",
                  title="answering a tap while reminders go out")  # fmt: skip
    for store in Store:
        console.print(f"Tapping on {store} ...")
        with company_on(store, CROWD) as url:
            idle, busy, sent = asyncio.run(measure(url))
        table.add_row(store, "none", *idle.cells())
        table.add_row("", f"{sent / ROUNDS / (SECONDS + 3):.0f}/s", *busy.cells())
        table.add_row("", "ratio", "", "", f"{busy.p95 / idle.p95:.2f}", end_section=True)
    console.print(table)
