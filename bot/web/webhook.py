"""The endpoint to which Telegram posts updates: 200 means that an update has been handled.

Telegram posts the messages of a chat one after the other and goes on only after a 2xx answer; a
person's taps and pre-checkout queries come beside them. Whatever else is answered, or not at all,
comes again. So nothing is lost when a process dies, and every action is safe to do twice. Within
this process the gate keeps the updates of one person in order (`bot/telegram/gate.py`).
"""

import hmac
import logging
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.web.address import SECRET_HEADER
from bot.web.bodies import RefusedError, read_update
from bot.web.intake import Intake

log = logging.getLogger(__name__)

RETRY_SECONDS = 1
"""Seconds after which Telegram should post again what was not taken."""


class Webhook:
    """An ASGI application; at most `max_in_flight` requests are under way at once."""

    def __init__(self, intake: Intake, *, secret: str, max_in_flight: int) -> None:
        self._intake = intake
        self._secret = secret.encode()
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            self._check_secret(scope)
            await self._take(scope, receive)
            response = Response(status_code=200)
        except RefusedError as error:
            response = _refusal(error)
        await response(scope, receive, send)

    def _check_secret(self, scope: Scope) -> None:
        given = Headers(scope=scope).get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("latin-1", "replace"), self._secret):
            log.warning("A request without the webhook's secret was refused")
            raise RefusedError(403)

    async def _take(self, scope: Scope, receive: Receive) -> None:
        if self._intake.is_stopping or self._in_flight >= self._max_in_flight:
            raise RefusedError(503, retry_after=RETRY_SECONDS)
        self._in_flight += 1
        try:
            update: dict[str, Any] = await read_update(scope, receive)
            if not await self._intake.take(update):
                raise RefusedError(503, retry_after=RETRY_SECONDS)
        finally:
            self._in_flight -= 1


def _refusal(error: RefusedError) -> Response:
    """The rest of the body may never be read, so the connection ends with the answer."""
    headers = {"Connection": "close"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return Response(status_code=error.status, headers=headers)
