"""The time of a demo, for commands that are given its database.

The demo's clock is not the machine's: it begins in the morning and can be moved. Each time the
demo keeps the distance in its database, which nothing else ever does, and commands add it to the
machine's time. Otherwise what they do would be due at a time that the demo has not reached.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app import Core
from bot.clock import SystemClock

KEY = "demo_time"
"""The distance in seconds, among the settings that the database keeps."""


@dataclass(frozen=True, slots=True)
class DemoClock:
    """The machine's time, moved by a distance."""

    moved: timedelta

    def now(self) -> datetime:
        """The present instant of the demo, aware, UTC."""
        return SystemClock().now() + self.moved


async def keep_demo_time(core: Core, moved: timedelta) -> None:
    """Keep how far a demo's clock is ahead of the machine's (negative: behind)."""
    await core.database.settings_store.set(KEY, str(moved.total_seconds()))


async def is_demo(core: Core) -> bool:
    """Whether the database was made by a demo."""
    return await core.database.settings_store.get(KEY) is not None


async def in_its_time(core: Core) -> Core:
    """Return the same with the demo's clock if the database is a demo's."""
    seconds = await core.database.settings_store.get(KEY)
    if seconds is None:
        return core
    return replace(core, clock=DemoClock(timedelta(seconds=float(seconds))))
