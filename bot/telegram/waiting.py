"""Waiting for an event or a moment of the monotonic clock."""

import asyncio
import time


async def happens(event: asyncio.Event, by: float | None) -> bool:
    """Wait for an event until a time of the monotonic clock; return whether it happened."""
    try:
        async with asyncio.timeout(None if by is None else max(0.0, by - time.monotonic())):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def until(moment: float) -> None:
    """Sleep until a time of the monotonic clock."""
    await asyncio.sleep(max(0.0, moment - time.monotonic()))
