"""Errors of a database, in words for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError

OURS = (IntegrityError, DataError, ProgrammingError, InterfaceError)
"""Errors of our own statements: the operator cannot help, so the traceback is needed."""

SQLITE_MEANINGS = {
    "unable to open": "the file cannot be opened; may this user write to it and its folder?",
    "readonly": "the file may not be written to; may this user write to it and its folder?",
    "locked": "another process has been writing for too long; is a load running? Try again",
    "not a database": "this is not a SQLite database",
    "malformed": "the file is damaged; take the last copy of it",
    "disk is full": "the disk is full",
    "disk I/O": "the disk does not answer as it should",
}
"""SQLite's messages and their meanings."""

POSTGRESQL_MEANINGS = {
    "28P01": "the user or the password is wrong",
    "28000": "the server does not let this user in; see its pg_hba.conf",
    "3D000": "there is no such database; `createdb` makes one",
    "42501": "this user may not do that; the database has to belong to them",
    "53100": "the disk of the server is full",
    "53300": "the server has too many connections already; raise its max_connections",
    "57P01": "the server was stopped",
    "57P02": "the server was stopped",
    "57P03": "the server is starting or stopping; try again in a moment",
}
"""The meanings of PostgreSQL's states, where an operator can do something about them."""


class DatabaseError(Exception):
    """The database cannot be used; the message says in plain words what to do about it."""


class NoDatabaseError(DatabaseError):
    """There is no database with tables, and the caller may not make one."""


@contextmanager
def in_plain_words(name: str) -> Iterator[None]:
    """Translate errors of the database of that name into DatabaseError."""
    try:
        yield
    except DBAPIError as error:
        meaning = _postgresql(error) if hasattr(error.orig, "sqlstate") else _sqlite(error)
        if meaning is None:
            raise
        raise DatabaseError(f"{name}: {meaning}") from error


def _sqlite(error: DBAPIError) -> str | None:
    if isinstance(error, OURS):
        return None
    message = str(error.orig)
    return next((means for words, means in SQLITE_MEANINGS.items() if words in message), message)


def _postgresql(error: DBAPIError) -> str | None:
    meaning = POSTGRESQL_MEANINGS.get(getattr(error.orig, "sqlstate", None) or "")
    if meaning is None and error.connection_invalidated:
        return "the connection to the server was lost"
    return meaning
