"""Serving an ASGI application inside the running event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.sockets import listen

KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps a connection that it does not use, so that the proxy ends it."""


_LAST_ANSWERS_SECONDS = 2.0

_LONGEST_DRAIN_SECONDS = 3600
"""Never reached: `served` ends requests itself."""


class _Server(uvicorn.Server):
    """A server inside an event loop that handles signals itself."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Wait for the end; uvicorn's own loop looks for it ten times a second."""
        await self.on_tick(0)
        await self.stopping.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def end(self, task: "asyncio.Task[None]") -> None:
        """Wait for the last answers, but not for long."""
        _, late = await asyncio.wait({task}, timeout=_LAST_ANSWERS_SECONDS)
        for request in self.server_state.tasks if late else ():
            request.cancel()
        await task


@asynccontextmanager
async def served(
    app: ASGIApp,
    *,
    host: str,
    port: int,
    drain: Callable[[], Awaitable[object]],
) -> AsyncIterator[int]:
    """Serve inside the block and yield the port; port 0 takes a free one.

    At the end no connection is accepted any more. Then `drain` is awaited, and after it requests
    under way have two seconds. CannotListenError if the port cannot be used.
    """
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        access_log=False,
        date_header=False,
        server_header=False,
        log_config=None,
        lifespan="off",
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LONGEST_DRAIN_SECONDS,
    )
    server = _Server(config)
    with listen(host, port) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]), name="web server")
        try:
            await server.ready.wait()
            yield listening.getsockname()[1]
        finally:
            server.stopping.set()
            await drain()
            await server.end(task)
