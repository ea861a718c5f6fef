"""The list of services."""

from markupsafe import Markup

from billing.rules.services import Service
from billing.views.services import ServiceList
from handlers.buttons import (
    ClearSearch,
    OpenAddons,
    OpenHome,
    OpenOrder,
    OpenRenewals,
    OpenService,
    OpenServiceMenu,
    OpenSorts,
    OpenStatuses,
    TurnServices,
)
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, pager, rows_of
from handlers.chat.screens.wording import facts, tax_hint, title_with_domain
from handlers.services.filters import active_filter, sort_label
from handlers.services.offer import offer_block, offer_rows
from handlers.services.words import due_date, recurring_price, status_of
from locales.text import Plain
from locales.translator import Translator


def services(t: Translator, service_list: ServiceList) -> Screen:
    """The offer of the day, then one page of services, numbered throughout."""
    return Screen(
        lines(
            t("📦 <b>Services</b>"),
            *_banner(t, service_list),
            *active_filter(t, service_list),
            *_gap(service_list),
            *(
                _entry(t, service_list, number, service)
                for number, service in _numbered_services(service_list)
            ),
            *_below(t, service_list),
        ),
        (
            *_action_rows(t, service_list),
            *offer_rows(t, service_list.banner, service_list.banner_product),
            *_number_rows(service_list),
            *pager(t, service_list.service_filter.page, service_list.pages, TurnServices),
            *_look_rows(t, service_list),
            (back(t, OpenHome()),),
        ),
    )


def _gap(service_list: ServiceList) -> tuple[str, ...]:
    """An empty line before the list, unless a banner already sets it apart."""
    is_filtered = (
        service_list.service_filter.search or service_list.service_filter.status is not None
    )
    return () if service_list.banner is not None and not is_filtered else ("",)


def _numbered_services(service_list: ServiceList) -> list[tuple[int, Service]]:
    first = service_list.service_filter.page * service_list.page_size + 1
    return list(enumerate(service_list.services, start=first))


def _banner(t: Translator, service_list: ServiceList) -> tuple[str | Markup, ...]:
    return () if service_list.banner is None else ("", offer_block(t, service_list.banner))


def _entry(t: Translator, service_list: ServiceList, number: int, service: Service) -> Markup:
    title = title_with_domain(t, service.title, service.domain)
    due = due_date(t, service, service_list.today, service_list.soon_days)
    return lines(
        Markup("{}. {}").format(number, title),
        facts(recurring_price(t, service, service_list.taxation), status_of(t, service)),
        facts(due) if due else None,
    )


def _below(t: Translator, service_list: ServiceList) -> tuple[str | Markup, ...]:
    """Hints below the list: what to do if it is empty, else about search and prices."""
    if service_list.services:
        hint = t("<i>Type part of a name or domain to search.</i>")
        tax = tax_hint(t, service_list.taxation.rate)
        return ("", hint) if tax is None else ("", tax, hint)
    if service_list.service_filter.search:
        return (t("Nothing found. Part of a name or domain is enough: try fewer letters."),)
    if service_list.service_filter.status is not None:
        return (t("You have no service with this status."),)
    if not service_list.allowed.order:
        return (t("You have no services yet."),)
    return (t("You have no services yet. To get the first one, place a new order."),)


def _action_rows(t: Translator, service_list: ServiceList) -> tuple[Row, ...]:
    renew = (Button(t.plain("Renew services"), OpenRenewals()),)
    if not service_list.allowed.order:
        return (renew,)
    return (
        renew,
        (Button(t.plain("Place a new order"), OpenOrder()),),
        (Button(t.plain("Browse available add-ons"), OpenAddons()),),
    )


def _number_rows(service_list: ServiceList) -> tuple[Row, ...]:
    """Buttons in rows of two services, each with a number and a menu of actions."""
    return rows_of(
        (
            button
            for number, service in _numbered_services(service_list)
            for button in (
                Button(Plain(str(number)), OpenService(service.id)),
                Button(Plain(f"{number} ⋯"), OpenServiceMenu(service.id)),
            )
        ),
        4,
    )


def _look_rows(t: Translator, service_list: ServiceList) -> tuple[Row, ...]:
    rows: list[Row] = []
    if service_list.service_filter.search:
        rows.append((Button(t.plain("✕ Clear the search"), ClearSearch()),))
    if service_list.all or service_list.service_filter.status is not None:
        sort = Plain(f"⇅ {sort_label(t, service_list.service_filter.sort)}")
        rows.append(
            (Button(t.plain("View"), OpenStatuses()), Button(sort, OpenSorts())),
        )
    return tuple(rows)
