"""The list of services as statements: built once for every way to look at it, not at every tap."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from billing.views.services import ServiceFilter, Sort
from storage.folding import fold
from storage.rows import SERVICE
from storage.tables.services import services

ORDERS = {
    Sort.DUE_DATE: services.c.due_order,
    Sort.NAME: services.c.sort_key,
    Sort.PRICE: services.c.price_order,
}
ESCAPE = "/"


def count_of(search: str) -> Select[Any]:
    """Top-level services of the client by status; its values come from `asked_with`."""
    return _counts(is_searched=bool(fold(search)))


def page_of(asked: ServiceFilter) -> Select[Any]:
    """One page of top-level services of the client; its values come from `asked_with`."""
    return _page(
        asked.sort, is_filtered=asked.status is not None, is_searched=bool(fold(asked.search))
    )


def asked_with(client_id: int, asked: ServiceFilter, *, size: int = 0) -> dict[str, Any]:
    """The values of both statements; wildcards in a search are plain characters."""
    part = fold(asked.search)
    for special in (ESCAPE, "%", "_"):
        part = part.replace(special, ESCAPE + special)
    return {
        "client_id": client_id, "status": asked.status, "part": f"%{part}%",
        "size": size, "before": asked.page * size,
    }  # fmt: skip


@cache
def _counts(*, is_searched: bool) -> Select[Any]:
    asked = select(services.c.status, func.count()).group_by(services.c.status)
    return _among(asked, is_searched=is_searched)


@cache
def _page(sort: Sort, *, is_filtered: bool, is_searched: bool) -> Select[Any]:
    asked = (
        _among(select(*SERVICE), is_searched=is_searched)
        .order_by(ORDERS[sort], services.c.id)
        .limit(bindparam("size"))
        .offset(bindparam("before"))
    )
    return asked.where(services.c.status == bindparam("status")) if is_filtered else asked


def _among(asked: Select[Any], *, is_searched: bool) -> Select[Any]:
    """The client's, without add-ons, and those with a part of the name or domain."""
    mine = asked.where(
        services.c.client_id == bindparam("client_id"), services.c.parent_id.is_(None)
    )
    found = services.c.search_text.like(bindparam("part"), escape=ESCAPE)
    return mine.where(found) if is_searched else mine
