"""An ASGI application on a free port of this machine, for a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from bot.serving import served


@asynccontextmanager
async def serve_here(app: ASGIApp) -> AsyncIterator[str]:
    """Serve inside the block, and yield the address."""
    async with served(app, host="127.0.0.1", port=0, drain=_at_once) as port:
        yield f"http://127.0.0.1:{port}"


async def _at_once() -> None:
    """Nothing of a test's server has to be finished."""
