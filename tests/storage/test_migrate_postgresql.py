"""The schema on PostgreSQL: the same one, no drift, and clear words when it cannot be had."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url, text

from storage.database import Database
from storage.engines.engine import open_engines, parse_url
from storage.errors import DatabaseError
from storage.migrate import migrate
from storage.tables.schema import schema
from tests import postgresql
from tests.database import Store, database_at

COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
           collation_name, generation_expression, column_default, identity_generation
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'alembic_version'
"""
CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
"""
INDEXES = """
    SELECT indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
MADE = (COLUMNS, CONSTRAINTS, INDEXES)


@pytest.fixture
def empty() -> Iterator[str]:
    """The URL of a database without any table."""
    with postgresql.copy("template0") as url:
        yield url


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[str]:
    with database_at(Store.POSTGRESQL, tmp_path) as url:
        yield url


async def _ask(url: str, *statements: str) -> list[set[tuple[object, ...]]]:
    engines = open_engines(parse_url(url))
    async with engines.writer.begin() as connection:
        told = [await connection.execute(text(statement)) for statement in statements]
        found = [{tuple(row) for row in rows} if rows.returns_rows else set() for rows in told]
    await engines.dispose()
    return found


async def test_the_migrations_make_exactly_the_tables_that_the_code_knows(
    empty: str, migrated: str
) -> None:
    engines = open_engines(parse_url(empty))
    async with engines.writer.begin() as connection:
        await connection.run_sync(schema.create_all)
        await connection.execute(text("CREATE TABLE alembic_version ()"))
    await engines.dispose()
    assert await _ask(migrated, *MADE) == await _ask(empty, *MADE)


async def test_alembic_finds_nothing_to_migrate(migrated: str) -> None:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, schema))

    engines = open_engines(parse_url(migrated))
    async with engines.readers.connect() as connection:
        assert await connection.run_sync(compare) == []
    await engines.dispose()


async def test_one_of_many_simultaneous_migrations_does_the_work(empty: str) -> None:
    assert sorted(await asyncio.gather(*(migrate(empty) for _ in range(4)))) == [
        False, False, False, True,
    ]  # fmt: skip
    assert not await migrate(empty)


async def _refusal(url: str, *, migrate: bool = True) -> str:
    with pytest.raises(DatabaseError) as refused:
        await Database.open(url, migrate=migrate)
    return str(refused.value)


async def test_a_schema_that_is_newer_or_missing_is_refused(migrated: str, empty: str) -> None:
    await _ask(migrated, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in await _refusal(migrated)
    assert "newer version" in await _refusal(migrated, migrate=False)
    assert "no tables yet" in await _refusal(empty, migrate=False)


async def test_another_programs_database_is_refused_and_left_alone(empty: str) -> None:
    await _ask(empty, "CREATE TABLE users (id INTEGER)")
    assert "another program" in await _refusal(empty)
    (tables,) = await _ask(empty, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert tables == {("users",)}


async def test_a_database_that_is_not_there_is_named(empty: str) -> None:
    there = make_url(empty).set(database="nowhere").render_as_string(hide_password=False)
    assert "postgresql://postgres@/nowhere: there is no such database" in await _refusal(there)


async def test_a_user_who_may_not_make_tables_is_told_so(empty: str) -> None:
    await _ask(empty, "DROP ROLE IF EXISTS visitor", "CREATE ROLE visitor LOGIN")
    visitor = make_url(empty).set(username="visitor").render_as_string(hide_password=False)
    assert "has to belong to them" in await _refusal(visitor)


@pytest.fixture
def locked(empty: str) -> Iterator[str]:
    """The address of a user who has to give a password, with a wrong one."""
    ((hba_file,),) = asyncio.run(_ask(empty, "SHOW hba_file"))[0]
    rules = Path(str(hba_file))
    as_before = rules.read_text(encoding="utf-8")
    rules.write_text(f"local all keyholder scram-sha-256\n{as_before}", encoding="utf-8")
    postgresql.run(
        empty,
        "DROP ROLE IF EXISTS keyholder",
        "CREATE ROLE keyholder LOGIN PASSWORD 'the right one'",
        "SELECT pg_reload_conf()",
    )
    wrong = make_url(empty).set(username="keyholder", password="a-guess")
    yield wrong.render_as_string(hide_password=False)
    rules.write_text(as_before, encoding="utf-8")


async def test_a_wrong_password_is_told_and_not_shown(locked: str) -> None:
    told = await _refusal(locked)
    assert "the user or the password is wrong" in told
    assert "a-guess" not in told


async def test_a_server_that_cannot_be_reached_is_named_without_the_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = await _refusal(f"postgres://anna:secret-word@127.0.0.1:{port}/panelik")
    assert f"postgresql://anna@127.0.0.1:{port}/panelik: the server cannot be reached" in told
    assert "secret-word" not in told


async def test_a_parameter_that_nobody_knows_is_told(empty: str) -> None:
    assert "nonsense" in await _refusal(f"{empty}&nonsense=1")


async def test_sslmode_is_understood(empty: str) -> None:
    assert await migrate(f"{empty}&sslmode=disable")
