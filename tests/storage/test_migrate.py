"""The schema on SQLite: one way to make it, no drift, and clear words when a file is not ours."""

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage.database import Database
from storage.errors import DatabaseError
from storage.migrate import MIGRATIONS, head, migrate
from storage.tables.schema import schema
from tests.database import make_database


def _said(path: Path) -> set[str]:
    """Every table and index as its own SQL, spaces, quotes and the order of its parts apart."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE name != 'alembic_version'")
        made = [" ".join(sql.replace('"', "").split()) for (sql,) in found if sql]
    return {_sorted_parts(sql) for sql in made if "alembic_version" not in sql}


def _sorted_parts(sql: str) -> str:
    head_, _, body = sql.partition("(")
    parts = re.split(r", (?![^()]*\))", body)
    return head_ + "(" + ", ".join(sorted(part.strip(" )") for part in parts))


@pytest.mark.slow
def test_the_migrations_make_exactly_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    made = tmp_path / "made.db"
    engine = create_engine(f"sqlite:///{made}")
    schema.create_all(engine)
    engine.dispose()
    migrated = tmp_path / "migrated.db"
    make_database(migrated)
    assert _said(migrated) == _said(made)


def test_alembic_finds_nothing_to_migrate(tmp_path: Path) -> None:
    engine = create_engine(make_database(tmp_path / "panelik.db"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema) == []
    engine.dispose()


def test_the_files_of_revisions_are_named_as_alembic_knows_them() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    revisions = [(Path(script.path).name, script.revision) for script in scripts.walk_revisions()]
    assert revisions
    assert all(name.startswith(f"{revision}_") for name, revision in revisions)
    assert head() == scripts.get_current_head()


async def test_migrating_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/panelik.db"
    assert await migrate(url)
    assert not await migrate(url)


@pytest.mark.slow
async def test_one_of_many_simultaneous_migrations_does_the_work(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/panelik.db"
    assert sorted(await asyncio.gather(*(migrate(url) for _ in range(4)))) == [
        False, False, False, True,
    ]  # fmt: skip


async def test_opening_makes_a_database_that_is_not_there(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path}/new.db")
    async with database.work.reading() as uow:
        assert (await uow.catalogs.current()).revision == 0
    await database.close()


async def _refusal(url: str, *, migrate: bool = True) -> str:
    with pytest.raises(DatabaseError) as refused:
        await Database.open(url, migrate=migrate)
    return str(refused.value)


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    url = await asyncio.to_thread(make_database, tmp_path / "panelik.db")
    with closing(sqlite3.connect(tmp_path / "panelik.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert "newer version" in await _refusal(url)
    assert "newer version" in await _refusal(url, migrate=False)


async def test_the_schema_of_a_trial_version_is_refused(tmp_path: Path) -> None:
    url = await asyncio.to_thread(make_database, tmp_path / "panelik.db")
    with closing(sqlite3.connect(tmp_path / "panelik.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
        connection.commit()
    assert "trial version" in await _refusal(url)
    assert "trial version" in await _refusal(url, migrate=False)


async def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE users (id INTEGER)")
        connection.commit()
    assert "another program" in await _refusal(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("users",)]


async def test_a_file_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 500, encoding="utf-8")
    assert "not a SQLite database" in await _refusal(f"sqlite:///{path}")


async def test_a_missing_folder_or_file_is_named(tmp_path: Path) -> None:
    assert "does not exist" in await _refusal(f"sqlite:///{tmp_path}/nowhere/panelik.db")
    missing = f"sqlite:///{tmp_path}/panelik.db"
    assert "does not exist" in await _refusal(missing, migrate=False)
    (tmp_path / "panelik.db").touch()
    assert "no tables yet" in await _refusal(missing, migrate=False)


async def test_a_database_that_stays_locked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engines.sqlite.BUSY_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(tmp_path / "panelik.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        assert "another process" in await _refusal(f"sqlite:///{tmp_path}/panelik.db")


async def test_what_is_up_to_date_opens_while_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engines.sqlite.BUSY_TIMEOUT_MS", 10)
    url = await asyncio.to_thread(make_database, tmp_path / "panelik.db")
    with closing(sqlite3.connect(tmp_path / "panelik.db")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        database = await Database.open(url)
        async with database.work.reading() as uow:
            assert (await uow.catalogs.current()).revision == 0
        with pytest.raises(DatabaseError, match=r"panelik\.db: another process has been writing"):
            async with database.work.writing() as uow:
                await uow.catalogs.current()
        await database.close()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://localhost/panelik", "sqlite://", "sqlite:///:memory:"],
)
async def test_an_address_we_cannot_use_is_refused_with_an_example(url: str) -> None:
    assert "sqlite:///panelik.db" in await _refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:secret@localhost",
        "postgresql+psycopg2://anna:secret@localhost/panelik",
        "postgresql://anna:secret@localhost:port/panelik",
        "postgres//anna:secret@localhost",
    ],
)
async def test_a_wrong_address_is_refused_without_its_password(url: str) -> None:
    assert "secret" not in await _refusal(url)


def test_there_is_one_newest_revision() -> None:
    assert head() == "0004"
