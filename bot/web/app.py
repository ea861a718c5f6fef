"""The web application of a process: what can be asked of it over HTTP."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.web.address import PAY_PATH
from bot.web.webhook import Webhook


def create_app(
    webhook: Webhook | None = None, path: str = "", *, pay_pages: ASGIApp | None = None
) -> Starlette:
    """Return the ASGI application: Telegram posts to `path`, and nothing is there but these."""
    routes: list[BaseRoute] = []
    if webhook is not None:
        routes.append(Route(path, webhook, methods=["POST"]))
    if pay_pages is not None:
        routes.append(Route(PAY_PATH + "{token}", pay_pages, methods=["GET", "POST"]))
    return Starlette(routes=routes)
