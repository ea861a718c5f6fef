"""Bringing a database to the schema this version knows.

Everything happens in one write transaction, on PostgreSQL under a lock: of two processes that
start together, the second waits for the first and then finds nothing to do.

Alembic and the libraries that it brings along are loaded only where there is something to do:
they take a tenth of a second, and memory that a process keeps.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.engines.engine import Engines, name_of, open_engines, parse_url
from storage.engines.locks import MIGRATION, lock_name_now
from storage.errors import DatabaseError

MIGRATIONS = Path(__file__).with_name("migrations")


async def migrate(url: str) -> bool:
    """Migrate the database at a URL, making a missing one; return whether anything was done.

    DatabaseError if a newer version has made it or it contains something else.
    """
    engines = open_engines(parse_url(url))
    if engines.place is not None:
        engines.place.make()
    try:
        return await migrate_engines(engines)
    finally:
        await engines.dispose()


async def migrate_engines(engines: Engines) -> bool:
    """Migrate on open engines.

    If there is nothing to do, it does not wait for a process that writes, such as a large load.
    """
    async with engines.readers.connect() as connection:
        if await connection.run_sync(_revision) == head():
            return False
    async with engines.writer.begin() as connection:
        return await connection.run_sync(upgrade)


async def has_no_tables(engines: Engines) -> bool:
    """Whether a database is empty."""
    async with engines.readers.connect() as connection:
        return not await connection.run_sync(lambda sync: inspect(sync).get_table_names())


async def check_schema(engines: Engines) -> None:
    """Raise DatabaseError unless the schema is exactly the one this version knows."""
    async with engines.readers.connect() as connection:
        revision = await connection.run_sync(_revision)
    if revision == head():
        return
    if revision is None:
        raise DatabaseError(f"{engines.name} has no tables yet: `panelik run` makes them")
    _refuse_unknown(engines.name, revision)
    raise DatabaseError(f"{engines.name} was made by an older version: `panelik run` updates it")


def head() -> str:
    """The newest revision this version knows."""
    return max(_revisions())


def upgrade(connection: Connection) -> bool:
    """Migrate on a connection that the caller commits; return whether anything was done."""
    lock_name_now(connection, MIGRATION)
    revision = _revision(connection)
    if revision == head():
        return False
    name = name_of(connection.engine.url)
    if revision is None and inspect(connection).get_table_names():
        raise DatabaseError(
            f"{name} holds tables of another program; name another file or an empty database"
        )
    _refuse_unknown(name, revision)
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
    return True


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def _revisions() -> frozenset[str]:
    """Return the revisions this version knows: the numbers with which their files begin."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return frozenset(file.name.partition("_")[0] for file in files)


def _refuse_unknown(name: str, revision: str | None) -> None:
    known = _revisions()
    if revision is None or revision in known:
        return
    if revision < min(known):
        raise DatabaseError(
            f"{name} was made by a trial version of Panelik (schema {revision}), which this one "
            "cannot update: name an empty database and load the data folder into it"
        )
    raise DatabaseError(
        f"{name} was made by a newer version of Panelik (schema {revision}); install that one"
    )
