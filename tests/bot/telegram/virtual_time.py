"""Time that passes only when everybody waits for it."""

import asyncio
import heapq
from collections.abc import Coroutine
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualTime:
    def __init__(self) -> None:
        self.now = 1000.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now + seconds, next(self._number), future))
        await future

    async def run(self, *work: Coroutine[Any, Any, T]) -> list[T | BaseException]:
        """Do the work at the same time; what it returned or raised, in order."""
        together = asyncio.gather(*work, return_exceptions=True)
        while True:
            for _ in range(20):
                await asyncio.sleep(0)
            if together.done():
                return list(together.result())
            self.now, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)
