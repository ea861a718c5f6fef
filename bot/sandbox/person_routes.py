"""The person's side over HTTP: the people, a chat and its events, taps, payments, time.

The page, the tour and tests use it; the bot never does.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox.errors import Json, SandboxError
from bot.sandbox.faults import Fault
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import GROUP_ID, PEOPLE, STAFF
from bot.sandbox.request_bodies import body_of, field_of
from bot.sandbox.visitor import Visitor

Advance = Callable[[timedelta], Awaitable[None] | None]
"""Moves the clock by a distance and lets what has become due happen."""

NextReminder = Callable[[], Awaitable[datetime | None]]
"""Returns the instant of the next reminder, if there is one."""

_HEARTBEAT_SECONDS = 15.0


class PersonRoutes:
    """The handlers; without `advance` and `next_reminder_at` the clock cannot be moved."""

    def __init__(
        self,
        api: BotApi,
        *,
        advance: Advance | None,
        next_reminder_at: NextReminder | None,
        mailbox: Mailbox | None,
    ) -> None:
        self._api = api
        self._advance = advance
        self._next_reminder_at = next_reminder_at
        self._mailbox = mailbox

    def routes(self) -> list[BaseRoute]:
        """Return the map of the person API below `/sandbox`."""
        chat = "/chats/{user_id:int}"
        return [
            Route("/people", self._people),
            Route(chat, self._snapshot),
            Route(chat + "/events", self._events),
            Route(chat + "/send", self._send, methods=["POST"]),
            Route(chat + "/tap", self._tap, methods=["POST"]),
            Route(chat + "/pay", self._pay, methods=["POST"]),
            Route(chat + "/files/{file_id}", self._file),
            Route(chat + "/photos/{file_id}", self._photo),
            Route(chat + "/block", self._block, methods=["POST"]),
            Route(chat + "/unblock", self._unblock, methods=["POST"]),
            Route("/callbacks/{query_id}", self._callback),
            Route("/mails", self._mails),
            Route("/clock", self._clock, methods=["GET", "POST"]),
            Route("/faults", self._faults, methods=["POST", "DELETE"]),
        ]

    def _visitor(self, request: Request) -> Visitor:
        chat = request.query_params.get("chat")
        if chat not in (None, str(GROUP_ID)):
            raise SandboxError("only the group is open to others")
        return self._api.visitor(request.path_params["user_id"], int(chat) if chat else None)

    async def _people(self, _request: Request) -> Response:
        people = self._api.world.people
        cards = [people[person.id].card() for person in PEOPLE]
        seats = [people[one.id].card(GROUP_ID, "In the operator's group") for one in STAFF]
        return JSONResponse([*cards, *seats])

    async def _mails(self, _request: Request) -> Response:
        if self._mailbox is None:
            raise HTTPException(404, "this sandbox has no mailbox")
        return JSONResponse(self._mailbox.as_json(), headers={"Cache-Control": "no-store"})

    async def _snapshot(self, request: Request) -> Response:
        return JSONResponse(self._visitor(request).snapshot())

    async def _events(self, request: Request) -> Response:
        stream = _stream(self._visitor(request))
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _send(self, request: Request) -> Response:
        body = await body_of(request)
        text, reply_to = field_of(body, "text", str), field_of(body, "reply_to", int, 0)
        message = self._visitor(request).send(text, reply_to=reply_to or None)
        return JSONResponse({"message_id": message.id})

    async def _tap(self, request: Request) -> Response:
        body = await body_of(request)
        row, column = (field_of(body, name, int, 0) for name in ("row", "column"))
        data = body.get("data")
        query = self._visitor(request).tap(
            field_of(body, "message_id", int),
            row,
            column,
            data=None if data is None else str(data),
        )
        return JSONResponse({"callback_query_id": query.id})

    async def _pay(self, request: Request) -> Response:
        body = await body_of(request)
        message_id, outcome = (
            field_of(body, "message_id", int),
            field_of(body, "outcome", str, "pay"),
        )
        return JSONResponse(await self._visitor(request).pay(message_id, outcome=outcome))

    async def _file(self, request: Request) -> Response:
        content = self._visitor(request).file(request.path_params["file_id"])
        # A browser must only save the file and never display it.
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type="application/octet-stream", headers=headers)

    async def _photo(self, request: Request) -> Response:
        content = self._visitor(request).photo(request.path_params["file_id"])
        if isinstance(content, str):
            return RedirectResponse(content)
        headers = {"X-Content-Type-Options": "nosniff"}
        return Response(content, media_type="image/png", headers=headers)

    async def _block(self, request: Request) -> Response:
        self._visitor(request).block()
        return JSONResponse({"blocked": True})

    async def _unblock(self, request: Request) -> Response:
        self._visitor(request).unblock()
        return JSONResponse({"blocked": False})

    async def _callback(self, request: Request) -> Response:
        query = self._api.world.callbacks.get(request.path_params["query_id"])
        if query is None:
            raise HTTPException(404, "no such callback query")
        answer = query.answer or {"text": "", "show_alert": False}
        return JSONResponse({"answered": query.answer is not None, **answer})

    async def _clock(self, request: Request) -> Response:
        if self._advance is None or self._next_reminder_at is None:
            raise HTTPException(404, "there is no time machine here")
        if request.method == "POST":
            await self._move(await body_of(request), self._advance, self._next_reminder_at)
        now = self._api.now().isoformat()
        following = await self._next_reminder_at()
        at = following.isoformat() if following else None
        return JSONResponse({"now": now, "next_reminder_at": at})

    async def _move(self, body: Json, advance: Advance, next_reminder_at: NextReminder) -> None:
        if body.get("to") == "next_reminder":
            following = await next_reminder_at()
            delta = following - self._api.now() if following else timedelta()
        else:
            delta = timedelta(
                hours=field_of(body, "hours", int, 0), days=field_of(body, "days", int, 0)
            )
        if delta > timedelta():
            now = advance(delta)
            if now is not None:
                await now
            self._api.world.tell_everybody("clock", {"now": self._api.now().isoformat()})

    async def _faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._api.faults.clear()
            return JSONResponse({})
        body = await body_of(request)
        unknown = body.keys() - set(Fault.__dataclass_fields__)
        if unknown or "kind" not in body:
            raise SandboxError("a fault has method, kind, count, retry_after and delay_ms")
        self._api.faults.add(Fault(**{"method": "*", **body}))
        return JSONResponse({})


async def _stream(visitor: Visitor) -> AsyncIterator[str]:
    with visitor.chat.watched() as queue:
        yield _event("snapshot", visitor.snapshot())
        while True:
            try:
                async with asyncio.timeout(_HEARTBEAT_SECONDS):
                    happened = await queue.get()
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if happened is None:
                return
            yield _event(*happened)


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
