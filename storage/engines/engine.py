"""Engines for writing and for reading, on the database of a URL."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.engines import postgresql, sqlite
from storage.engines.connection import Engine
from storage.engines.place import Place
from storage.errors import DatabaseError

EXAMPLES = "sqlite:///panelik.db or postgresql://panelik:password@localhost/panelik"


@dataclass(frozen=True, slots=True)
class Engines:
    """The engine that writes and the one that only reads, on the same database.

    `single` also reads, by single statements, which need no transaction around them, and
    `single_writer` writes by such statements, each of which is committed on its own.
    `place` is the place of a SQLite file.
    """

    url: URL
    writer: Engine
    readers: Engine
    single: Engine
    single_writer: Engine
    place: Place | None = None

    @property
    def name(self) -> str:
        """The database's name for the operator: a file, or an address without its password."""
        return name_of(self.url)

    def on_statement(self, note: Callable[[], None]) -> None:
        """Call a function before every statement, in the context of whoever runs it.

        What begins and ends a transaction does not count; many rows in one call count once.
        """

        # On PostgreSQL all are variants of one engine and have one list.
        for notes in {id(one.notes): one.notes for one in (self.writer, self.readers)}.values():
            notes.append(note)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.readers.dispose()
        await self.writer.dispose()


def name_of(url: URL) -> str:
    """Return a database's name for messages; never with a password."""
    return str(url.database) if is_sqlite(url) else postgresql.name_of(url)


def is_sqlite(url: URL) -> bool:
    """Return whether it is a SQLite file; otherwise it is PostgreSQL."""
    return url.get_backend_name() == "sqlite"


def parse_url(text: str) -> URL:
    """Read a database URL and add its async driver; DatabaseError for other databases.

    The error never repeats the text, which may contain a password.
    """
    try:
        url = make_url(postgresql.with_scheme(text))
    except (ArgumentError, ValueError):
        raise DatabaseError(f"this is not a database URL; examples are {EXAMPLES}") from None
    if url.get_backend_name() == "postgresql":
        return postgresql.checked(url)
    if is_sqlite(url):
        return sqlite.checked(url)
    raise DatabaseError(
        f"{url.get_backend_name()} databases are not supported, only SQLite and PostgreSQL: "
        f"examples are {EXAMPLES}"
    )


def open_engines(url: URL) -> Engines:
    """Make the engines; they open nothing before the first connection."""
    if is_sqlite(url):
        place = Place(url.database or "")
        return Engines(url, *sqlite.make_engines(url, place), place=place)
    return Engines(url, *postgresql.make_engines(url))
