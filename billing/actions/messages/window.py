"""A window of messages on their way: while they are, others are noted down and the next begun."""

import asyncio
from collections.abc import Awaitable, Callable, Set
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from billing.ports.work import UnavailableError

T = TypeVar("T")

HOLD = timedelta(milliseconds=200)
"""How long one that has gone out waits for others, to be noted down by the same transaction."""

PAUSES = (timedelta(milliseconds=200), timedelta(seconds=1), *[timedelta(seconds=5)] * 24)
"""Between attempts to note something down; together they are shorter than a claim."""


def always() -> bool:
    """Nothing stands in the way."""
    return True


async def noted_down(record: Callable[[], Awaitable[object]]) -> None:
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
    turn: Callable[[Set[asyncio.Task[T]], int], Awaitable[set[asyncio.Task[T]]]],
    *,
    size: int,
    together: int = 1,
    may_go_on: Callable[[], bool] = always,
) -> int:
    """Send until nothing is begun any more, and return how many were.

    `turn` is given those that have ended, to note them down, and the number to begin: as many as
    there is room for, if they `may_go_on`. It may be given the same once more if it fails. It is
    called when so many have ended `together`, or the first of them as long as HOLD ago.
    """
    count = 0
    window: set[asyncio.Task[T]] = set()
    ended: set[asyncio.Task[T]] = set()
    try:
        while True:
            room = size - len(window) + len(ended) if may_go_on() else 0
            new = await turn(ended, room) if ended or room else set()
            count += len(new)
            window = window - ended | new
            if not window:
                return count
            ended = await _ended(window, together)
    except Exception:
        # The database was away for a moment: what is not noted down would go out again.
        if window:
            await asyncio.wait(window)
            await turn(window, 0)
        raise
    finally:
        # Stopped in between: what went out by now is kept, the rest comes back by itself.
        for task in window:
            task.cancel()
        if window:
            await asyncio.wait(window)


async def _ended(window: Set[asyncio.Task[T]], together: int) -> set[asyncio.Task[T]]:
    """Wait until so many have ended, but not for long once the first has."""
    ended, others = await asyncio.wait(window, return_when=asyncio.FIRST_COMPLETED)
    with suppress(TimeoutError):
        async with asyncio.timeout(HOLD.total_seconds()):
            while others and len(ended) < together:
                more, others = await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
                ended |= more
    return ended
