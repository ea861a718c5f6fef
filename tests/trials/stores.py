"""Databases of a trial, which can be broken under running processes and mended again.

PostgreSQL has an address with a password that no log may show. What can
fill up is on a small file system of its own, if this machine allows a mount.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import chown
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from sqlalchemy import URL, make_url

from bot.sockets import free_port
from tests.database import Fill, Store, _fill, file_at
from tests.postgresql import OwnServer

PASSWORD = "kept-from-every-log"

ROOM = 96 * 2**20
"""Bytes of the small file system."""

MOST_CONNECTIONS = 60


@dataclass(slots=True)
class Wire:
    """Passes bytes on to a socket of PostgreSQL, each piece `delay` seconds late; or stalls."""

    socket: str
    port: int = field(default_factory=free_port)
    delay: float = 0.0
    flows: asyncio.Event = field(default_factory=asyncio.Event)
    _streams: set["asyncio.Task[None]"] = field(default_factory=set)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Accept connections inside the block."""
        self.flows.set()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()
            for stream in set(self._streams):
                stream.cancel()
            await asyncio.gather(*self._streams, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)
        with suppress(OSError, asyncio.CancelledError):
            try:
                answers, asked = await asyncio.open_unix_connection(self.socket)
                copies = {
                    asyncio.create_task(self._copy(reader, asked)),
                    asyncio.create_task(self._copy(answers, writer)),
                }
                try:
                    await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for copy in copies:
                        copy.cancel()
                    asked.close()
            finally:
                writer.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(0x10000):
                await self.flows.wait()
                await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()


@dataclass(slots=True)
class Broken:
    """What a trial breaks: the database at `url`, and what belongs to it."""

    url: str
    home: Path
    """Where the processes run."""
    small: Path | None = None
    """The small file system, if there is one."""
    file: Path | None = None
    """The file of SQLite."""
    server: OwnServer | None = None
    wire: Wire | None = None

    @property
    def plain_url(self) -> str:
        """The address for the trial's own looks, which nothing breaks."""
        if self.server is None:
            return self.url
        name = make_url(self.url).database
        address = make_url(self.server.url).set(database=name)
        return address.render_as_string(hide_password=False)

    async def run(self, *statements: str) -> None:
        """Run statements on PostgreSQL, each by itself, also where others may only read."""
        connection = await asyncpg.connect(self.plain_url)
        try:
            await connection.execute("SET default_transaction_read_only = off")
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def broken_store(store: Store, home: Path, fill: Fill, *, wired: bool = False) -> Iterator[Broken]:
    """A filled database of the trial's own; call it outside of an event loop.

    A `wired` one is reached through a wire, which costs the trial's own time.
    """
    with TemporaryDirectory(prefix="panelik-") as folder, _small_file_system(folder) as small:
        if store is Store.SQLITE:
            file = (small or home) / "panelik.db"
            yield Broken(file_at(file, fill), home, small, file)
            return
        server = OwnServer()
        try:
            name = _prepare(server, small)
            asyncio.run(_fill(make_url(server.url).set(database=name).render_as_string(), fill))
            place = make_url(server.url)
            wire = Wire(f"{place.query['host']}/.s.PGSQL.{place.port or 5432}")
            near = place.set(database=name, password=PASSWORD)
            if wired:
                far = near.set(host="127.0.0.1", port=wire.port, query={"ssl": "disable"})
                yield Broken(_written(far), home, small, None, server, wire)
            else:
                yield Broken(_written(near), home, small, None, server)
        finally:
            server.end()


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _prepare(server: OwnServer, small: Path | None) -> str:
    """Set the server up and make a database on the small file system; return its name."""
    asyncio.run(_execute(server, f"ALTER SYSTEM SET max_connections = {MOST_CONNECTIONS}"))
    server.stop()
    server.start()
    if small is None:
        asyncio.run(_execute(server, "CREATE DATABASE trial"))
        return "trial"
    folder = small / "space"
    folder.mkdir()
    owner: Any = server.made.system_user
    if owner is not None:
        chown(folder, owner)
    asyncio.run(
        _execute(
            server,
            f"CREATE TABLESPACE small LOCATION '{folder}'",
            "CREATE DATABASE trial TABLESPACE small",
        )
    )
    return "trial"


async def _execute(server: OwnServer, *statements: str) -> None:
    connection = await asyncpg.connect(server.url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def _small_file_system(folder: str) -> Iterator[Path | None]:
    """Mount one, or yield None where that is not allowed."""
    place = Path(folder)
    # The server runs as another user if the tests run as root.
    place.chmod(0o755)
    options = ["-t", "tmpfs", "-o", f"size={ROOM},mode=0755", "tmpfs", str(place)]
    mounted = subprocess.run(["mount", *options], capture_output=True, check=False)  # noqa: S603, S607
    print(f"small file system: {mounted.returncode == 0}")  # noqa: T201 - which way was used
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607
