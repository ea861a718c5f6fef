"""The user's view of the list: filter, sort order, search and page, kept in the conversation.

It is kept for one client at a time, because a search in one account means nothing in another.
"""

from enum import StrEnum
from typing import TypeVar

from billing.ports.conversations import Json, View
from billing.rules.names import visible
from billing.rules.services.service import ServiceStatus
from billing.views.services import ServiceFilter, Sort

SEARCH_LIMIT = 300
"""Most characters; the longest domain fits, also inside a pasted address."""

Value = TypeVar("Value", bound=StrEnum)


def read_filter(view: View, client: int) -> ServiceFilter:
    """The kept filter; the default one if none is kept for this client, or by another version."""
    if view.get("services.client") != client:
        return ServiceFilter()
    search, page = view.get("services.search"), view.get("services.page")
    return ServiceFilter(
        status=_one_of(ServiceStatus, view.get("services.status")),
        sort=_one_of(Sort, view.get("services.sort")) or Sort.DUE_DATE,
        search=search if isinstance(search, str) else "",
        page=page if isinstance(page, int) else 0,
        every=view.get("services.every") is True,
    )


def _one_of(values: type[Value], code: Json) -> Value | None:
    return next((value for value in values if value == code), None)


def filter_values(service_filter: ServiceFilter, client: int) -> dict[str, Json]:
    """The filter as values to keep."""
    return {
        "services.client": client,
        "services.status": None if service_filter.status is None else str(service_filter.status),
        "services.sort": str(service_filter.sort),
        "services.search": service_filter.search,
        "services.page": service_filter.page,
        "services.every": service_filter.every,
    }


def read_search(text: str) -> str:
    """Typed text as a search: one line of visible characters, of limited length."""
    return visible(text)[:SEARCH_LIMIT]
