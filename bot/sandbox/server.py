"""The sandbox over HTTP: Telegram's Bot API for the bot, a page and its API for the person."""

import json
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.errors import ApiError, DroppedError, Json, SandboxError
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.methods.api import BotApi
from bot.sandbox.methods.bodies import read_body
from bot.sandbox.panel_routes import PanelRoutes
from bot.sandbox.person_routes import Advance, NextReminder, PersonRoutes
from bot.serving import served

PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"
_HOSTS = [HOST, "localhost"]
# A head without its body: the server breaks the connection and the bot learns nothing.
_BROKEN_OFF = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", b"1000"), (b"connection", b"close")],
}
_HEADERS = {
    "Cache-Control": "no-store",
    # Pictures may come from anywhere: a banner shows the one its link names.
    "Content-Security-Policy": "default-src 'self'; img-src * data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'",
}


def create_app(
    api: BotApi,
    *,
    advance: Advance | None = None,
    next_reminder_at: NextReminder | None = None,
    mailbox: Mailbox | None = None,
    panel: PanelRoutes | None = None,
) -> Starlette:
    """Return the ASGI application; the two functions let the page move the clock.

    With a `mailbox` the page shows the e-mails in it, with a `panel` what that holds.
    """
    person = PersonRoutes(api, advance=advance, next_reminder_at=next_reminder_at, mailbox=mailbox)
    # A page of another site must not reach the sandbox under a name of its own (DNS rebinding).
    here = [Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS)]
    panes = [Mount("/panel", routes=panel.routes())] if panel else []
    app = Starlette(
        routes=[
            Route("/bot{token}/{method}", _BotEndpoint(api)),
            Mount("/sandbox", routes=[*panes, *person.routes()], middleware=here),
            Route("/", _front_door),
            Mount("/page", routes=[Route("/", _page), Route("/{file}", _page)], middleware=here),
        ],
        exception_handlers={SandboxError: _refused, HTTPException: _refused},
    )
    app.state.api, app.state.panel = api, panel
    return app


class _BotEndpoint:
    """`/bot<token>/<method>`, as an ASGI application: it runs a thousand times a second."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = _json(await self._answer(Request(scope, receive)))
        except DroppedError:
            await send(_BROKEN_OFF)
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Json:
        if request.path_params["token"] != self._api.token:
            return ApiError(401, "Unauthorized").body()
        try:
            params = read_body(request.headers.get("content-type", ""), await request.body())
        except ApiError as error:
            return error.body()
        if request.scope["query_string"]:
            params = {**request.query_params, **params}
        return await self._api.call(request.path_params["method"], params)


def _json(answer: Json) -> Response:
    status = answer.get("error_code", 200)
    return Response(json.dumps(answer), status, media_type="application/json")


async def _front_door(_request: Request) -> Response:
    return RedirectResponse("page/")


async def _page(request: Request) -> Response:
    name = request.path_params.get("file", "index.html")
    file = PAGE / name
    if file.parent != PAGE or not file.is_file():
        raise HTTPException(404, f"the page has no file {name}")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(file.read_bytes(), media_type=kind, headers=_HEADERS)


async def _refused(_request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code)
    return JSONResponse({"error": str(error)}, 400)


@asynccontextmanager
async def serve(app: Starlette, *, port: int = 0, host: str = HOST) -> AsyncIterator[str]:
    """Serve the sandbox in the running event loop, yield its address; port 0 takes a free one.

    The address has no slash at its end; the bot's base URL is the address and `/bot`.
    CannotListenError if the port cannot be used.
    """
    api: BotApi = app.state.api
    panel: PanelRoutes | None = app.state.panel

    async def close() -> None:
        api.close()
        if panel is not None:
            panel.close()

    async with served(app, host=host, port=port, drain=close) as bound:
        yield f"http://{host}:{bound}"
