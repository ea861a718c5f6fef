"""What can be wrong with a database, in words for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError as DriverError
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

OURS = (IntegrityError, DataError, ProgrammingError)
"""These say that our statement was wrong: no operator can help it, the traceback is needed."""

MEANINGS = {
    "unable to open": "the file cannot be opened; may this user write to it and its folder?",
    "readonly": "the file may not be written to; may this user write to it and its folder?",
    "locked": "another process has been writing for too long; is a load running? Try again",
    "not a database": "this is not a SQLite database",
    "malformed": "the file is damaged; take the last copy of it",
    "disk is full": "the disk is full",
    "disk I/O": "the disk does not answer as it should",
}
"""What SQLite says, and what it means."""


class DatabaseError(Exception):
    """The database cannot be used; the message says in plain words what to do about it."""


@contextmanager
def in_plain_words(name: str | None) -> Iterator[None]:
    """Tell what is wrong with the database of that name as a DatabaseError."""
    try:
        yield
    except OURS:
        raise
    except DriverError as error:
        said = str(error.orig)
        meant = next((means for words, means in MEANINGS.items() if words in said), said)
        raise DatabaseError(f"{name}: {meant}") from error
