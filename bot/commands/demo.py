"""`panelik demo`: the real bot against the sandbox, to be tried with no token."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot import running
from bot.app import Heart, open_heart
from bot.commands.load import load_folder
from bot.commands.session import fail, guarded, settings_or_exit
from bot.sandbox.api import TOKEN, BotApi
from bot.sandbox.clock import SandboxClock
from bot.sandbox.demodata import write_demo_folder
from bot.sandbox.server import create_app, serve

PORT = 8787
PROVIDER_TOKEN = "284685063:TEST:sandbox"  # noqa: S105 - the sandbox takes any; nothing is real


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A bot that runs on a sandbox: its address, its heart and the people's side of it."""

    url: str
    heart: Heart
    api: BotApi
    clock: SandboxClock


def demo(
    port: Annotated[int, typer.Option(help="Where the chat page is; 0 takes a free port.")] = PORT,
    folder: Annotated[
        Path | None, typer.Option(help="Your own data folder instead of the invented company's.")
    ] = None,
) -> None:
    """Try the bot in a browser: no token, nothing real, everything is gone at the end."""
    guarded(lambda: _demo(port, folder))


async def _demo(port: int, folder: Path | None) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with TemporaryDirectory(prefix="panelik-demo-") as home:
        try:
            async with sandbox(Path(home), port=port, folder=folder) as box:
                typer.echo(f"Chat with the bot at {box.url}/  (Ctrl+C ends it)")
                await stop.wait()
        except OSError as error:
            fail(f"Port {port} cannot be used ({error.strerror}). Try --port 0.")


@asynccontextmanager
async def sandbox(
    home: Path, *, port: int = 0, folder: Path | None = None, quiet: bool = False
) -> AsyncIterator[Sandbox]:
    """The sandbox's server and the real bot on a fresh database in `home`, over HTTP."""
    clock = SandboxClock()
    api = BotApi(clock)
    later: dict[str, Heart] = {}

    async def advance(delta: timedelta) -> None:
        clock.advance(delta)
        await running.tick(later["heart"])

    async def next_reminder_at() -> datetime | None:
        return await later["heart"].actions.next_reminder()

    app = create_app(api, advance=advance, next_reminder_at=next_reminder_at)
    async with serve(app, port=port) as url:
        settings = settings_or_exit(
            bot_token=TOKEN,
            api_url=url,
            database_url=f"sqlite:///{home}/panelik.sqlite",
            provider_token=PROVIDER_TOKEN,
            operator_chat=None,
            log_level="ERROR" if quiet else "WARNING",
        )
        async with open_heart(settings, clock=clock) as heart:
            later["heart"] = heart
            today = clock.now().astimezone(settings.zone).date()
            data = folder or write_demo_folder(home / "data", today)
            await load_folder(heart, data, quiet=quiet)
            async with _running(heart):
                yield Sandbox(url, heart, api, clock)


@asynccontextmanager
async def _running(heart: Heart) -> AsyncIterator[None]:
    stop = asyncio.Event()
    bot = asyncio.create_task(running.run(heart, stop))
    try:
        yield
    finally:
        stop.set()
        await bot
