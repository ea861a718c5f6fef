"""The web application of a process: what can be asked of it over HTTP."""

from starlette.applications import Starlette
from starlette.routing import Route

from bot.web.webhook import Webhook


def create_app(webhook: Webhook, path: str) -> Starlette:
    """Return the ASGI application; Telegram posts to `path`, and nothing else is there."""
    return Starlette(routes=[Route(path, webhook, methods=["POST"])])
