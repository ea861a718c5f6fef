"""How a user looks at the list: filter, order, search and page, kept with their conversation.

Kept for one client at a time: what was looked for in one account means nothing in another.
"""

from enum import StrEnum
from typing import TypeVar

from billing.ports.conversations import Json, View
from billing.rules.names import visible
from billing.rules.services import ServiceStatus
from billing.views.services import ServiceFilter, Sort

SEARCH_LIMIT = 300
"""Room for the longest domain, in an address that was pasted."""

Value = TypeVar("Value", bound=StrEnum)


def looked(view: View, client: int) -> ServiceFilter:
    """What is kept; the plain list where nothing is, or of another client, or another version."""
    if view.get("services.client") != client:
        return ServiceFilter()
    search, page = view.get("services.search"), view.get("services.page")
    return ServiceFilter(
        status=_one_of(ServiceStatus, view.get("services.status")),
        sort=_one_of(Sort, view.get("services.sort")) or Sort.DUE_DATE,
        search=search if isinstance(search, str) else "",
        page=page if isinstance(page, int) else 0,
    )


def _one_of(values: type[Value], kept: Json) -> Value | None:
    return next((value for value in values if value == kept), None)


def kept(asked: ServiceFilter, client: int) -> dict[str, Json]:
    """The same as values to keep."""
    return {
        "services.client": client,
        "services.status": None if asked.status is None else str(asked.status),
        "services.sort": str(asked.sort),
        "services.search": asked.search,
        "services.page": asked.page,
    }


def searched(text: str) -> str:
    """Typed text as it is searched for: one line of what can be seen, not endless."""
    return visible(text)[:SEARCH_LIMIT]
