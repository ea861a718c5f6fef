"""The owner of the database: one row."""

from dataclasses import dataclass

from sqlalchemy import select, update

from billing.rules.panel.owner import Owner
from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.running import ONLY_ROW, owner


@dataclass(frozen=True, slots=True)
class SqlOwners:
    """The row that names the owner."""

    connection: Connection

    async def get(self) -> Owner | None:
        """The owner; None for a new database."""
        query = select(owner.c.panel, owner.c.identity, owner.c.since)
        row = (await self.connection.execute(query.where(owner.c.id == ONLY_ROW))).one_or_none()
        return Owner(*row) if row else None

    async def take(self, first: Owner) -> None:
        """Keep the first owner; nothing happens if there is one already."""
        row = {
            "id": ONLY_ROW, "panel": first.panel, "identity": first.identity, "since": first.since,
        }  # fmt: skip
        statement = upsert(owner, self.connection).values(row).on_conflict_do_nothing()
        await self.connection.execute(statement)

    async def give(self, new: Owner) -> None:
        """Give the database to another owner."""
        values = {"panel": new.panel, "identity": new.identity, "since": new.since}
        await self.connection.execute(update(owner).where(owner.c.id == ONLY_ROW).values(values))

    async def move(self, identity: str) -> None:
        """Give the owner another identity."""
        statement = update(owner).where(owner.c.id == ONLY_ROW).values(identity=identity)
        await self.connection.execute(statement)
