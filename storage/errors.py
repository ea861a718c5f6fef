"""What can be wrong with a database before any work is done in it."""


class DatabaseError(Exception):
    """The database cannot be used; the message says in plain words what to do about it."""
