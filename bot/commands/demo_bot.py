"""The bot of a demo: it runs as in earnest, in the same event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import running
from bot.app import Core
from bot.telegram.pacing import Pace


async def until_stopped(bot: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Wait for the signal; if the bot ends before, raise its error."""
    stopping = asyncio.create_task(stop.wait())
    ended_tasks, _ = await asyncio.wait({bot, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if bot in ended_tasks:
        bot.result()


@asynccontextmanager
async def bot_of(core: Core, pace: Pace | None) -> AsyncIterator[asyncio.Task[None]]:
    """Run a bot inside the block; `pace` is for visitors who are quicker than people."""
    stop = asyncio.Event()
    bot = asyncio.create_task(running.run(core, stop, pace=pace))
    try:
        yield bot
    finally:
        stop.set()
        await asyncio.wait({bot})
