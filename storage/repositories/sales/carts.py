"""Carts: one row each; a change succeeds only if the revision is still the one that was read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, select

from billing.rules.errors import CartChangedError
from billing.rules.shop.cart import Cart, CartLine
from billing.rules.shop.catalog import Catalog
from storage.engines.connection import Connection
from storage.repositories.sales.catalogs import NEWEST, SqlCatalogs
from storage.statements import insert_into
from storage.tables.sales import carts

_NEWEST = NEWEST.subquery("newest")
_WITH_CATALOG: Select[Any] = select(
    *_NEWEST.c, carts.c.revision, carts.c.next_line, carts.c.lines
).select_from(_NEWEST.outerjoin(carts, carts.c.client_id == bindparam("client_id")))


@dataclass(frozen=True, slots=True)
class SqlCarts:
    """Rows of carts."""

    connection: Connection
    catalogs: SqlCatalogs

    async def get(self, client_id: int) -> Cart:
        """The cart; an empty one at revision 0 if there never was one."""
        return (await self.by_client([client_id])).get(client_id) or Cart(client_id, 0)

    async def get_with_catalog(self, client_id: int) -> tuple[Cart, Catalog]:
        """The cart and the catalogue that prices it, whose number comes in the same statement."""
        row = await self.connection.execute(_WITH_CATALOG, {"client_id": client_id})
        newest, revision, next_line, lines = row.one()
        catalog = await self.catalogs.current_at(newest)
        if revision is None:
            return Cart(client_id, 0), catalog
        return Cart(client_id, revision, lines, next_line), catalog

    async def by_client(self, client_ids: Collection[int]) -> Mapping[int, Cart]:
        """The carts of clients who have ever had one."""
        query = select(carts).where(carts.c.client_id.in_(tuple(client_ids)))
        return {
            client_id: Cart(client_id, revision, lines, next_line)
            for client_id, revision, next_line, lines in await self.connection.execute(query)
        }

    async def save(self, cart: Cart, lines: Sequence[CartLine]) -> Cart:
        """Store new lines and raise the revision; CartChangedError if it has changed meanwhile.

        Lines with id 0 are new and get ids that this cart has never used before.
        """
        numbered, next_line = _numbered(lines, cart.next_line)
        saved = await self.connection.execute(
            _save(self.connection.dialect.name),
            {
                "client_id": cart.client_id,
                "revision": cart.revision + 1,
                "next_line": next_line,
                "lines": numbered,
            },
        )
        if saved.scalar() is None:
            raise CartChangedError
        return Cart(cart.client_id, cart.revision + 1, numbered, next_line)


@cache
def _save(dialect: str) -> Executable:
    """Write only over the revision before the given one."""
    row = insert_into(carts, dialect)
    return row.on_conflict_do_update(
        index_elements=["client_id"],
        set_={name: row.excluded[name] for name in ("revision", "next_line", "lines")},
        where=carts.c.revision == row.excluded.revision - 1,
    ).returning(carts.c.revision)


def _numbered(lines: Sequence[CartLine], next_line: int) -> tuple[tuple[CartLine, ...], int]:
    numbered = []
    for line in lines:
        if line.id:
            numbered.append(line)
        else:
            numbered.append(replace(line, id=next_line))
            next_line += 1
    return tuple(numbered), next_line
