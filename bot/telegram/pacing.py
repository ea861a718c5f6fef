"""How fast calls go out: answers at once, conversations at chat speed, bulk with what is left.

Telegram asks for about one message a second in a chat, short bursts allowed, twenty a minute in a
group, and thirty a second for the whole bot when it writes unasked (bots FAQ). One shared queue
for all of that makes a tap wait behind a broadcast, and a payment behind a flood in somebody
else's chat. So calls go in lanes:

* ``answer...`` and ``get...`` calls, pre-checkout answers among them, never wait for others. If
  Telegram itself asks for a pause of a few seconds at most, such a call is repeated after it.
* A conversation (no ``rate_limit_args``) waits for its own chat only.
* ``"prompt"``, receipts and an operator's answers, does the same but has more patience.
* ``"bulk"``, reminders and news, waits for its chat and for the whole bot's pace. Messages of the
  other lanes are counted there, so bulk gives way to them and never they to it.

A group has one pace for everybody in it, and what is sent there unasked (``"prompt"``) may be a
dozen messages at once, such as the orders of a night. So these take no place ahead: each waits
until one is free, and an answer to somebody who taps in the group goes before all of them.

An edit costs less than a message. A person who taps quickly through pages causes one edit per tap,
and no new message with a notification. If an edit cost as much as a message, the fourth quick tap
would already wait a second, and the person's next taps behind it. So calls that create no message
take a third of a place in the chat's bucket: nine quick taps pass at once, then three a second,
which is faster than people read. After any number of taps a new message waits a second at most.

When Telegram refuses a call (429), the chat and the bulk lane pause for as long as it asks, and
the call is tried again a few times. No call waits longer than the lane's patience: a longer pause
is raised as RetryAfter at once, because a sleeping handler holds up its person, and the outbox can
plan the time better.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.telegram.bucket import Bucket
from bot.telegram.floods import flood, seconds_of

log = logging.getLogger(__name__)

Lane = Literal["prompt", "bulk"]
"""What ``rate_limit_args`` of a call may be; without it the call belongs to a conversation."""

Answer = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[..., Coroutine[Any, Any, Answer]]

_PATIENCE: dict[Lane | None, float] = {None: 10.0, "prompt": 30.0, "bulk": 30.0}
_ANSWER_PATIENCE = 3.0
"""Seconds; Telegram waits ten for the answer to a pre-checkout query, from its sending on."""
_PRUNE_SECONDS = 60.0
_CREATES_MESSAGE = ("send", "copy", "forward")


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages per second and how many may go at once; `retries` after a 429.

    Within any minute a group gets what may go at once and then `per_group`: twenty together.
    """

    per_chat: float = 1.0
    chat_burst: int = 3
    per_group: float = 17 / 60
    edit_cost: float = 1 / 3
    bulk_per_second: float = 25.0
    bulk_burst: int = 5
    retries: int = 2


class PacedRateLimiter(BaseRateLimiter[Lane]):
    """The lanes of this module for one process; `clock` gives monotonic seconds."""

    __slots__ = ("_bulk", "_chats", "_clock", "_pace", "_pruned_at", "_sleep")

    def __init__(
        self,
        pace: Pace | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = pace or Pace()
        self._clock = clock
        self._sleep = sleep
        self._pruned_at = clock()
        self._chats: dict[str, Bucket] = {}
        self._bulk = Bucket(
            rate=self._pace.bulk_per_second, burst=self._pace.bulk_burst, now=clock()
        )

    @property
    def chats(self) -> int:
        """Return how many chats have a bucket, because of recent calls or a pause."""
        return len(self._chats)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Answer:
        """Make the call when its lane allows it; RetryAfter if that would take too long."""
        if endpoint.startswith(("answer", "get")):
            return await self._answer(lambda: callback(*args, **kwargs))
        self._prune()
        patience = _PATIENCE[rate_limit_args]
        tries_left = self._pace.retries
        while True:
            await self._turn(endpoint, data, rate_limit_args)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as refusal:
                pause = seconds_of(refusal)
                self._pause(endpoint, data, pause)
                if tries_left == 0 or pause > patience:
                    raise
                tries_left -= 1

    async def _answer(self, call: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """Make a call that does not wait for others; repeat it after a short 429 of its own."""
        until = self._clock() + _ANSWER_PATIENCE
        while True:
            try:
                return await call()
            except RetryAfter as refusal:
                pause = seconds_of(refusal)
                if self._clock() + pause > until:
                    raise
            await self._sleep(pause)

    async def _turn(self, endpoint: str, data: dict[str, Any], lane: Lane | None) -> None:
        """Wait for the chat's turn and, in the bulk lane, for the bot's."""
        new_message = _creates_message(endpoint)
        cost = self._cost(data, new_message=new_message)
        while True:
            chat = self._chat(endpoint, data)
            if lane is not None and _is_group(data):
                await self._wait_behind(chat, cost, patience=_PATIENCE[lane])
            else:
                await self._take(chat, cost, patience=_PATIENCE[lane])
            if lane != "bulk":
                if new_message:
                    self._bulk.charge(self._clock(), 1)
                return
            pauses = chat.pauses
            await self._take(self._bulk, 1, patience=_PATIENCE[lane])
            if chat.pauses == pauses:
                return

    async def _take(self, bucket: Bucket, cost: float, *, patience: float) -> None:
        """Wait for a place in the bucket; take another one if the bucket was paused meanwhile."""
        while True:
            wait = bucket.take(self._clock(), cost)
            if wait <= 0:
                return
            if wait > patience:
                bucket.give_back(cost)
                raise flood(wait)
            pauses = bucket.pauses
            await self._sleep(wait)
            if bucket.pauses == pauses:
                return

    async def _wait_behind(self, bucket: Bucket, cost: float, *, patience: float) -> None:
        """Wait until a place is free, and let whoever takes one meanwhile go first."""
        until = self._clock() + patience
        while (wait := bucket.take(self._clock(), cost)) > 0:
            bucket.give_back(cost)
            if self._clock() + wait > until:
                raise flood(wait)
            await self._sleep(wait)

    def _pause(self, endpoint: str, data: dict[str, Any], pause: float) -> None:
        until = self._clock() + pause
        self._chat(endpoint, data).pause(until)
        self._bulk.pause(until)
        log.warning("Telegram asks to wait %s s before the next %s", pause, endpoint)

    def _cost(self, data: dict[str, Any], *, new_message: bool) -> float:
        if data.get("chat_id") is None:
            return 0
        return 1 if new_message else self._pace.edit_cost

    def _chat(self, endpoint: str, data: dict[str, Any]) -> Bucket:
        """The bucket of the call's chat; a call without a chat only shares the pauses."""
        chat_id = data.get("chat_id")
        key = f"method {endpoint}" if chat_id is None else str(chat_id)
        bucket = self._chats.get(key)
        if bucket is None:
            rate = self._pace.per_group if _is_group(data) else self._pace.per_chat
            bucket = Bucket(rate=rate, burst=self._pace.chat_burst, now=self._clock())
            self._chats[key] = bucket
        return bucket

    def _prune(self) -> None:
        """Forget chats whose bucket is full again, because a new bucket would be the same."""
        now = self._clock()
        if now - self._pruned_at < _PRUNE_SECONDS:
            return
        self._pruned_at = now
        self._chats = {key: b for key, b in self._chats.items() if not b.is_full(now)}


def _is_group(data: dict[str, Any]) -> bool:
    """Groups and channels have negative ids or public names."""
    return str(data.get("chat_id", "")).startswith(("-", "@"))


def _creates_message(endpoint: str) -> bool:
    return endpoint.startswith(_CREATES_MESSAGE) and endpoint != "sendChatAction"
