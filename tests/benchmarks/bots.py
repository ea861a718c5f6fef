"""The bots that are measured side by side: ours, and bare ones as yardsticks.

Each is a process of its own against a server of its own.
"""

import asyncio
import os
import subprocess
import sys
import time
import venv
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console

from bot.modes import Mode
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import CROWD_FROM
from bot.sandbox.server import create_app, serve
from bot.sockets import free_port
from tests.benchmarks.tapping import Runner

HERE = Path(__file__).parent
AIOGRAM_HOME = Path(sys.prefix) / "aiogram"
AIOGRAM_PINS = HERE / "aiogram.txt"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bot: the message that opens its screen, and its command, with {url}, {token} and {port}.

    At port 0 it polls.
    """

    name: str
    opening: str
    command: Sequence[str]
    python: str = sys.executable


AIOGRAM = "aiogram"
PTB = Candidate(
    "PTB", "/start", ("-m", "tests.benchmarks.echo_bot", "{token}", "{url}/bot", "{port}")
)
PTB_AIOHTTP = Candidate("PTB, aiohttp", "/start", (*PTB.command, "aiohttp"))


def ours(store: str, database_url: str) -> Candidate:
    """Panelik on a prepared database."""
    module = ("-m", "tests.benchmarks.our_bot", database_url, "{token}", "{url}", "{port}")
    return Candidate(f"Panelik, {store}", "/services", module)


def aiogram(console: Console) -> Candidate | None:
    """Bare aiogram in an environment of its own; None, and a line, if it cannot be installed.

    It pins older versions of libraries that Panelik uses, so it cannot live in ours.
    """
    python = AIOGRAM_HOME / "bin" / "python"
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if not python.exists():
        console.print("Installing aiogram into an environment of its own ...")
        venv.create(AIOGRAM_HOME, with_pip=True)
    installed = subprocess.run(  # noqa: S603 - our own command
        [*pip, "-r", str(AIOGRAM_PINS)], check=False, capture_output=True, text=True
    )
    if installed.returncode:
        console.print(f"aiogram is left out, it cannot be installed: {installed.stderr[-300:]}")
        return None
    bare = (str(HERE / "aiogram_bot.py"), "{token}", "{url}", "{port}")
    return Candidate(AIOGRAM, "/start", bare, str(python))


@dataclass(frozen=True, slots=True)
class Start:
    """What it took until the first person had an answer."""

    seconds: float
    cpu_seconds: float


@asynccontextmanager
async def started(candidate: Candidate, mode: Mode) -> AsyncIterator[tuple[Runner, Start]]:
    """A bot that has answered one person, who had written before it started."""
    port = free_port() if mode is Mode.WEBHOOK else 0
    api = BotApi()
    # PTB's own way takes one tap after the other: with 200 people its answers come too late.
    api.world.callback_seconds = 600.0
    async with serve(create_app(api)) as url:
        arguments = [part.format(url=url, token=TOKEN, port=port) for part in candidate.command]
        # As installed: modules that are compiled at each start would be measured as the bot's.
        unset = "PYTHONDONTWRITEBYTECODE"
        environment = {name: value for name, value in os.environ.items() if name != unset}
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            candidate.python, *arguments, env=environment
        )
        try:
            runner = Runner(candidate.name, api, psutil.Process(process.pid), candidate.opening)
            await runner.greet(CROWD_FROM)
            yield runner, Start(time.perf_counter() - begun, runner.cpu())
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
