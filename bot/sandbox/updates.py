"""The queue of updates: what getUpdates hands out, until the bot confirms it.

As at Telegram an update stays until a higher offset confirms it, so a bot that dies in between
gets it again; taps and pre-checkout queries go stale after 150 seconds, messages after a day
(tdlib/telegram-bot-api, Client.cpp).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from bot.sandbox.errors import ApiError, Json

_FIRST_ID = 700_000_001
_LIFETIMES = {"callback_query": 150.0, "pre_checkout_query": 150.0, "message": 86_400.0}
_DAY = 86_400.0
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(slots=True)
class _Waiting:
    update: Json
    stale_at: float
    again: bool


class UpdateQueue:
    """Updates in order, one consumer. `stopwatch` counts seconds and never jumps."""

    def __init__(self, stopwatch: Callable[[], float]) -> None:
        self._stopwatch = stopwatch
        self._waiting: deque[_Waiting] = deque()
        self._next_id = _FIRST_ID
        self._allowed: frozenset[str] = frozenset()
        self._poller: asyncio.Future[None] | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, kind: str, body: Json, *, twice: bool = False) -> None:
        """Add an update; `twice` delivers it once more after it was confirmed."""
        if not self._wanted(kind):
            return
        update = {"update_id": self._next_id, kind: body}
        self._next_id += 1
        stale_at = self._stopwatch() + _LIFETIMES.get(kind, _DAY)
        self._waiting.append(_Waiting(update, stale_at, again=twice))
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    def _wanted(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in _NOT_BY_DEFAULT

    def allow(self, kinds: Iterable[str]) -> None:
        """Deliver only these kinds from now on; none means Telegram's default set."""
        self._allowed = frozenset(kinds)

    def take(self) -> Json | None:
        """Remove and return the oldest update, for a bot in this process."""
        if not self._waiting:
            return None
        first = self._waiting.popleft()
        if first.again:
            first.again = False
            self._waiting.appendleft(first)
        return first.update

    def confirm(self, offset: int) -> None:
        """Forget updates below `offset`; a negative one keeps that many from the end."""
        if offset < 0:
            keep = min(-offset, len(self._waiting))
            self._waiting = deque(list(self._waiting)[len(self._waiting) - keep :])
            return
        again: list[_Waiting] = []
        while self._waiting and self._waiting[0].update["update_id"] < offset:
            confirmed = self._waiting.popleft()
            if confirmed.again:
                confirmed.again = False
                again.append(confirmed)
        self._waiting.extendleft(reversed(again))

    async def get(self, *, offset: int, limit: int, seconds: float) -> list[Json]:
        """Return up to `limit` updates from `offset` on, waiting at most `seconds` for one."""
        if self._poller and not self._poller.done():
            self._poller.set_exception(ApiError(409, CONFLICT))
        if offset:
            self.confirm(offset)
        found = self._fresh(limit)
        if found or seconds <= 0 or self._closed:
            return found
        self._poller = poller = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poller
        except TimeoutError:
            return []
        return self._fresh(limit)

    def _fresh(self, limit: int) -> list[Json]:
        now = self._stopwatch()
        fresh = (item.update for item in self._waiting if item.stale_at > now)
        return list(islice(fresh, limit))

    def close(self) -> None:
        """Let a waiting consumer go; nobody waits any more."""
        self._closed = True
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
