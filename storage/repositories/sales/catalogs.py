"""The catalogue: one immutable document per revision, with numbers that buttons can carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, func, insert, select

from billing.rules.errors import BillingError
from billing.rules.shop.catalog import Catalog, Company, HelpTopic, Product
from storage.catalog_cache import CatalogCache
from storage.documents import from_document, to_document
from storage.engines.connection import Connection
from storage.tables.sales import catalogs

EMPTY = Catalog(0, Company("Panelik"))
"""The catalogue of a database into which nothing was loaded yet."""

Entry = TypeVar("Entry", HelpTopic, Product)

NEWEST = select(func.coalesce(func.max(catalogs.c.revision), EMPTY.revision))
"""The newest revision, as a statement or as a column of another statement."""


@dataclass(slots=True)
class SqlCatalogs:
    """Rows of catalogues; what this transaction has written is not in the cache yet."""

    connection: Connection
    cache: CatalogCache
    _written: Catalog | None = field(default=None, init=False)
    _newest: int | None = field(default=None, init=False)

    async def current(self) -> Catalog:
        """The newest revision; which one that is costs one small statement per transaction."""
        if self._written is not None:
            return self._written
        if self._newest is None:
            self._newest = (await self.connection.execute(NEWEST)).scalar_one()
        if (revision := self._newest) == EMPTY.revision:
            return EMPTY
        if (cached := self.cache.get(revision)) is not None:
            return cached
        query = select(catalogs.c.body).where(catalogs.c.revision == revision)
        self.cache.newest = replace(
            (await self.connection.execute(query)).scalar_one(), revision=revision
        )
        return self.cache.newest

    async def current_at(self, newest: int) -> Catalog:
        """The newest revision, whose number a statement of this transaction has read with others.

        After this `current` costs no statement either.
        """
        self._newest = newest
        return await self.current()

    async def save(self, catalog: Catalog, *, at: datetime) -> Catalog:
        """Store as the next revision unless it equals the newest.

        Known entries keep their numbers, new ones get the next numbers; missing products stay and
        are no longer offered. BillingError for an id that is known under another kind, or a ref
        that belongs to a missing product.
        """
        before = await self.current()
        topic_numbers = await self._topic_numbers(before.revision)
        topics, topic_numbers = _with_numbers(catalog.topics, topic_numbers)
        products, _ = _with_numbers(catalog.products, {p.id: p.number for p in before.products})
        product_ids = {product.id for product in products}
        withdrawn = [replace(p, offered=False) for p in before.products if p.id not in product_ids]
        _refuse_conflicts(products, before, withdrawn)
        with_numbers = replace(
            catalog, revision=before.revision, products=(*products, *withdrawn), topics=topics
        )
        catalog_read: Catalog = from_document(to_document(with_numbers, Catalog), Catalog)
        if catalog_read == before:
            return before
        catalog_read = replace(catalog_read, revision=before.revision + 1)
        await self.connection.execute(
            insert(catalogs).values(
                revision=catalog_read.revision,
                loaded_at=at,
                body=catalog_read,
                topic_numbers=topic_numbers,
            )
        )
        self._written = catalog_read
        return catalog_read

    async def prune(self, *, before: datetime, keep: int, limit: int) -> int:
        """Delete revisions loaded before then, except the newest `keep`; return how many.

        Nothing refers to older ones: the newest prices carts, and proformas keep their quotes. A
        transaction that has just read the newest revision's number still finds it after a load.
        """
        newest = select(func.max(catalogs.c.revision)).scalar_subquery()
        old = (
            select(catalogs.c.revision)
            .where(catalogs.c.revision <= newest - keep, catalogs.c.loaded_at < before)
            .limit(limit)
        )
        deleted = await self.connection.execute(
            delete(catalogs).where(catalogs.c.revision.in_(old))
        )
        return deleted.rowcount

    async def _topic_numbers(self, revision: int) -> dict[str, int]:
        """Every number ever given to a help topic, also to removed ones."""
        query = select(catalogs.c.topic_numbers).where(catalogs.c.revision == revision)
        return (await self.connection.execute(query)).scalar() or {}


def _refuse_conflicts(
    products: Sequence[Product], before: Catalog, withdrawn: Sequence[Product]
) -> None:
    """BillingError if a product would take the place of another one, which services name."""
    taken = {(product.kind, product.ref): product.id for product in withdrawn}
    for product in products:
        there = before.product(product.id)
        if there is not None and there.kind is not product.kind:
            raise BillingError(
                "id_of_another_kind", ref=product.id, known=there.kind, loaded=product.kind
            )
        if other := taken.get((product.kind, product.ref)):
            raise BillingError("ref_taken", ref=product.ref, id=product.id, other=other)


def _with_numbers(
    entries: Sequence[Entry], numbers_before: Mapping[str, int]
) -> tuple[tuple[Entry, ...], dict[str, int]]:
    numbers = dict(numbers_before)
    result = []
    for entry in entries:
        number = numbers.setdefault(entry.id, max(numbers.values(), default=0) + 1)
        result.append(replace(entry, number=number))
    return tuple(result), numbers
