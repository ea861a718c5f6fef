"""How PostgreSQL carries out statements: which of them would read a whole table."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import text

from storage.database import Database
from storage.tables.services import services
from tests.statements import rows_of

NO_OTHER_WAY = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
"""Small tables are read as a whole, which is quickest: with these off, only where one must."""

EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")

_COPIED = ", ".join(
    column.name
    for column in services.c
    if column.computed is None and column.name not in ("id", "ref", "invoice_line_id")
)
MANY_SERVICES = (
    f"INSERT INTO services ({_COPIED}) "  # noqa: S608 - names of our own columns
    f"SELECT {_COPIED} FROM services, generate_series(1, 3000) WHERE services.id = 1"
)
"""Among a few it does not matter which index is used."""


async def scans(database: Database, statements: Iterable[tuple[str, Any]]) -> list[str]:
    """Every step of a plan that reads a whole table, with its statement."""
    found = []
    async with database.engines.writer.connect() as connection:
        await connection.execute(text(MANY_SERVICES))
        for setting in NO_OTHER_WAY:
            await connection.execute(text(f"SET LOCAL {setting} = off"))
        for statement, parameters in dict(statements).items():
            if statement.startswith(EXPLAINED):
                sql = f"EXPLAIN (FORMAT JSON) {statement}"
                explain = partial(rows_of, sql=sql, given=tuple(parameters))
                ((plan,),) = await connection.run_sync(explain)
                plan = json.loads(plan) if isinstance(plan, str) else plan
                found += [f"{step} in {statement}" for step in _whole(plan[0]["Plan"])]
    return found


def _whole(step: dict[str, Any], *, above: str = "") -> Iterator[str]:
    """The steps that begin at a table's or an index's start and read on.

    The first or last entry of an index alone is found by no condition, but by a limit.
    """
    kind, table = step["Node Type"], step.get("Relation Name", step.get("Index Name"))
    by_index = kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    ends = above == "Limit" and "Filter" not in step
    if kind == "Seq Scan" or (by_index and "Index Cond" not in step and not ends):
        yield f"{kind} of {table}"
    for part in step.get("Plans", ()):
        yield from _whole(part, above=kind)
