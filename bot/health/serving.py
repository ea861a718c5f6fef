"""An HTTP server inside a running event loop, which leaves signals to the process."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.health.ports import PortError


class _Server(uvicorn.Server):
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


@asynccontextmanager
async def serve(app: ASGIApp, *, host: str, port: int) -> AsyncIterator[str]:
    """Serve an application inside the block, and yield its address; port 0 takes a free one."""
    config = uvicorn.Config(
        app,
        access_log=False,
        date_header=False,
        server_header=False,
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    with _listen(host, port) as listening:
        place = f"[{host}]" if ":" in host else host
        address = f"http://{place}:{listening.getsockname()[1]}"
        task = asyncio.create_task(server.serve(sockets=[listening]), name="health")
        try:
            await server.ready.wait()
            yield address
        finally:
            server.stopping.set()
            await task


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        raise PortError(f"Port {port} on {host} cannot be used: {why}.") from error
