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
from handlers.chat.screen import Button, Row, Screen
from handlers.chat.widgets import back, lines, pager, rows_of
from handlers.chat.wording import facts, named, tax_hint
from handlers.services.filters import looked_at, sort_label
from handlers.services.offer import offer_block, offer_preview, offer_rows
from handlers.services.words import due_date, recurring_price, status_of
from locales.text import Plain
from locales.translator import Translator


def services(t: Translator, found: ServiceList) -> Screen:
    """The offer of the day, then one page of services, numbered throughout."""
    return Screen(
        lines(
            t("📦 <b>Services</b>"),
            *_banner(t, found),
            *looked_at(t, found),
            *_gap(found),
            *(_entry(t, found, number, service) for number, service in _numbered(found)),
            *_below(t, found),
        ),
        (
            *_action_rows(t, found),
            *offer_rows(t, found.banner, found.banner_product),
            *_number_rows(found),
            *pager(t, found.asked.page, found.pages, TurnServices),
            *_look_rows(t, found),
            (back(t, OpenHome()),),
        ),
        offer_preview(found.banner),
    )


def _gap(found: ServiceList) -> tuple[str, ...]:
    """An empty line before the list, unless a banner already sets it apart."""
    told = found.asked.search or found.asked.status is not None
    return () if found.banner is not None and not told else ("",)


def _numbered(found: ServiceList) -> list[tuple[int, Service]]:
    first = found.asked.page * found.page_size + 1
    return list(enumerate(found.services, start=first))


def _banner(t: Translator, found: ServiceList) -> tuple[str | Markup, ...]:
    return () if found.banner is None else ("", offer_block(t, found.banner))


def _entry(t: Translator, found: ServiceList, number: int, service: Service) -> Markup:
    title = named(t, service.title, service.domain)
    due = due_date(t, service, found.today, found.soon_days)
    return lines(
        Markup("{}. {}").format(number, title),
        facts(recurring_price(t, service, found.taxation), status_of(t, service)),
        facts(due) if due else None,
    )


def _below(t: Translator, found: ServiceList) -> tuple[str | Markup, ...]:
    """Hints below the list: what to do if it is empty, else about search and prices."""
    if found.services:
        hint = t("<i>Type part of a name or domain to search.</i>")
        tax = tax_hint(t, found.taxation.rate)
        return ("", hint) if tax is None else ("", tax, hint)
    if found.asked.search:
        return (t("Nothing found. Part of a name or domain is enough: try fewer letters."),)
    if found.asked.status is not None:
        return (t("You have no service with this status."),)
    if not found.allowed.order:
        return (t("You have no services yet."),)
    return (t("You have no services yet. To get the first one, place a new order."),)


def _action_rows(t: Translator, found: ServiceList) -> tuple[Row, ...]:
    renew = (Button(t.plain("Renew services"), OpenRenewals()),)
    if not found.allowed.order:
        return (renew,)
    return (
        renew,
        (Button(t.plain("Place a new order"), OpenOrder()),),
        (Button(t.plain("Browse available add-ons"), OpenAddons()),),
    )


def _number_rows(found: ServiceList) -> tuple[Row, ...]:
    """Buttons in rows of two services, each with a number and a menu of actions."""
    return rows_of(
        (
            button
            for number, service in _numbered(found)
            for button in (
                Button(Plain(str(number)), OpenService(service.id)),
                Button(Plain(f"{number} ⋯"), OpenServiceMenu(service.id)),
            )
        ),
        4,
    )


def _look_rows(t: Translator, found: ServiceList) -> tuple[Row, ...]:
    rows: list[Row] = []
    if found.asked.search:
        rows.append((Button(t.plain("✕ Clear the search"), ClearSearch()),))
    if found.all or found.asked.status is not None:
        sort = Plain(f"⇅ {sort_label(t, found.asked.sort)}")
        rows.append(
            (Button(t.plain("View"), OpenStatuses()), Button(sort, OpenSorts())),
        )
    return tuple(rows)
