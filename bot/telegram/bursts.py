"""Telling a person, once and at the end, that some of their many updates were left out."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from telegram import Update, User
from telegram.constants import ChatType

QUIET_SECONDS = 1.0
"""A burst is over after so many seconds without updates."""

_LOOK_SECONDS = 0.25
_RELEASED_AT_ONCE = 10
_TAPS_KEPT = 500
"""Further taps would be answered too late: their waiting sign ends after 15 seconds."""


class Replies(Protocol):
    """Replies to the chat; neither method raises when Telegram refuses."""

    async def release(self, query_ids: Sequence[str]) -> None:
        """Stop the waiting sign of taps that are left out."""

    async def explain(self, user: User, *, query_id: str | None, in_private: bool) -> None:
        """Say once that something was left out: as the answer to a tap, else as a message."""


class Burst:
    """Updates of one person that are left out, from the first one to a quiet moment.

    `is_idle` says whether the accepted updates have been handled, because the sentence comes last.
    """

    __slots__ = (
        "_closing", "_in_private", "_is_idle", "_last", "_newest", "_quiet_seconds", "_replies",
        "_taps", "_user", "count",
    )  # fmt: skip

    def __init__(
        self, replies: Replies | None, *, is_idle: Callable[[], bool], quiet_seconds: float
    ) -> None:
        self._replies = replies
        self._is_idle = is_idle
        self._quiet_seconds = quiet_seconds
        self._user: User | None = None
        self._in_private = False
        self._taps: deque[str] = deque(maxlen=_TAPS_KEPT)
        self._newest: str | None = None
        """The newest update's query if it is a tap, because its answer can be the sentence."""
        self._last = 0.0
        self._closing = asyncio.Event()
        self.count = 0

    def add(self, update: Update) -> None:
        """Leave out one more update."""
        self.count += 1
        self._last = _now()
        self._user = update.effective_user or self._user
        chat = update.effective_chat
        self._in_private |= chat is not None and chat.type == ChatType.PRIVATE
        if self._newest is not None:
            self._taps.append(self._newest)
        self._newest = None if update.callback_query is None else update.callback_query.id

    @property
    def goes_on(self) -> bool:
        """Return whether an update that comes now still belongs to the burst."""
        return _now() < self._last + self._quiet_seconds

    async def end(self) -> None:
        """Wait until the burst and the accepted updates are over; stop waiting signs meanwhile."""
        while self.goes_on or self._taps or not self._is_idle():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._closing.wait()
                    return
            await self._release()

    async def explain(self) -> None:
        """Tell the person, once."""
        if self._replies is not None and self._user is not None:
            await self._replies.explain(
                self._user, query_id=self._newest, in_private=self._in_private
            )

    def close(self) -> None:
        """End the burst now, because the process stops."""
        self._closing.set()

    async def _release(self) -> None:
        """Stop only some waiting signs at a time, so that others' answers are not delayed."""
        some = [self._taps.popleft() for _ in range(min(len(self._taps), _RELEASED_AT_ONCE))]
        if some and self._replies is not None:
            await self._replies.release(some)


def _now() -> float:
    return asyncio.get_running_loop().time()
