"""How a database has found the rows of a table, by its own account: with its real statistics."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from storage.database import Database
from storage.engines.engine import is_sqlite
from tests.statements import plans, rows_of


async def steps(database: Database, statements: Iterable[tuple[str, Any]], of: str) -> list[str]:
    """The different ways in which statements that begin with this table read it."""
    about = [(said, given) for said, given in statements if re.search(rf"\bFROM {of}\b", said)]
    told = (
        [step for found in plans(database, about).values() for step in found]
        if is_sqlite(database.engines.url)
        else await _explained(database, dict(about))
    )
    return sorted({step for step in told if re.search(rf"\b{of}\b", step)})


async def _explained(database: Database, statements: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    async with database.engines.writer.connect() as connection:
        for statement, given in statements.items():
            explain = partial(rows_of, sql=f"EXPLAIN {statement}", given=tuple(given))
            told = await connection.run_sync(explain)
            lines += [line for (line,) in told if " Scan " in line]
    return [line.strip(" ->").partition("  (cost")[0] for line in lines]
