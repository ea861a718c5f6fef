"""A clock: "every N seconds call this action".

APScheduler keeps nothing here but the time of the next tick. What is due is a question to the
database that an action asks, so a missed tick loses nothing, and any number of processes may tick.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

Action = Callable[[], Awaitable[object]]

_JITTER_SHARE = 0.1


class Ticker:
    """Calls actions at intervals, from `start` to `stop`; one call of an action at a time.

    The first call comes at once. A tick that finds its action still running is left out, a late
    one happens late. An error is logged and the next tick comes as usual. An action that could
    run on and on looks at `is_stopping`.
    """

    def __init__(self) -> None:
        self._scheduler: Any = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._running: set[asyncio.Task[Any]] = set()
        self.is_stopping = False

    def every(self, seconds: float, name: str, action: Action) -> None:
        """Call the action at this interval, give or take a tenth: processes do not tick at once.

        ValueError for an interval that is not positive or a name used twice.
        """
        if seconds <= 0:
            raise ValueError(f"{name}: the interval must be positive")
        if self._scheduler.get_job(name) is not None:
            raise ValueError(f"{name} ticks already")
        self._scheduler.add_job(
            self._call,
            "interval",
            args=(name, action),
            id=name,
            seconds=seconds,
            jitter=seconds * _JITTER_SHARE,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin to tick, on the running event loop."""
        self._scheduler.start()

    async def stop(self, *, patience: float = 10.0) -> None:
        """Tick no more; actions that run get `patience` seconds to finish, then are cancelled."""
        self.is_stopping = True
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        running = set(self._running)
        if running:
            _, late = await asyncio.wait(running, timeout=patience)
            for task in late:
                task.cancel()
            if late:
                log.warning("%s actions were stopped before they finished", len(late))
                await asyncio.wait(late)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # APScheduler shuts down in the loop's next turn

    async def _call(self, name: str, action: Action) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        self._running.add(task)
        try:
            await action()
        except Exception:
            log.exception("%s failed; it is called again at the next tick", name)
        finally:
            self._running.discard(task)
