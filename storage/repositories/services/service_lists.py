"""Statements of the services list, built once for every filter and sort, not at every tap."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from billing.rules.names import search_words
from billing.rules.services.service import LIVING
from billing.views.services import (
    CancellationStatus,
    CancelWhen,
    ListedService,
    ServiceFilter,
    Sort,
)
from storage.folding import search_term
from storage.repositories.services.owned_services import ENDS_ON
from storage.rows import SERVICE, WIDTH, service_from
from storage.tables.services import cancellations, services

ORDERS = {
    Sort.DUE_DATE: services.c.due_order,
    Sort.NAME: services.c.sort_key,
    Sort.PRICE: services.c.price_order,
}
ESCAPE = "/"


def page_of(service_filter: ServiceFilter) -> Select[Any]:
    """One page of top-level services of the client; its values come from `list_parameters`."""
    return _page(
        service_filter.sort,
        is_filtered=service_filter.status is not None,
        is_living_only=service_filter.is_living_only,
        words=len(search_terms(service_filter.search)),
    )


def listed_from(row: Sequence[Any]) -> ListedService:
    """A service of the list from a row of `page_of`."""
    status, is_with_period, ends_on = row[WIDTH:]
    service = service_from(row)
    if status == CancellationStatus.ACCEPTED and is_with_period:
        return ListedService(service, True, ends_on)
    return ListedService(service, is_asked_to_end=status == CancellationStatus.REQUESTED)


def list_parameters(
    client_id: int, service_filter: ServiceFilter, *, size: int = 0
) -> dict[str, Any]:
    """The values of both statements; wildcards in a search are plain characters."""
    parts = {
        _part(place): f"%{_plain(term)}%"
        for place, term in enumerate(search_terms(service_filter.search))
    }
    return {
        "client_id": client_id, "status": service_filter.status, **parts,
        "size": size, "before": service_filter.page * size,
    }  # fmt: skip


def search_terms(search: str) -> tuple[str, ...]:
    """The words of the search, each to be found somewhere; none for a plain list."""
    return tuple(dict.fromkeys(filter(None, map(search_term, search_words(search)))))


def _plain(term: str) -> str:
    for special in (ESCAPE, "%", "_"):
        term = term.replace(special, ESCAPE + special)
    return term


def _part(place: int) -> str:
    return f"part{place}"


@cache
def _page(sort: Sort, *, is_filtered: bool, is_living_only: bool, words: int) -> Select[Any]:
    rows = select(
        *SERVICE,
        cancellations.c.status,
        cancellations.c.takes_effect == CancelWhen.PERIOD_END,
        ENDS_ON,
    ).select_from(
        services.outerjoin(cancellations, cancellations.c.open_service_id == services.c.id)
    )
    query = (
        among(rows, words=words)
        .order_by(ORDERS[sort], services.c.id)
        .limit(bindparam("size"))
        .offset(bindparam("before"))
    )
    if is_living_only:
        query = query.where(services.c.status.in_(sorted(LIVING)))
    return query.where(services.c.status == bindparam("status")) if is_filtered else query


def among(query: Select[Any], *, words: int) -> Select[Any]:
    """The client's services without add-ons, with every word in name or domain."""
    mine = query.where(
        services.c.client_id == bindparam("client_id"),
        services.c.parent_id.is_(None),
        ~services.c.is_hidden,
    )
    text = services.c.search_text
    parts = (text.like(bindparam(_part(place)), escape=ESCAPE) for place in range(words))
    return mine.where(*parts)
