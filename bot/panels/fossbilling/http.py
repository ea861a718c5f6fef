"""Calls to a FOSSBilling over HTTP: `POST /api/{role}/{module}/{method}` with JSON.

Whether a call worked stands in the envelope, hardly ever in the HTTP status. A read that fails on
the way is repeated a few times; a write is never sent twice. Nothing of a body, neither ours nor
the panel's, and nothing of the token gets into a log or the text of an error, and no error leaves
this module with a cause of aiohttp, which may quote headers.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_after_delay
from tenacity.wait import wait_random_exponential

from bot.panels.fossbilling.answers import Answer, failure, read_answer, result_of
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.errors import (
    NotSentError,
    NoTurnError,
    RefusedError,
    SpentError,
    UnclearError,
)
from bot.panels.fossbilling.values import writable

log = logging.getLogger(__name__)

Observe = Callable[[str, str, float], None]
"""Is told of each call: `role/module/method`, how it ended, and its seconds."""

_PASSING: Final = ("not_connected", "broken_off", "not_json")
"""What is worth another try of a read; a server error is, too, and a time-out is not."""

_KEEP_ALIVE: Final = 60.0
_FAILURES: Final = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that a call may take; a read is tried `reads` times, within `patience` seconds.

    A write waits for its turn for `turn` seconds; with `write` that is well within a call's lease.
    """

    connect: float = 5.0
    read: float = 10.0
    turn: float = 15.0
    write: float = 60.0
    reads: int = 3
    patience: float = 8.0


@dataclass(frozen=True, slots=True)
class Access:
    """Where the panel is, without a slash at the end, and the API key of our staff member."""

    address: str
    token: str = field(repr=False)


def _unobserved(call: str, outcome: str, seconds: float) -> None:
    """Nobody counts."""


@dataclass(slots=True)
class PanelHttp:
    """A panel's API. Its session's cookie is kept: a call without one costs the panel a row.

    At most `at_once` reads run at the same time, and `writes_at_once` writes beside them, so that
    no write stands behind a long reading. Use it in one event loop and close it there.
    """

    access: Access
    budget: Budget
    times: Times = field(default_factory=Times)
    observe: Observe = _unobserved
    at_once: int = 4
    writes_at_once: int = 2
    clock_there: datetime | None = field(default=None, init=False)
    """The panel's own clock, in UTC, as of its latest answer."""

    _session: aiohttp.ClientSession | None = field(default=None, init=False)
    _turns: asyncio.Semaphore = field(init=False)
    _writing: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.at_once)
        self._writing = asyncio.Semaphore(self.writes_at_once)

    async def read(self, call: str, /, *, in_bulk: bool = False, **values: Any) -> Any:
        """Read something; `in_bulk` leaves a part of the hour's calls to others.

        Raises RefusedError, and PanelUnreachableError when there was no answer.
        """
        trying = AsyncRetrying(
            retry=retry_if_exception(_is_passing),
            stop=stop_after_attempt(self.times.reads) | stop_after_delay(self.times.patience),
            wait=wait_random_exponential(multiplier=0.1, max=2),
            reraise=True,
        )
        return await trying(self._read, call, values, in_bulk=in_bulk)

    async def _read(self, call: str, values: dict[str, Any], *, in_bulk: bool) -> Any:
        async with self._turns:
            return await self._call(call, values, seconds=self.times.read, in_bulk=in_bulk)

    async def write(self, call: str, /, **values: Any) -> Any:
        """Write something, once.

        Raises RefusedError and NotSentError when nothing was done, UnclearError when nobody knows.
        """
        async with self._turn_to_write(call):
            return await self._call(call, values, seconds=self.times.write)

    @asynccontextmanager
    async def _turn_to_write(self, call: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.times.turn):
                await self._writing.acquire()
        except TimeoutError:
            raise NoTurnError(call, "no_turn") from None
        try:
            yield
        finally:
            self._writing.release()

    async def page(self, path: str) -> tuple[int, str]:
        """Look at a page of the panel without a login: its status, and where it leads to."""
        try:
            async with (
                self._turns,
                aiohttp.ClientSession(timeout=self._timeout(self.times.read)) as stranger,
                stranger.get(f"{self.access.address}{path}", allow_redirects=False) as response,
            ):
                return response.status, response.headers.get("Location", "")
        except _FAILURES as error:
            raise failure(path, error) from None

    async def close(self) -> None:
        """Close its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _call(
        self, call: str, values: dict[str, Any], *, seconds: float, in_bulk: bool = False
    ) -> Any:
        body = json.dumps(writable(values), default=_written, ensure_ascii=False).encode()
        if not call.startswith("guest/") and not await self.budget.take(bulk=in_bulk):
            raise SpentError(call, "budget_spent")
        begun, outcome = time.perf_counter(), "cut_off"
        try:
            answer = await self._post(call, body, seconds)
            result = result_of(call, answer)
            outcome = "ok"
        except (UnclearError, NotSentError) as error:
            outcome = error.reason
            raise
        except RefusedError:
            outcome = "refused"
            raise
        finally:
            took = time.perf_counter() - begun
            self.observe(call, outcome, took)
            log.debug("%s: %s after %d ms", call, outcome, took * 1000)
        return result

    async def _post(self, call: str, body: bytes, seconds: float) -> Answer:
        address = f"{self.access.address}/api/{call}"
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if not call.startswith("guest/"):
            headers["Authorization"] = aiohttp.encode_basic_auth("admin", self.access.token)
        timeout = self._timeout(seconds)
        try:
            async with self._open().post(
                address, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                answer = await read_answer(response)
        except _FAILURES as error:
            raise failure(call, error) from None
        self.clock_there = answer.clock
        if answer.is_limited and "Authorization" in headers:
            self.budget.close(answer.retry_after)
        return answer

    def _timeout(self, seconds: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=seconds, sock_connect=self.times.connect)

    def _open(self) -> aiohttp.ClientSession:
        """The session, opened at the first call, since that needs a running event loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE),
                # A panel may be known by a number instead of a name.
                cookie_jar=aiohttp.CookieJar(unsafe=True),
            )
        return self._session


def _is_passing(error: BaseException) -> bool:
    reason = error.reason if isinstance(error, (UnclearError, NotSentError)) else ""
    return reason in _PASSING or reason.startswith("http_5")


def _written(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"not to be written as JSON: {type(value).__name__}")
