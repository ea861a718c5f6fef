"""A company on either store, as durable as in real life."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import postgresql
from tests.crowd import Crowd
from tests.database import Store, database_at


@contextmanager
def company_on(store: Store, crowd: Crowd) -> Iterator[str]:
    """The URL of a database that holds the crowd; call it outside of an event loop."""
    with (
        TemporaryDirectory(prefix="panelik-bench-") as home,
        database_at(store, Path(home)) as url,
    ):
        asyncio.run(crowd(url))
        if store is Store.POSTGRESQL:
            # What makes tests quick would flatter it here.
            reset = ("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()")
            postgresql.run(postgresql.server(), *reset)
        yield url
