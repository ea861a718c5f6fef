"""A real SQLite file for a test: migrated once per run, copied for everybody who asks."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from storage.database import Database
from storage.migrate import upgrade


@cache
def _template() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        return path.read_bytes()


def make_database(path: Path) -> str:
    """Write an empty, migrated database and return its URL."""
    path.write_bytes(_template())
    return f"sqlite:///{path}"


async def open_database(path: Path) -> Database:
    """Open the database at a path, an empty one unless it exists; the caller closes it."""
    return await Database.open(_url(path), migrate=False)


def _url(path: Path) -> str:
    return f"sqlite:///{path}" if path.exists() else make_database(path)
