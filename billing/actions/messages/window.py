"""A window of messages on their way: while they are, others are noted down and the next begun."""

import asyncio
from collections.abc import Awaitable, Callable, Set
from datetime import timedelta
from typing import TypeVar

from billing.ports.work import UnavailableError

T = TypeVar("T")

PAUSES = (timedelta(milliseconds=200), timedelta(seconds=1), *[timedelta(seconds=5)] * 24)
"""Between attempts to note something down; together they are shorter than a claim."""


def always() -> bool:
    """Nothing stands in the way."""
    return True


async def noted_down(record: Callable[[], Awaitable[None]]) -> None:
    """Note down what has gone out, again while the database is away: else it would go out twice.

    UnavailableError if it was away for as long as a claim lasts.
    """
    for pause in PAUSES:
        try:
            await record()
        except UnavailableError:
            await asyncio.sleep(pause.total_seconds())
        else:
            return
    await record()


async def send_in_window(
    begin: Callable[[int], Awaitable[set[asyncio.Task[T]]]],
    record: Callable[[Set[asyncio.Task[T]]], Awaitable[None]],
    *,
    size: int,
    may_go_on: Callable[[], bool] = always,
) -> int:
    """Send until nothing is begun any more, and return how many were.

    `begin` is asked for as many as there is room for, if they `may_go_on`; `record` is given those
    that have ended, and may be given them again if it fails.
    """
    count = 0
    window: set[asyncio.Task[T]] = set()
    try:
        while True:
            if may_go_on():
                new = await begin(size - len(window))
                count += len(new)
                window |= new
            if not window:
                return count
            ended_tasks, _ = await asyncio.wait(window, return_when=asyncio.FIRST_COMPLETED)
            await record(ended_tasks)
            window -= ended_tasks
    except Exception:
        # The database was away for a moment: what is not noted down would go out again.
        if window:
            await asyncio.wait(window)
            await record(window)
        raise
    finally:
        # Stopped in between: what went out by now is kept, the rest comes back by itself.
        for task in window:
            task.cancel()
