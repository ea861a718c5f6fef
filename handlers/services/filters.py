"""Filter and sort order of the list of services."""

from markupsafe import Markup

from billing.rules.services import ServiceStatus
from billing.views.services import ServiceList, Sort
from handlers.buttons import (
    FilterServices,
    OpenServices,
    SortServices,
)
from handlers.chat.screens.screen import Button, Screen
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
    return ("", *filter_lines) if filter_lines else ()


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
    """Every status with the number of services in it."""
    every = t.plain("All ({n})", n=t.number(service_list.all))
    buttons = (
        _choice(
            t.plain(
                "{status} ({n})",
                status=status_with_sign(t, status),
                n=t.number(service_list.counts.get(status, 0)),
            ),
            FilterServices(status),
            chosen=service_list.service_filter.status is status,
        )
        for status in ServiceStatus
    )
    return Screen(
        lines(
            t("📦 <b>Services</b>"),
            *active_filter(t, service_list),
            "",
            t("Which services do you want to see?"),
        ),
        (
            (_choice(every, FilterServices(), chosen=service_list.service_filter.status is None),),
            *rows_of(buttons, 2),
            (back(t, OpenServices()),),
        ),
    )


def sorts(t: Translator, current: Sort) -> Screen:
    """The sort orders of the list."""
    return Screen(
        lines(t("📦 <b>Services</b>"), "", t("How should the list be sorted?")),
        (
            *(
                (_choice(sort_label(t, sort), SortServices(sort), chosen=sort is current),)
                for sort in Sort
            ),
            (back(t, OpenServices()),),
        ),
    )


def _choice(label: Plain, action: FilterServices | SortServices, *, chosen: bool) -> Button:
    return Button(Plain(f"✓ {label}") if chosen else label, action)
