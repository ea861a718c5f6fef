"""The body of a posted update, read no further than the limit."""

import asyncio
import json
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

LIMIT = 1024 * 1024
"""Bytes; Telegram's largest updates are some tens of thousands."""

SECONDS = 10.0
"""Seconds in which a body has to arrive."""

_FIRST_UNUSED = 2**63


class RefusedError(Exception):
    """A request that is answered with this status; `retry_after` seconds where it may help."""

    def __init__(self, status: int, *, retry_after: int | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after


async def read_update(scope: Scope, receive: Receive) -> dict[str, Any]:
    """Return the update in a request's body; RefusedError if it is none, too large or too slow."""
    stated = Headers(scope=scope).get("content-length", "0")
    if not stated.isdecimal() or int(stated) > LIMIT:
        raise RefusedError(413)
    try:
        async with asyncio.timeout(SECONDS):
            body = await _read(receive)
    except TimeoutError:
        raise RefusedError(408) from None
    return parse_update(body)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise RefusedError(400)
        body += event.get("body", b"")
        if len(body) > LIMIT:
            raise RefusedError(413)
        if not event.get("more_body", False):
            return bytes(body)


def _loads(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # Half of a surrogate pair, for example: the standard library is less strict.
        return json.loads(body)


def parse_update(body: bytes) -> dict[str, Any]:
    """Return the update that a body is; RefusedError(400) if it is none."""
    try:
        update = _loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400) from None
    number = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < _FIRST_UNUSED:
        raise RefusedError(400)
    return dict(update)
