"""A search among a client's services, in one statement with the number of the catalogue."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, literal, or_, select, true

from billing.rules.names import search_words
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog
from storage.engines.connection import Connection
from storage.folding import search_term
from storage.repositories.sales.catalogs import NEWEST, SqlCatalogs
from storage.rows import SERVICE, service_from
from storage.tables.services import services

ESCAPE = "/"
_NEWEST = NEWEST.subquery("newest")
_MINE = and_(
    services.c.client_id == bindparam("client_id"),
    services.c.parent_id.is_(None),
    ~services.c.is_hidden,
)
_LINES = literal("\n") + services.c.search_text + literal("\n")
_IS_NAMED = select(
    exists().where(
        _MINE,
        or_(
            _LINES.like(bindparam("line"), escape=ESCAPE),
            _LINES.like(bindparam("domain"), escape=ESCAPE),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class SqlServiceSearch:
    """Searches in rows of services."""

    connection: Connection
    catalogs: SqlCatalogs

    async def services_and_catalog(
        self, client_id: int, text: str, *, limit: int
    ) -> tuple[tuple[Service, ...], int, Catalog]:
        """The first services found, how many there are, and the newest catalogue."""
        terms = tuple(dict.fromkeys(filter(None, map(search_term, search_words(text)))))
        parts = {f"part{place}": f"%{_plain(term)}%" for place, term in enumerate(terms)}
        parameters = {"client_id": client_id, "limit": limit, **parts}
        rows = (await self.connection.execute(_search(len(terms)), parameters)).all()
        catalog = await self.catalogs.current_at(rows[0][0])
        found = tuple(service_from(row[2:]) for row in rows if row[1])
        return found, rows[0][1], catalog

    async def is_named(self, client_id: int, word: str) -> bool:
        """Whether a service bears exactly that word."""
        name = _plain(word)
        parameters = {"client_id": client_id, "line": f"%\n{name}\n%", "domain": f"%\n{name}.%"}
        return bool((await self.connection.execute(_IS_NAMED, parameters)).scalar())


def _plain(term: str) -> str:
    for special in (ESCAPE, "%", "_"):
        term = term.replace(special, ESCAPE + special)
    return term


@cache
def _search(words: int) -> Select[Any]:
    """The newest revision beside each service; a single row without any if none is found."""
    has_words = (
        services.c.search_text.like(bindparam(f"part{place}"), escape=ESCAPE)
        for place in range(words)
    )
    # Sorted by numbers alone: whole rows of a thousand hits would take twice as long.
    hits = (
        select(services.c.id, func.count().over().label("count"))
        .where(_MINE, *has_words)
        .order_by(services.c.due_order, services.c.id)
        .limit(bindparam("limit"))
        .subquery("hits")
    )
    return (
        select(*_NEWEST.c, func.coalesce(hits.c.count, 0), *SERVICE)
        .select_from(
            _NEWEST.outerjoin(hits, true()).outerjoin(services, services.c.id == hits.c.id)
        )
        .order_by(services.c.due_order, services.c.id)
    )
