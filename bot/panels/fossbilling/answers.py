"""What an answer of the panel means: a result, a refusal, or nothing that one can rely on."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from billing.ports.connected import PanelUnreachableError
from bot.panels.fossbilling.errors import (
    PHP_ERROR,
    NotSentError,
    RefusedError,
    SpentError,
    UnclearError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response: `clock` is the panel's own, `retry_after` is in seconds."""

    status: int
    body: bytes
    clock: datetime | None
    retry_after: float | None

    @property
    def is_limited(self) -> bool:
        """Whether there were too many calls."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS


async def read_answer(response: aiohttp.ClientResponse) -> Answer:
    """Read a response to its end."""
    headers = response.headers
    return Answer(
        response.status,
        await response.read(),
        _clock(headers.get("Date")),
        _seconds(headers.get("Retry-After")),
    )


def result_of(call: str, answer: Answer) -> Any:
    """The result in the envelope, whatever the status, unless the status says more.

    Raises RefusedError, NotSentError or UnclearError.
    """
    if answer.is_limited:
        raise SpentError(call, "rate_limited")
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        raise UnclearError(call, "redirect")
    envelope = _envelope(answer.body)
    error = envelope["error"] if envelope else None
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and error:
        raise NotSentError(call, "maintenance")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise UnclearError(call, f"http_{answer.status}")
    if envelope is None:
        raise UnclearError(call, "not_json")
    if error is None:
        return envelope["result"]
    refusal = _refusal(call, error)
    if refusal.code == PHP_ERROR or refusal.message.startswith("SQLSTATE"):
        # The panel's source or its database has broken off, after what it had done by then: what
        # it does not find may be there, and what it has not confirmed may be done.
        raise UnclearError(call, f"code_{refusal.code}")
    raise refusal


def failure(call: str, error: Exception) -> PanelUnreachableError:
    """Name what went wrong on the way: before the call was sent, or after.

    An error of aiohttp may quote headers; this one says one word.
    """
    if isinstance(error, aiohttp.ClientSSLError):
        return NotSentError(call, "certificate")
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return NotSentError(call, "not_connected")
    if isinstance(error, aiohttp.InvalidURL):
        return NotSentError(call, "bad_address")
    return UnclearError(call, "timed_out" if isinstance(error, TimeoutError) else "broken_off")


def _envelope(body: bytes) -> dict[str, Any] | None:
    """The answer; None for what is none, such as a page of a proxy."""
    try:
        answer = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) and {"result", "error"} <= answer.keys() else None


def _refusal(call: str, error: object) -> RefusedError:
    stated = error if isinstance(error, dict) else {}
    code = str(stated.get("code"))
    number = int(code) if code.isascii() and code.isdecimal() else 0
    return RefusedError(call, number, str(stated.get("message", "")))


def _clock(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC) if header else None
    except ValueError:
        return None


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdecimal() else None
