"""The panel over HTTP: `/api/{role}/{module}/{method}` by POST or GET, and the pay page."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import format_datetime
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.errors import ApiError, DroppedError
from bot.sandbox.panels.fossbilling import pay_page
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.parameters import read_form
from bot.serving import served

HOST = "127.0.0.1"
# A head without its body: the server breaks the connection and the caller learns nothing.
_BROKEN_OFF = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", b"1000"), (b"connection", b"close")],
}
_SESSION = "PHPSESSID"
_FORM = "application/x-www-form-urlencoded"


def create_app(api: PanelApi) -> Starlette:
    """Return the ASGI application of a panel."""
    routes = [
        Route("/api/{path:path}", _Endpoint(api)),
        Route("/invoice/{hash}", pay_page.show),
        Route("/invoice/{hash}/pay", pay_page.take, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={DroppedError: _lost, ApiError: _failed})
    app.state.api = api
    return app


async def _lost(_request: Request, _error: Exception) -> Response:
    return HTMLResponse("<h1>This page does not answer</h1>", 502)


async def _failed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - what the handler is for
    return HTMLResponse(f"<h1>{error.description}</h1>", error.code)


class _Endpoint:
    """Every call, as an ASGI application, because a lost answer is no response."""

    def __init__(self, api: PanelApi) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        begins = _SESSION not in request.cookies
        self._api.sessions += begins
        try:
            response = await self._answer(request)
        except DroppedError:
            await send(_BROKEN_OFF)
            return
        # The panel's clock in UTC: the only way to learn its time zone is to compare with it.
        now = self._api.clock.now().replace(microsecond=0)
        if begins:
            response.set_cookie(_SESSION, uuid4().hex, httponly=True)
        response.headers["Date"] = format_datetime(now, usegmt=True)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "POST"):
            return HTMLResponse("<h1>Page not found</h1>", 404)
        address = request.client.host if request.client else HOST
        try:
            result = await self._api.call(
                request.path_params["path"],
                await _values(request),
                authorization=request.headers.get("authorization", ""),
                address=address,
            )
        except PanelError as error:
            return self._refusal(error)
        except ApiError as error:
            return HTMLResponse(f"<h1>{error.description}</h1>", error.code)
        return JSONResponse({"result": result, "error": None})

    def _refusal(self, error: PanelError) -> Response:
        hidden = error.status == 200 and not self._api.world.traps.errors_as_200
        wait = {"Retry-After": str(self._api.limit.retry_after)}
        headers = wait if error.status == 429 else None
        return JSONResponse(error.body(), 400 if hidden else error.status, headers=headers)


async def _values(request: Request) -> Json:
    """Read the query of a GET, or the body of a POST, whose query is ignored."""
    if request.method == "GET":
        return read_form(request.url.query)
    body = (await request.body()).decode(errors="replace")
    if _FORM in request.headers.get("content-type", ""):
        return read_form(body)
    try:
        values = json.loads(body or "{}")
    except ValueError:
        raise PanelError("Malformed JSON input: Syntax error", 400) from None
    return values if isinstance(values, dict) else {}


@asynccontextmanager
async def serve(app: Starlette, *, port: int = 0) -> AsyncIterator[str]:
    """Serve a panel on loopback in the running event loop, yield its address without a slash.

    Port 0 takes a free one. CannotListenError if the port cannot be used.
    """
    async with served(app, host=HOST, port=port, drain=_nothing_to_finish) as bound:
        yield f"http://{HOST}:{bound}"


async def _nothing_to_finish() -> None:
    """A call that is under way has two seconds to end."""
