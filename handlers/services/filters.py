"""Filter and sort order of the list of services."""

from collections.abc import Iterator

from markupsafe import Markup

from billing.rules.services.service import ServiceStatus
from billing.views.services import ServiceList, Sort
from handlers.buttons import (
    FilterServices,
    ListLiving,
    OpenServices,
    SortServices,
)
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, rows_of, shortened
from locales.labels import status_with_sign
from locales.text import Plain
from locales.translator import Translator

SEARCH_SHOWN = 40


def active_filter(t: Translator, service_list: ServiceList) -> tuple[str | Markup, ...]:
    """The active status filter and search text, if any."""
    filter_lines: list[str | Markup] = []
    if service_list.service_filter.search:
        filter_lines.append(
            t.n(
                "🔎 Search: “{text}” · {n} service",
                "🔎 Search: “{text}” · {n} services",
                service_list.count,
                text=shortened(service_list.service_filter.search, SEARCH_SHOWN),
            )
        )
    if service_list.service_filter.status is not None:
        status = status_with_sign(t, service_list.service_filter.status)
        filter_lines.append(
            t("Only: {status} ({n})", status=status, n=t.number(service_list.count))
        )
    return tuple(filter_lines)


def sort_label(t: Translator, sort: Sort) -> Plain:
    """The name of a sort order."""
    match sort:
        case Sort.DUE_DATE:
            return t.plain("by due date")
        case Sort.NAME:
            return t.plain("by name")
        case Sort.PRICE:
            return t.plain("by price")


def statuses(t: Translator, service_list: ServiceList) -> Screen:
    """Every status with the number of services in it, and the orders of the list."""
    return Screen(
        lines(
            t("📦 <b>Services</b>"),
            *active_filter(t, service_list),
            "",
            t("Which services do you want to see?"),
            t("<i>Type part of a name or domain to search.</i>"),
        ),
        (
            _scopes(t, service_list),
            *rows_of(_status_choices(t, service_list), 2),
            _sort_choices(t, service_list.service_filter.sort),
            (back(t, OpenServices()),),
        ),
    )


def _scopes(t: Translator, service_list: ServiceList) -> Row:
    """The living services, and all of them; a search looks in all."""
    service_filter = service_list.service_filter
    every = _choice(
        t.plain("All ({n})", n=t.number(service_list.all)),
        FilterServices(),
        chosen=service_filter.status is None and not service_list.is_living_only,
    )
    if service_filter.search or not service_list.living:
        return (every,)
    living = _choice(
        t.plain("Current ({n})", n=t.number(service_list.living)),
        ListLiving(),
        chosen=service_list.is_living_only,
    )
    return (living, every)


def _status_choices(t: Translator, service_list: ServiceList) -> Iterator[Button]:
    for status in ServiceStatus:
        label = t.plain(
            "{status} ({n})",
            status=status_with_sign(t, status),
            n=t.number(service_list.counts.get(status, 0)),
        )
        chosen = service_list.service_filter.status is status
        yield _choice(label, FilterServices(status), chosen=chosen)


def _sort_choices(t: Translator, current: Sort) -> Row:
    return tuple(
        _choice(sort_label(t, sort), SortServices(sort), chosen=sort is current) for sort in Sort
    )


def sorts(t: Translator, current: Sort) -> Screen:
    """The sort orders of the list."""
    return Screen(
        lines(t("📦 <b>Services</b>"), "", t("How should the list be sorted?")),
        (
            *((choice,) for choice in _sort_choices(t, current)),
            (back(t, OpenServices()),),
        ),
    )


def _choice(
    label: Plain, action: FilterServices | ListLiving | SortServices, *, chosen: bool
) -> Button:
    return Button(Plain(f"✓ {label}") if chosen else label, action)
