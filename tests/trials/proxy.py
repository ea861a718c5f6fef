"""A proxy for TCP connections, which can break all of them at any moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle


@dataclass(slots=True)
class Proxy:
    """Passes each connection on to one of the ports that accepts it, in turn."""

    ports: list[int]
    port: int
    _turn: "cycle[int]" = field(init=False)
    _streams: set["asyncio.Task[None]"] = field(default_factory=set)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Accept connections inside the block."""
        self._turn = cycle(self.ports)
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()
            self.cut()
            await asyncio.gather(*self._streams, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection, whatever is on its way."""
        for stream in set(self._streams):
            stream.cancel()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)
        try:
            for _ in self.ports:
                with suppress(ConnectionError):
                    there = await asyncio.open_connection("127.0.0.1", next(self._turn))
                    break
            else:
                return
            await _copy_both_ways((reader, writer), there)
        except asyncio.CancelledError:
            # Nobody waits for this task, and to a stream's callback the end is an error.
            return
        finally:
            writer.close()


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _copy_both_ways(here: Stream, there: Stream) -> None:
    copies = [
        asyncio.create_task(_copy(here[0], there[1])),
        asyncio.create_task(_copy(there[0], here[1])),
    ]
    try:
        await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for copy in copies:
            copy.cancel()
        there[1].close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(0x10000):
            writer.write(data)
            await writer.drain()
