"""A process that writes what a connected panel is owed; it imports little, to begin at once."""

from datetime import datetime, timedelta

from bot import loop
from bot.app import open_core
from bot.sandbox.clock import SandboxClock
from bot.settings import load_settings

PASSES = 40


def write(at: datetime) -> None:
    """Do what is owed by a clock that hurries, and end when nothing is."""
    loop.run(_write(at))


async def _write(at: datetime) -> None:
    clock = SandboxClock(at)
    async with open_core(load_settings(), clock=clock) as core:
        for _ in range(PASSES):
            await core.actions.run_calls()
            if not (await core.actions.list_calls()).items:
                return
            clock.advance(timedelta(minutes=3))
