"""The queue of updates: what getUpdates and the webhook hand out, until the bot confirms it.

As at Telegram an update stays until it is confirmed, so a bot that dies in between gets it again;
taps and pre-checkout queries go stale after 150 seconds, messages after a day (Client.cpp of
tdlib/telegram-bot-api, from which the two rules for hasty pollers come as well).
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice, takewhile

from bot.sandbox.errors import ApiError, Json

LIFETIMES = {"callback_query": 150.0, "pre_checkout_query": 150.0}
DAY = 86_400.0
_FIRST_ID = 700_000_001
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_SAME_OFFSET_SECONDS = 0.5
_HASTY_SECONDS = 3.0
OTHER_POLLER = (
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
        self._waiting: dict[int, _Waiting] = {}
        self._next_id = _FIRST_ID
        self._poller: asyncio.Future[None] | None = None
        self._last_poll = (0, -_HASTY_SECONDS)
        self._closed = False
        self.allowed: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, kind: str, body: Json, *, twice: bool = False) -> None:
        """Add an update; `twice` delivers it once more after it was confirmed."""
        if not self._wanted(kind):
            return
        update_id = self._next_id
        self._next_id += 1
        stale_at = self._stopwatch() + LIFETIMES.get(kind, DAY)
        update = {"update_id": update_id, kind: body}
        self._waiting[update_id] = _Waiting(update, stale_at, again=twice)
        self.wake()

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    def allow(self, kinds: Iterable[str]) -> None:
        """Deliver only these kinds from now on; none means Telegram's default set."""
        self.allowed = frozenset(kinds)

    def take(self) -> Json | None:
        """Return the oldest update and confirm it, for a bot in this process."""
        for update_id, first in self._waiting.items():
            self.confirm_one(update_id)
            return first.update
        return None

    def confirm_one(self, update_id: int) -> None:
        """Forget one update, unless it has to come twice."""
        confirmed = self._waiting.get(update_id)
        if confirmed is None:
            return
        if confirmed.again:
            confirmed.again = False
        else:
            del self._waiting[update_id]

    def confirm(self, offset: int) -> None:
        """Forget updates below `offset`; a negative one keeps that many from the end."""
        if offset < 0:
            self._waiting = dict(list(self._waiting.items())[offset:])
            return
        for update_id in list(takewhile(lambda number: number < offset, self._waiting)):
            self.confirm_one(update_id)

    async def get(self, *, offset: int, limit: int, seconds: float) -> list[Json]:
        """Return up to `limit` updates from `offset` on, waiting at most `seconds` for one."""
        self.abort(OTHER_POLLER)
        limit, seconds = self._slowed(offset, limit, seconds)
        if offset:
            self.confirm(offset)
        updates = self.fresh(limit)
        if not updates and seconds > 0:
            await self.arrival(seconds)
            updates = self.fresh(limit)
        return updates

    def _slowed(self, offset: int, limit: int, seconds: float) -> tuple[int, float]:
        """Slow a poller down that asks again for the same, as Telegram does."""
        before, at = self._last_poll
        now = self._stopwatch()
        self._last_poll = (offset, now)
        if offset != before:
            return limit, seconds
        hasty = now - at < _HASTY_SECONDS and seconds < _HASTY_SECONDS
        again = now - at < _SAME_OFFSET_SECONDS
        return 1 if again else limit, _HASTY_SECONDS if hasty else seconds

    async def arrival(self, seconds: float) -> None:
        """Wait for an update, no longer than `seconds`; a 409 ends it when another one polls."""
        if self._closed:
            return
        self._poller = poller = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poller
        except TimeoutError:
            return

    def fresh(self, limit: int) -> list[Json]:
        """Return up to `limit` updates that have not gone stale."""
        now = self._stopwatch()
        fresh = (item.update for item in self._waiting.values() if item.stale_at > now)
        return list(islice(fresh, limit))

    def is_fresh(self, update_id: int) -> bool:
        """Return whether an update still waits and has not gone stale."""
        item = self._waiting.get(update_id)
        return item is not None and item.stale_at > self._stopwatch()

    def clear(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()

    def abort(self, reason: str) -> None:
        """End a waiting consumer with a 409."""
        if self._poller and not self._poller.done():
            self._poller.set_exception(ApiError(409, reason))

    def wake(self) -> None:
        """Let a waiting consumer look again."""
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    def close(self) -> None:
        """Let a waiting consumer go; nobody waits any more."""
        self._closed = True
        self.wake()
