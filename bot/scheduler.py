"""A clock: "every N seconds call this action".

APScheduler keeps nothing here but the time of the next tick. What is due is a question to the
database that an action asks, so a missed tick loses nothing, and any number of processes may tick.

It keeps that time by the machine's clock, which may be set. After a jump back by an hour, it would
not tick for an hour; after a jump ahead by years, it would count every missed tick. So each next
tick is counted from now, and all actions tick at once when the clock was set.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from billing.ports.outside import Clock
from billing.ports.work import UnavailableError
from bot.clock import ClockWatch, Seconds, SystemClock, steady_seconds
from bot.turns import note_failure

log = logging.getLogger(__name__)

Action = Callable[[], Awaitable[object]]

Turns = Callable[[str], AbstractContextManager[object]]
"""What an action runs within, by its name."""

_JITTER_SHARE = 0.1

WATCH_SECONDS = 1.0
"""How often the machine's clock is compared with the one that cannot be set."""


class Ticker:
    """Calls actions at intervals, from `start` to `stop`; one call of an action at a time.

    A tick that finds its action still running is left out; a late
    tick still happens. An error is logged and the next tick comes as usual; `on_outage` takes the
    errors of a database that is away, because every action meets one. An action that could run for
    very long checks `is_stopping`.

    `clock` is the machine's, which APScheduler uses; billing may have another one. Each call is
    made within a `turn`.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        steady: Seconds = steady_seconds,
        watch_seconds: float = WATCH_SECONDS,
        turn: Turns = nullcontext,
        on_outage: Callable[[UnavailableError], None] | None = None,
    ) -> None:
        self._scheduler: Any = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._clock = clock or SystemClock()
        self._steady = steady
        self._watch_seconds = watch_seconds
        self._turn = turn
        self._on_outage = on_outage
        self._watcher: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self.is_stopping = False

    def every(self, seconds: float, name: str, action: Action, *, first: float = 0.0) -> None:
        """Call the action at this interval, varied by a tenth so that processes tick apart.

        The first call comes after `first` seconds. ValueError for an interval that is not positive
        or a name used twice.
        """
        if seconds <= 0:
            raise ValueError(f"{name}: the interval must be positive")
        if self._scheduler.get_job(name) is not None:
            raise ValueError(f"{name} ticks already")
        self._scheduler.add_job(
            self._call,
            _Interval(seconds),
            args=(name, action),
            id=name,
            name=name,
            next_run_time=self._clock.now() + timedelta(seconds=first),
        )

    def start(self) -> None:
        """Begin to tick, on the running event loop."""
        self._scheduler.start()
        self._watcher = asyncio.create_task(self._watch(), name="clock watch")

    async def stop(self, *, patience: float = 10.0) -> None:
        """Stop ticking; running actions get `patience` seconds to finish, then are cancelled."""
        self.is_stopping = True
        if self._watcher is not None:
            self._watcher.cancel()
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await asyncio.sleep(0)  # a tick that APScheduler has just submitted begins to run
        if running := set(self._running):
            _, late = await asyncio.wait(running, timeout=patience)
            for task in late:
                task.cancel()
            if late:
                log.warning("%s actions were stopped before they finished", len(late))
                await asyncio.wait(late)
        self._scheduler.shutdown(wait=False)  # cancels whatever still runs
        await asyncio.sleep(0)  # APScheduler shuts down in the loop's next turn

    async def _watch(self) -> None:
        """Tick at once when the clock was set, and say so."""
        watch = ClockWatch(self._clock, self._steady)
        while True:
            await asyncio.sleep(self._watch_seconds)
            if jump := watch.jump():
                way = "ahead" if jump > timedelta() else "back"
                by = timedelta(seconds=round(abs(jump).total_seconds()))
                log.warning("This machine's clock was set %s by %s; everything ticks", way, by)
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=self._clock.now())

    async def _call(self, name: str, action: Action) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        self._running.add(task)
        try:
            with self._turn(name):
                await self._act(name, action)
        except asyncio.CancelledError:
            if not self.is_stopping:
                raise  # else `stop` has said so; APScheduler would log a traceback
        finally:
            self._running.discard(task)

    async def _act(self, name: str, action: Action) -> None:
        try:
            await action()
        except Exception as error:
            note_failure()
            if isinstance(error, UnavailableError) and self._on_outage is not None:
                self._on_outage(error)
            else:
                log.exception("%s failed; it is called again at the next tick", name)


class _Interval(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """Counts the next tick from now, not from the time at which the last one was due."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __str__(self) -> str:
        return f"every {self._seconds} s"

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The next tick after the `previous` one, which may not have come yet."""
        share = random.uniform(1 - _JITTER_SHARE, 1 + _JITTER_SHARE)  # noqa: S311 - no secret
        return max(previous or now, now) + timedelta(seconds=self._seconds * share)
