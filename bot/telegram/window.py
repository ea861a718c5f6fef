"""The fetched updates that are not acknowledged yet."""

import asyncio

REMEMBERED = 1000


class Window:
    """The updates from the oldest unfinished one on, in order of arrival.

    They are not ordered by number: after a quiet week Telegram continues with a random number.
    Finished updates leave only in `advance`, and the last thousand that left are remembered,
    because an answer on its way, or one that Telegram repeats, may still contain them.
    """

    __slots__ = ("_finished", "_last", "_left", "idle", "moved", "unfinished")

    def __init__(self) -> None:
        self._finished: dict[int, bool] = {}
        self._left: dict[int, None] = {}
        self._last: int | None = None
        self.unfinished = 0
        self.moved = asyncio.Event()
        """The oldest one has been finished since the last `advance`."""
        self.idle = asyncio.Event()
        """Nothing is unfinished."""
        self.idle.set()

    def __len__(self) -> int:
        return len(self._finished)

    def advance(self) -> int | None:
        """Drop finished updates and return the offset to ask for; None before the first update."""
        self.moved.clear()
        while (first := self._first()) is not None and self._finished[first]:
            del self._finished[first]
            self._left[first] = None
            self._last = first
        while len(self._left) > REMEMBERED:
            del self._left[next(iter(self._left))]
        if first is not None:
            return first
        return None if self._last is None else self._last + 1

    def add(self, update_id: int) -> bool:
        """Add an update; False if it is or was here already, running or finished."""
        if update_id in self._finished or update_id in self._left:
            return False
        self._finished[update_id] = False
        self.unfinished += 1
        self.idle.clear()
        return True

    def finish(self, update_id: int) -> None:
        """Mark an update as handled; the second time changes nothing."""
        if self._finished.get(update_id, True):
            return
        self._finished[update_id] = True
        self.unfinished -= 1
        if self.unfinished == 0:
            self.idle.set()
        if update_id == self._first():
            self.moved.set()

    def _first(self) -> int | None:
        return next(iter(self._finished), None)
