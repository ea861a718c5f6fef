"""Statements of the services list, built once for every filter and sort, not at every tap."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from billing.rules.names import search_words
from billing.views.services import ServiceFilter, Sort
from storage.folding import search_term
from storage.rows import SERVICE
from storage.tables.services import services

ORDERS = {
    Sort.DUE_DATE: services.c.due_order,
    Sort.NAME: services.c.sort_key,
    Sort.PRICE: services.c.price_order,
}
ESCAPE = "/"


def count_of(search: str) -> Select[Any]:
    """Count the client's top-level services by status; its values come from `list_parameters`."""
    return _counts(words=len(_terms(search)))


def page_of(service_filter: ServiceFilter) -> Select[Any]:
    """One page of top-level services of the client; its values come from `list_parameters`."""
    return _page(
        service_filter.sort,
        is_filtered=service_filter.status is not None,
        words=len(_terms(service_filter.search)),
    )


def list_parameters(
    client_id: int, service_filter: ServiceFilter, *, size: int = 0
) -> dict[str, Any]:
    """The values of both statements; wildcards in a search are plain characters."""
    parts = {
        _part(place): f"%{_plain(term)}%"
        for place, term in enumerate(_terms(service_filter.search))
    }
    return {
        "client_id": client_id, "status": service_filter.status, **parts,
        "size": size, "before": service_filter.page * size,
    }  # fmt: skip


def _terms(search: str) -> tuple[str, ...]:
    """The words of the search, each to be found somewhere; none for a plain list."""
    return tuple(dict.fromkeys(filter(None, map(search_term, search_words(search)))))


def _plain(term: str) -> str:
    for special in (ESCAPE, "%", "_"):
        term = term.replace(special, ESCAPE + special)
    return term


def _part(place: int) -> str:
    return f"part{place}"


@cache
def _counts(*, words: int) -> Select[Any]:
    query = select(services.c.status, func.count()).group_by(services.c.status)
    return _among(query, words=words)


@cache
def _page(sort: Sort, *, is_filtered: bool, words: int) -> Select[Any]:
    query = (
        _among(select(*SERVICE), words=words)
        .order_by(ORDERS[sort], services.c.id)
        .limit(bindparam("size"))
        .offset(bindparam("before"))
    )
    return query.where(services.c.status == bindparam("status")) if is_filtered else query


def _among(query: Select[Any], *, words: int) -> Select[Any]:
    """The client's services without add-ons, with every word in name or domain."""
    mine = query.where(
        services.c.client_id == bindparam("client_id"), services.c.parent_id.is_(None)
    )
    text = services.c.search_text
    parts = (text.like(bindparam(_part(place)), escape=ESCAPE) for place in range(words))
    return mine.where(*parts)
