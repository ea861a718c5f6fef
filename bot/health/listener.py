"""Health and metrics over HTTP, on a port of their own that only the operator's machines reach.

* ``/health/live``: the process runs and its event loop turns.
* ``/health/ready``: it can do its work: the database answers and takes what is written, and no
  stop was asked for. Telegram is not asked: while it is down, a restart or another process would
  not help.
* ``/metrics``: numbers for Prometheus.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from billing.ports.work import UnavailableError
from bot.metrics.text import MetricsText
from bot.outage import Outage
from bot.serving import served

log = logging.getLogger(__name__)

_NOT_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Health:
    """What the answers depend on; `ping` returns if the database answers."""

    ping: Callable[[], Awaitable[None]]
    outage: Outage
    stop: asyncio.Event
    metrics: MetricsText

    async def live(self, _request: Request) -> Response:
        """Answer."""
        return _plain("live")

    async def ready(self, _request: Request) -> Response:
        """Answer 503 and the reason while the process cannot do its work."""
        if self.stop.is_set():
            return _plain("stopping", 503)
        try:
            await self.ping()
        except UnavailableError as error:
            self.outage.note(error)
            return _plain("the database does not answer", 503)
        if self.outage.is_on:
            return _plain("the database takes nothing that is written", 503)
        return _plain("ready")

    async def numbers(self, _request: Request) -> Response:
        """Answer with the numbers."""
        return Response(await self.metrics.make(), media_type=CONTENT_TYPE_LATEST)


def make_app(health: Health) -> Starlette:
    """Return the ASGI application."""
    return Starlette(
        routes=[
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Route("/metrics", health.numbers),
        ]
    )


@asynccontextmanager
async def listening(health: Health, *, host: str, port: int) -> AsyncIterator[str]:
    """Answer inside the block; yield the address. CannotListenError if that fails."""
    async with served(make_app(health), host=host, port=port, drain=_nothing) as at:
        address = f"http://{f'[{host}]' if ':' in host else host}:{at}"
        log.info("Health and metrics are at %s", address)
        yield address


async def _nothing() -> None:
    """What is asked takes no time, and the process may end at once."""


def _plain(text: str, status: int = 200) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers=_NOT_KEPT)
