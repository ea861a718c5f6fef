"""The second pane of the page: what the panel holds, and what people do to it there."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox.errors import SandboxError
from bot.sandbox.panels.fossbilling import by_hand
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.breaking import Breakage, break_panel
from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.pane import pane_of
from bot.sandbox.panels.fossbilling.world import World
from bot.sandbox.request_bodies import body_of, field_of

_HEARTBEAT_SECONDS = 15.0
_REST_SECONDS = 0.15
"""How long changes are collected, so that a burst of calls is one picture."""

_MOST = 1_000_000


class PanelRoutes:
    """The handlers; `client_of` are the clients of the people, by their ids in Telegram."""

    def __init__(self, api: PanelApi, client_of: dict[int, int]) -> None:
        self._api = api
        self._client_of = client_of

    def close(self) -> None:
        """Let the streams end."""
        self._api.journal.close()

    def routes(self) -> list[BaseRoute]:
        """Return the map below `/sandbox/panel`."""
        return [
            Route("/", self._client),
            Route("/clients/{client:int}/events", self._events),
            Route("/invoices/{id:int}/pay", self._pay, methods=["POST"]),
            Route("/services/{id:int}/date", self._date, methods=["POST"]),
            Route("/services/{id:int}/turn", self._turn, methods=["POST"]),
            Route("/clients/{client:int}/balance", self._balance, methods=["POST"]),
            Route("/breakage", self._break, methods=["POST"]),
        ]

    async def _client(self, request: Request) -> Response:
        """Say which client of the panel a person is; staff look at the first one."""
        person = request.query_params.get("person", "")
        first = self._api.world.data.clients[0].id
        client = self._client_of.get(int(person), first) if person.isdecimal() else first
        return JSONResponse({"client": client})

    async def _events(self, request: Request) -> Response:
        client = request.path_params["client"]
        try:
            self._api.world.client(client)
        except PanelError as error:
            raise HTTPException(404, error.message) from None
        headers = {"Cache-Control": "no-store"}
        stream = self._stream(client)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _stream(self, client: int) -> AsyncIterator[str]:
        with self._api.journal.watched() as changed:
            while not self._api.journal.is_closed:
                changed.clear()
                yield f"event: panel\ndata: {json.dumps(pane_of(self._api, client))}\n\n"
                await asyncio.sleep(_REST_SECONDS)
                while not await _happens(changed):
                    yield ": still here\n\n"

    async def _pay(self, request: Request) -> Response:
        number = request.path_params["id"]
        return self._done(lambda: by_hand.pay(self._world, self._world.invoice(number)))

    async def _date(self, request: Request) -> Response:
        written = field_of(await body_of(request), "day", str)
        try:
            day = date.fromisoformat(written)
        except ValueError:
            raise SandboxError("day must be a date like 2026-11-23") from None
        return self._done(lambda: by_hand.move_date(self._world, request.path_params["id"], day))

    async def _turn(self, request: Request) -> Response:
        return self._done(lambda: by_hand.turn(self._world, request.path_params["id"]))

    async def _balance(self, request: Request) -> Response:
        minor = field_of(await body_of(request), "amount", int)
        if not 0 < abs(minor) <= _MOST:
            raise SandboxError("amount must be given in minor units")
        client = request.path_params["client"]
        return self._done(lambda: by_hand.add_balance(self._world, client, minor / 100))

    async def _break(self, request: Request) -> Response:
        name = field_of(await body_of(request), "breakage", str)
        if name not in list(Breakage):
            raise SandboxError(f"there is no breakage {name}")
        return self._done(lambda: break_panel(self._api, Breakage(name)))

    @property
    def _world(self) -> World:
        return self._api.world

    def _done(self, act: Callable[[], None]) -> Response:
        """Do something in the panel itself and tell whoever watches."""
        try:
            act()
        except PanelError as error:
            raise SandboxError(error.message) from None
        self._api.journal.tell()
        return JSONResponse({})


async def _happens(event: asyncio.Event) -> bool:
    """Wait for the event, not longer than a connection may be silent."""
    try:
        async with asyncio.timeout(_HEARTBEAT_SECONDS):
            await event.wait()
    except TimeoutError:
        return False
    return True
