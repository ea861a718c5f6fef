"""Running a bot's coroutine with less processor time."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

COLLECT_AT = (10_000, 20, 50)
"""How many new objects make Python look for unused ones. By default it looks several times in
every tap, and finds nothing: most objects end with their tap."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine until it ends, as `asyncio.run` does."""
    gc.set_threshold(*COLLECT_AT)
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        return runner.run(main)


def _new_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's loop, whose callbacks and timers take less time.

    It exists for Linux and macOS; elsewhere this is Python's own.
    """
    try:
        import uvloop  # noqa: PLC0415 - only a bot that runs needs it
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
