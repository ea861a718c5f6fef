"""Counting and keeping the SQL statements that a piece of a test runs; how they are planned."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event

from storage.database import Database
from storage.engines.engine import is_sqlite

APART = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
"""What belongs to the transaction, not to the work."""


@dataclass(slots=True)
class Statements:
    """The statements that were run, in order, each with its parameters (of one row)."""

    run: list[tuple[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.run)

    def __str__(self) -> str:
        return "\n".join(statement for statement, _ in self.run)


def rows_of(connection: Connection, sql: str, given: tuple[Any, ...]) -> Sequence[Any]:
    """The rows of a statement in the driver's form, for `run_sync`."""
    return connection.exec_driver_sql(sql, given).all()


@contextmanager
def counting(database: Database) -> Iterator[Statements]:
    """Keep every statement run on a database; BEGIN, COMMIT and PRAGMA apart.

    Many rows written by one call count once, as one statement.
    """
    seen = Statements()

    def keep(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if not statement.lstrip().upper().startswith(APART):
            # Many rows in one statement come as one row of parameters.
            one_row = parameters[0] if many and isinstance(parameters, list) else parameters
            seen.run.append((statement, one_row))

    engines = [database.engines.writer.sync_engine]
    if is_sqlite(database.engines.url):
        # On PostgreSQL one engine does both, and is told of what its variants do.
        engines.append(database.engines.readers.sync_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", keep)


def scans(database: Database, statements: Iterable[tuple[str, Any]]) -> list[str]:
    """Every step of a plan that reads a whole table, with its statement."""
    return [
        f"{step} in {statement}"
        for statement, steps in plans(database, statements).items()
        for step in steps
        if step.startswith("SCAN ") and not _is_own(step, steps)
    ]


def plans(database: Database, statements: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    """How SQLite carries out each statement, step by step."""
    with closing(sqlite3.connect(str(database.engines.url.database))) as connection:
        return {
            statement: [
                step
                for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
            for statement, parameters in dict(statements).items()
        }


def _is_own(step: str, steps: list[str]) -> bool:
    """Whether what is scanned is no table but the rows of a part of the statement itself."""
    name = step.split()[1]
    made = (f"CO-ROUTINE {name}", f"MATERIALIZE {name}")
    of_parameters = "CONSTANT ROW" in step or "VIRTUAL TABLE" in step
    return of_parameters or name.startswith("(") or any(one in steps for one in made)
