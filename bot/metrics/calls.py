"""Counting calls of the Bot API by method: how they ended, how long they took and waited."""

import time
from dataclasses import dataclass
from typing import Any

from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import BaseRateLimiter
from telegram.request import BaseRequest, RequestData

from bot.metrics.meter import Meter
from bot.telegram.floods import seconds_of
from bot.telegram.pacing import Answer, Call, Lane
from bot.turns import current_turn

OUTCOMES: tuple[tuple[type[TelegramError], str], ...] = (
    (RetryAfter, "flood"),
    (Forbidden, "forbidden"),
    (InvalidToken, "forbidden"),
    (BadRequest, "refused"),
    (TimedOut, "timed_out"),
    (NetworkError, "network"),
    (Conflict, "conflict"),
)
"""Telegram's errors as outcomes; the first that fits counts."""

OK, FAILED, CUT_OFF = "ok", "failed", "cut_off"


class CallCounts:
    """The numbers of all calls."""

    def __init__(self, meter: Meter) -> None:
        self.calls = meter.tally("panelik_api_calls", "Calls of the Bot API", "method", "outcome")
        self.seconds = meter.spread(
            "panelik_api_seconds", "How long Telegram took to answer", "method"
        )
        self.floods = meter.tally(
            "panelik_api_floods", "Answers of Telegram that ask to wait (429)", "method"
        )
        self.flood_seconds = meter.tally(
            "panelik_api_flood_seconds", "Seconds for which Telegram asked to wait", "method"
        )
        self.waited = meter.tally(
            "panelik_api_waited_seconds", "Seconds that calls waited for their turn", "method"
        )
        self.polls = meter.tally("panelik_polls", "Requests for updates", "outcome")


class MeasuredLimiter(BaseRateLimiter[Lane]):
    """Counts around another limiter: each attempt, and the time between them."""

    __slots__ = ("_counts", "_inner", "_meter")

    def __init__(self, inner: BaseRateLimiter[Lane], counts: CallCounts, meter: Meter) -> None:
        self._inner = inner
        self._counts = counts
        self._meter = meter

    async def initialize(self) -> None:
        """Open the other limiter."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """Close the other limiter."""
        await self._inner.shutdown()

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Answer:
        """Make the call through the other limiter."""
        attempts = _Attempts(self._counts, self._meter, endpoint, callback)
        begun = time.perf_counter()
        try:
            answer = await self._inner.process_request(
                attempts.make, args, kwargs, endpoint, data, rate_limit_args
            )
        finally:
            waited = time.perf_counter() - begun - attempts.seconds
            self._counts.waited.add(endpoint, by=max(waited, 0.0))
        turn = current_turn()
        if turn is not None and turn.kind != "tick" and is_visible(endpoint, data):
            self._meter.note_answer(turn)
        return answer


@dataclass(slots=True)
class _Attempts:
    """The attempts to make one call, and the seconds that Telegram took for all of them."""

    counts: CallCounts
    meter: Meter
    endpoint: str
    call: Call
    seconds: float = 0.0

    async def make(self, *args: Any, **kwargs: Any) -> Answer:
        """Make one attempt."""
        begun, outcome = time.perf_counter(), CUT_OFF
        with self.meter.spans.call(self.endpoint) as end:
            try:
                answer = await self.call(*args, **kwargs)
                outcome = OK
            except TelegramError as error:
                outcome = outcome_of(error)
                self._note_flood(error)
                raise
            finally:
                seconds = time.perf_counter() - begun
                self.seconds += seconds
                self.counts.seconds.add(self.endpoint, measured=seconds)
                self.counts.calls.add(self.endpoint, outcome)
                end(outcome)
        return answer

    def _note_flood(self, error: TelegramError) -> None:
        if isinstance(error, RetryAfter):
            self.counts.floods.add(self.endpoint)
            self.counts.flood_seconds.add(self.endpoint, by=seconds_of(error))


class MeasuredUpdates(BaseRequest):
    """Counts requests for updates, which pass by every limiter."""

    __slots__ = ("_counts", "_inner", "parse_json_payload")

    def __init__(self, inner: BaseRequest, counts: CallCounts) -> None:
        self._inner = inner
        self._counts = counts
        self.parse_json_payload = inner.parse_json_payload  # type: ignore[method-assign] # PTB's is static

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer."""
        return self._inner.read_timeout

    async def initialize(self) -> None:
        """Open the other request."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """Close the other request."""
        await self._inner.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,
        **more: Any,
    ) -> tuple[int, bytes]:
        """Make the request and count it."""
        outcome = FAILED
        try:
            status, body = await self._inner.do_request(
                url, method, request_data, *timeouts, **more
            )
            outcome = OK if status < 300 else FAILED
        finally:
            self._counts.polls.add(outcome)
        return status, body


def outcome_of(error: TelegramError) -> str:
    """Name the outcome of a call that failed."""
    return next((name for kind, name in OUTCOMES if isinstance(error, kind)), FAILED)


def is_visible(endpoint: str, data: dict[str, Any]) -> bool:
    """Return whether a person sees the call: a message, an edit, or an answer with words."""
    if endpoint == "answerCallbackQuery":
        return bool(data.get("text"))
    return endpoint.startswith(("send", "edit")) and endpoint not in {
        "sendChatAction", "editMessageReplyMarkup",
    }  # fmt: skip
