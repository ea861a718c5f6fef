"""HTTP to Telegram over one pooled aiohttp session.

python-telegram-bot's own HTTP client is not used: it takes four fifths of the bot's processor time
per update, keeps idle connections for only five seconds, and gets slower with concurrency.

Every Bot API address contains the bot's token, and aiohttp puts addresses into its errors. So no
error leaves this module with a cause, a context or a text of aiohttp; it only says what happened.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeAlias

import aiohttp
import orjson
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.echoes import without_echoes
from bot.telegram.repeating import DroppedError, NotSentError, Result, patience_of, repeated

KEEP_ALIVE = 60.0
"""Seconds that an idle connection is kept: most first taps then need no new TLS handshake."""

DNS_SECONDS = 300
_TOKEN = re.compile(rb"\d+(?::|%3[aA])[A-Za-z0-9_-]{20,}")
_JSON = {"Content-Type": "application/json"}
_DROPS = (
    aiohttp.ServerDisconnectedError,
    aiohttp.ClientOSError,
    aiohttp.ClientPayloadError,
    ConnectionError,
)
_SERVER_ERROR = HTTPStatus.INTERNAL_SERVER_ERROR
_NOT_SENT = "Telegram could not be reached in time; the request was not sent"
_NO_ANSWER = "Telegram did not answer in time; the request may have been carried out"

# What BaseRequest hands over: seconds, None for "for ever", or its marker for "as configured".
Seconds: TypeAlias = Any


class AiohttpRequest(BaseRequest):
    """A pooled keep-alive transport; all timeouts are in seconds, None means no limit.

    One instance may serve both as ``request`` and as ``get_updates_request`` of a bot: a long
    poll takes one of the `connections` and brings its own longer read timeout. `hide` removes the
    settings' secrets from what is not an answer of Telegram.
    """

    __slots__ = (
        "_connect_timeout", "_connections", "_hide", "_media_write_timeout", "_pool_timeout",
        "_proxy", "_read_timeout", "_session", "_sleep", "_write_timeout",
    )  # fmt: skip

    def __init__(
        self,
        *,
        connections: int = 256,
        connect_timeout: float | None = 5.0,
        read_timeout: float | None = 10.0,
        write_timeout: float | None = 5.0,
        media_write_timeout: float | None = 20.0,
        pool_timeout: float | None = 5.0,
        proxy: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        hide: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self._connections = connections
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._media_write_timeout = media_write_timeout
        self._pool_timeout = pool_timeout
        self._proxy = proxy
        self._sleep = sleep
        self._hide = hide
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer when a call does not say otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool; doing it twice changes nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections,
                    keepalive_timeout=KEEP_ALIVE,
                    ttl_dns_cache=DNS_SECONDS,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close every connection; `initialize` opens the pool again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer without its copies of the bot's own messages."""
        try:
            answer = orjson.loads(payload)
        except orjson.JSONDecodeError:
            # Half of a surrogate pair, for example: the standard library is less strict.
            answer = BaseRequest.parse_json_payload(payload)
        return without_echoes(answer)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and return its status and body.

        TimedOut if a limit is reached, NetworkError for everything else that goes wrong on the
        way; both only after the call was repeated as often as allowed (`repeating`).
        """
        name = url.rpartition("/")[2]
        with_files = request_data is not None and request_data.contains_files
        patience = None if with_files else patience_of(name)
        limits = self._limits(
            read=_timeout(read_timeout, self._read_timeout),
            write=_timeout(
                write_timeout, self._media_write_timeout if with_files else self._write_timeout
            ),
            connect=_timeout(connect_timeout, self._connect_timeout),
            pool=_timeout(pool_timeout, self._pool_timeout),
            bounded=method == "POST",
            most=None if patience is None else patience.attempt,
        )
        answer = await repeated(
            lambda: self._attempt(method, url, request_data, limits),
            name,
            patience,
            sleep=self._sleep,
        )
        if isinstance(answer, NetworkError):
            raise answer
        return answer

    async def _attempt(
        self, method: str, url: str, data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> Result:
        """Return the answer or the error; raised here, the error would carry aiohttp's along."""
        if self._session is None:
            raise RuntimeError("This AiohttpRequest is not initialized")
        body, headers = _body(data)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                payload = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return _translated(error)
        if response.status >= HTTPStatus.MULTIPLE_CHOICES or not payload.startswith(b"{"):
            # A proxy's error page may repeat the request, and its text ends up in an exception.
            payload = self._hide(_TOKEN.sub(b"***", payload))
        return response.status, payload

    @staticmethod
    def _limits(
        *,
        read: float | None,
        write: float | None,
        connect: float | None,
        pool: float | None,
        bounded: bool,
        most: float | None,
    ) -> aiohttp.ClientTimeout:
        """Make aiohttp's limits; it has none for writing, so the sum of all four limits a call.

        A call that can be repeated takes no longer than `most` seconds each time. Where there is
        a sum, none is set for reading: aiohttp would set its timer anew at every piece of data.
        """
        opening = None if connect is None or pool is None else connect + pool
        total = None
        if bounded and opening is not None and read is not None and write is not None:
            total = opening + write + read
        if most is not None:
            total = most if total is None else min(most, total)
        return aiohttp.ClientTimeout(
            total=total,
            connect=opening,
            sock_connect=connect,
            sock_read=read if total is None else None,
        )


def _timeout(seconds: Seconds, default: float | None) -> float | None:
    """The call's own timeout, unless it is the marker that stands for the default."""
    if seconds is BaseRequest.DEFAULT_NONE:
        return default
    return None if seconds is None else float(seconds)


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """The parameters as JSON, or as multipart when there are files.

    Telegram takes a form as well, but escaping a screen's text and buttons for one costs as much
    as drawing the screen.
    """
    if data is None:
        return None, {}
    if not data.contains_files:
        return orjson.dumps(data.parameters), _JSON
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form, {}


def _translated(error: Exception) -> NetworkError:
    """Return PTB's error for a failure, made from its kind alone and never from its text."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return TimedOut(_NOT_SENT)
    if isinstance(error, TimeoutError):
        return TimedOut(_NO_ANSWER)
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError):
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else kind
        return NotSentError(f"Telegram could not be reached: {reason}")
    if isinstance(error, aiohttp.ClientHttpProxyError) and error.status >= _SERVER_ERROR:
        return NotSentError(f"The proxy could not reach Telegram ({error.status})")
    if isinstance(error, _DROPS):
        return DroppedError(
            f"Telegram closed the connection before its answer was complete ({kind})"
        )
    return NetworkError(f"The request to Telegram failed ({kind})")
