"""Repeating calls that fail on the way: which calls, and for how long.

Telegram and the proxies before it answer 5xx now and then, with JSON or with a page of HTML, and
connections drop. Whether the call was carried out is then unknown.

* ``answer...``, ``edit...``, ``delete...``, ``get...`` and ``set...`` calls leave the same state
  when they are made twice, so they are repeated, for about as long as a person waits.
* ``send...`` calls would show a message twice. They are repeated only when it is certain that
  nothing was sent: the connection could not be made.
* ``getUpdates`` is repeated once, when the connection drops; `ingress` sees to the rest.

A repeated call may be refused because the first one was carried out after all ("message is not
modified"). That counts as success. `pacing` decides what happens after a 429.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from telegram.error import NetworkError

log = logging.getLogger(__name__)

Result = tuple[int, bytes] | NetworkError
"""Status and body of an answer, or why there is none."""

PAUSES = (0.1, 0.4, 1.0, 2.0)
"""Seconds between attempts."""

_REPEATABLE = re.compile(r"(?:answer|delete|edit|get|set)[A-Za-z]+")
_CARRIED_OUT_BEFORE = (
    b"message is not modified",
    b"query is too old",
    b"message to delete not found",
)
_SUCCESS = HTTPStatus.OK.value, json.dumps({"ok": True, "result": True}).encode()


class DroppedError(NetworkError):
    """The connection was closed before an answer came; the call may have been carried out."""

    __slots__ = ()


class NotSentError(NetworkError):
    """The connection could not be made; nothing has been carried out."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits in seconds: no attempt begins after `seconds`, none lasts longer than `attempt`.

    Telegram waits ten seconds for the answer to a pre-checkout query, and the decision may take
    six of them; a person waits for a screen about as long.
    """

    seconds: float
    attempt: float


_ANSWERS = Patience(seconds=4.0, attempt=3.0)
_OTHERS = Patience(seconds=6.0, attempt=5.0)


def patience_of(method: str) -> Patience | None:
    """Return the limits of a call that is always safe to repeat; None for other calls."""
    if method == "getUpdates" or not _REPEATABLE.fullmatch(method):
        return None
    return _ANSWERS if method.startswith("answer") else _OTHERS


async def repeated(
    attempt: Callable[[], Awaitable[Result]],
    method: str,
    patience: Patience | None,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Result:
    """Make a call until it has an answer or may not be repeated; return the last result."""
    until = clock() + (patience or _OTHERS).seconds
    maybe_carried_out = False
    for number, pause in enumerate(PAUSES):
        result = await attempt()
        if not _has_failed(result):
            break
        # It may be an idle connection that the server has closed; the next one can be fine.
        dropped_first = number == 0 and isinstance(result, DroppedError)
        wait = 0.0 if dropped_first else pause
        if not _may_repeat(result, method, patience, first=number == 0) or clock() + wait > until:
            return result
        maybe_carried_out |= not isinstance(result, NotSentError)
        log.debug("%s is repeated: %s", method, _reason(result))
        await sleep(wait)
    else:
        result = await attempt()
    return _SUCCESS if maybe_carried_out and _was_carried_out(result) else result


def _has_failed(result: Result) -> bool:
    return isinstance(result, NetworkError) or result[0] >= HTTPStatus.INTERNAL_SERVER_ERROR


def _may_repeat(result: Result, method: str, patience: Patience | None, *, first: bool) -> bool:
    if method == "getUpdates":
        return first and isinstance(result, DroppedError)
    return patience is not None or isinstance(result, NotSentError)


def _was_carried_out(result: Result) -> bool:
    if isinstance(result, NetworkError) or result[0] != HTTPStatus.BAD_REQUEST:
        return False
    return any(reason in result[1].lower() for reason in _CARRIED_OUT_BEFORE)


def _reason(result: Result) -> str:
    return result.message if isinstance(result, NetworkError) else f"status {result[0]}"
