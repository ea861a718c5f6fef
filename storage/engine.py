"""Engines: one that writes and one that only reads, on the database that a URL names."""

from dataclasses import dataclass

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import postgresql, sqlite
from storage.errors import DatabaseError
from storage.place import Place

EXAMPLES = "sqlite:///panelik.db or postgresql://panelik:password@localhost/panelik"


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine that writes and one that only reads, on the same database.

    `single` reads as well, by single statements: such a one needs no transaction around it.
    `place` is where a file of SQLite is.
    """

    url: URL
    writer: AsyncEngine
    readers: AsyncEngine
    single: AsyncEngine
    place: Place | None = None

    @property
    def name(self) -> str:
        """The database as the operator knows it: a file, or an address without its password."""
        return name_of(self.url)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.readers.dispose()
        await self.writer.dispose()


def name_of(url: URL) -> str:
    """What a database is called in messages; never with a password."""
    return str(url.database) if is_sqlite(url) else postgresql.name_of(url)


def is_sqlite(url: URL) -> bool:
    """Whether it is a file of SQLite; PostgreSQL otherwise."""
    return url.get_backend_name() == "sqlite"


def parse_url(text: str) -> URL:
    """Read a database URL and name its async driver; DatabaseError for one we cannot use.

    The text is never repeated: it may hold a password.
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
    """Make the engines; nothing is opened before the first connection."""
    if is_sqlite(url):
        place = Place(url.database or "")
        return Engines(url, *sqlite.make_engines(url, place), place)
    return Engines(url, *postgresql.make_engines(url))
