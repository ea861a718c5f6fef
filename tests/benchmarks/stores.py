"""A company on either store, as durable as in real life."""

import asyncio
from collections.abc import Collection, Iterator
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
        make_durable([store])
        yield url


def make_durable(stores: Collection[Store]) -> None:
    """Take back from PostgreSQL what makes tests quick: it would flatter it here."""
    if Store.POSTGRESQL in stores:
        reset = ("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()")
        postgresql.run(postgresql.server(), *reset)


def stores(text: str) -> list[Store]:
    """The stores of an option's value, which separates them by commas."""
    return [Store(part) for part in text.split(",")]
