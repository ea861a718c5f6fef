"""The list of services, which fits a phone's screen together with its buttons."""

from markupsafe import Markup

from billing.views.services import ServiceList, Sort
from handlers.buttons import (
    ClearSearch,
    FilterServices,
    ListLiving,
    OpenAddons,
    OpenHome,
    OpenOrder,
    OpenRenewals,
    OpenService,
    OpenServiceMenu,
    OpenServiceMenus,
    OpenServices,
    OpenStatuses,
    TurnServices,
)
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import arrows, back, lines
from handlers.chat.screens.wording import page_number, tax_hint
from handlers.services.entries import entry, is_overdue, labels
from handlers.services.filters import active_filter, sort_label
from handlers.services.offer import offer_line, offer_row_of_line
from locales.labels import sum_of
from locales.text import Plain
from locales.translator import Translator


def services(t: Translator, service_list: ServiceList) -> Screen:
    """One page of services, a button for each, and the offer of the day below them."""
    banner = None if service_list.service_filter.search else service_list.banner
    product = service_list.banner_product if banner is not None else None
    return Screen(
        lines(
            _header(t, service_list),
            *active_filter(t, service_list),
            *(entry(t, service_list, listed) for listed in service_list.services),
            offer_line(t, banner) if banner is not None else None,
            *_below(t, service_list),
        ),
        (
            *_service_rows(t, service_list),
            *_action_rows(t, service_list),
            *offer_row_of_line(t, banner, product),
            *_search_row(t, service_list),
            (
                back(t, OpenHome()),
                *_scope(t, service_list),
                *_arrows(service_list, TurnServices),
            ),
        ),
        is_of_panel=True,
    )


def menus(t: Translator, service_list: ServiceList) -> Screen:
    """The same page, whose buttons open the menus of actions."""
    names = labels(t, service_list)
    return Screen(
        lines(
            _header(t, service_list),
            *active_filter(t, service_list),
            *(entry(t, service_list, listed) for listed in service_list.services),
            t("⋯ Whose actions do you want to see?"),
        ),
        (
            *(
                (Button(name, OpenServiceMenu(listed.service.id)),)
                for name, listed in zip(names, service_list.services, strict=True)
            ),
            (back(t, OpenServices()), *_arrows(service_list, OpenServiceMenus)),
        ),
        is_of_panel=True,
    )


def _header(t: Translator, service_list: ServiceList) -> Markup:
    """How many of how many services, the page, and an order other than the usual."""
    parts: list[Plain] = []
    if service_list.is_living_only and service_list.living < service_list.all:
        parts.append(
            t.plain(
                "{n} of {all}",
                n=t.number(service_list.living),
                all=t.number(service_list.all),
            )
        )
    elif service_list.all:
        parts.append(t.number(service_list.all))
    if service_list.pages > 1:
        parts.append(page_number(t, service_list.service_filter.page, service_list.pages))
    if service_list.service_filter.sort is not Sort.DUE_DATE:
        parts.append(sort_label(t, service_list.service_filter.sort))
    return Markup(" · ").join((t("📦 <b>Services</b>"), *parts))


def _below(t: Translator, service_list: ServiceList) -> tuple[str | Markup, ...]:
    """What to do if the list is empty, else that prices have the tax in them."""
    if service_list.services:
        return _legend(t, service_list)
    if service_list.service_filter.search:
        return (t("No match. Try part of a name, or ask us."),)
    if service_list.service_filter.status is not None:
        return (t("You have no service with this status."),)
    if not service_list.allowed.order:
        return (t("You have no services yet."),)
    return (t("You have no services yet. To get the first one, place a new order."),)


def _legend(t: Translator, service_list: ServiceList) -> tuple[Markup, ...]:
    """What the warning sign means, where it stands, and that prices have the tax in them."""
    rate = service_list.taxation.rate
    if not any(is_overdue(service_list, listed) for listed in service_list.services):
        hint = tax_hint(t, rate)
        return () if hint is None else (hint,)
    if not rate:
        return (t("<i>⚠️ overdue</i>"),)
    return (t("<i>⚠️ overdue · with {rate} tax</i>", rate=t.percent(rate)),)


def _service_rows(t: Translator, service_list: ServiceList) -> tuple[Row, ...]:
    return tuple(
        (Button(name, OpenService(listed.service.id)),)
        for name, listed in zip(labels(t, service_list), service_list.services, strict=True)
    )


def _action_rows(t: Translator, service_list: ServiceList) -> tuple[Row, ...]:
    """Renewing, and a row of short words: the screens they lead to say the rest."""
    more: list[Button] = []
    if service_list.services:
        menus_here = OpenServiceMenus(service_list.service_filter.page)
        more.append(Button(Plain("⋯"), menus_here))
    if service_list.all or service_list.service_filter.search:
        more.append(Button(t.plain("View"), OpenStatuses()))
    if service_list.allowed.order:
        more.append(Button(_order_label(t, service_list), OpenOrder()))
        more.append(Button(t.plain("Add-ons"), OpenAddons()))
    return tuple(row for row in (_renew_row(t, service_list), tuple(more)) if row)


def _order_label(t: Translator, service_list: ServiceList) -> Plain:
    return t.plain("Order") if service_list.services else t.plain("Place a new order")


def _renew_row(t: Translator, service_list: ServiceList) -> Row:
    due = service_list.due
    if due is None:
        return (Button(t.plain("Renew services"), OpenRenewals()),)
    if due.gross.whole is None and not due.gross.known:
        label = t.plain("Renew ({n})", n=t.number(due.count))
    else:
        label = t.plain("Renew ({n}) · {sum}", n=t.number(due.count), sum=sum_of(t, due.gross))
    return (Button(label, OpenRenewals(), Style.PRIMARY),)


def _search_row(t: Translator, service_list: ServiceList) -> tuple[Row, ...]:
    if not service_list.service_filter.search:
        return ()
    return ((Button(t.plain("✕ Clear the search"), ClearSearch()),),)


def _scope(t: Translator, service_list: ServiceList) -> Row:
    """All services, or only the living ones; a search looks in all."""
    service_filter = service_list.service_filter
    if service_filter.search and service_filter.status is None:
        return ()
    if service_list.is_living_only:
        if service_list.living == service_list.all:
            return ()
        return (Button(t.plain("All"), FilterServices()),)
    if service_filter.status is not None:
        return (Button(t.plain("All"), FilterServices()),)
    return (Button(t.plain("Current"), ListLiving()),) if service_list.living else ()


def _arrows(
    service_list: ServiceList, make: type[TurnServices] | type[OpenServiceMenus]
) -> tuple[Button, ...]:
    return arrows(service_list.service_filter.page, service_list.pages, make)
