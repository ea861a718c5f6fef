"""A company of any size, in seconds: one client is loaded as always, the others are copies.

Copies are made by the database itself, of every column that exists, so that a million services
take one statement and a new column needs nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    text,
)

from bot.sandbox.people import CROWD_FROM
from storage.database import Database
from storage.engines.connection import Connection
from storage.tables.accounts import clients, links, users
from storage.tables.services import services
from tests.make import catalog, service
from tests.storage.company import add_client, add_services
from tests.world import START

DAY = START.date()
NOON = START + timedelta(hours=2)
"""By now the reminders of the DAY are due, wherever in the hour they were spread."""

FIRST = CROWD_FROM + 1
"""The first client's user; the next client's is the next number."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Clients with `each` services, the `one_in`-th of which are due `days` after DAY.

    The others are due within the year, but later than anybody is reminded of.
    """

    clients: int
    each: int = 1
    one_in: int = 1
    days: int = 7

    @property
    def users(self) -> range:
        """Everybody who is linked to a client of their own."""
        return range(FIRST, FIRST + self.clients)

    @property
    def due(self) -> int:
        """How many services are due."""
        return self.clients * self.each // self.one_in

    async def __call__(self, url: str) -> None:
        """Fill an empty database."""
        database = await Database.open(url, migrate=False)
        try:
            client, model = await _model(database)
            async with database.engines.writer.begin() as connection:
                await self._copy(connection, client, model)
            async with database.engines.writer.begin() as connection:
                await _number_on(connection, clients, services)
                await connection.execute(text("ANALYZE"))
        finally:
            await database.close()

    async def _copy(self, connection: Connection, client: int, model: int) -> None:
        n = _numbers(self.clients)
        named = {"id": client + n.c.n, "ref": _named("C-", n), "name": _named("Firma ", n)}
        await _copies(connection, clients, client, n, named)
        user = {"id": CROWD_FROM + n.c.n, "client_id": client + n.c.n}
        await _copies(connection, users, CROWD_FROM, n, user)
        link = {"user_id": CROWD_FROM + n.c.n, "client_id": client + n.c.n}
        await _copies(connection, links, CROWD_FROM, n, link)
        n = _numbers(self.clients * self.each)
        domain = _named("strona-", n) + ".example"
        days = case((n.c.n % self.one_in == 0, self.days), else_=60 + n.c.n % 300)
        owned = {
            "id": model + n.c.n,
            "ref": _named("S-", n),
            "client_id": client + 1 + (n.c.n - 1) // self.each,
            "domain": domain,
            "domain_key": domain,
            "search_text": domain,
            "sort_key": domain,
            "next_due_date": _later(connection, days),
        }
        await _copies(connection, services, model, n, owned)


async def _model(database: Database) -> tuple[int, int]:
    """The client and the service that are copied; neither is ever due."""
    async with database.work.writing() as uow:
        await uow.catalogs.save(catalog(), at=START)
        await uow.commit()
    client = await add_client(database, "C-0", telegram_ids=(CROWD_FROM,))
    made = service(client_id=client, next_due_date=DAY + timedelta(days=1000), anchor_day=31)
    (number,) = await add_services(database, made)
    return client, number


async def _number_on(connection: Connection, *copied: Table) -> None:
    """Let new rows be numbered after the copies, which PostgreSQL has not counted."""
    if connection.dialect.name != "postgresql":
        return
    for table in copied:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        await connection.execute(select(func.setval(sequence, func.max(table.c.id))))


def _numbers(count: int) -> CTE:
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < count))


def _named(prefix: str, n: CTE) -> ColumnElement[str]:
    return literal(prefix) + cast(n.c.n, String)


def _later(connection: Connection, days: ColumnElement[int]) -> ColumnElement[Any]:
    if connection.dialect.name == "postgresql":
        return cast(literal(DAY), Date) + days
    return func.date(DAY.isoformat(), cast(days, String) + " days")


async def _copies(
    connection: Connection, table: Table, of: int, numbers: CTE, changed: Mapping[str, Any]
) -> None:
    """Insert a row for every number: the model's, with some columns changed."""
    model, *_ = table.primary_key.columns
    kept = [column for column in table.columns if column.computed is None]
    values = [changed.get(column.name, column) for column in kept]
    chosen = select(*values).select_from(table.join(numbers, literal(value=True)))
    added = insert(table).from_select([column.name for column in kept], chosen.where(model == of))
    await connection.execute(added)
