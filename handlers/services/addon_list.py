"""The add-ons of a service: on its page, and in a list of their own if there are many."""

from datetime import date

from markupsafe import Markup

from billing.rules.services.service import Service
from billing.views.services import ServicePage
from handlers.buttons import OpenOwnedAddons, OpenService
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, pager, rows_of, shortened
from handlers.chat.screens.wording import facts, title_with_domain
from handlers.services.words import due_date, list_price, near_payment, recurring_price, status_of
from locales.translator import Translator

ADDONS_ON_PAGE = 8
BUTTON_NAME_LIMIT, ALONE_LIMIT = 14, 32
"""Characters of a name that shares its row, and of one that has a row of its own."""


def addon_list(t: Translator, page: ServicePage, origin: Origin, page_number: int = 0) -> Screen:
    """A page of all add-ons of a service."""
    addons = in_order(page.addons)
    pages = max(1, -(-len(addons) // ADDONS_ON_PAGE))
    page_number = min(page_number, pages - 1)
    first = page_number * ADDONS_ON_PAGE
    here = addons[first : first + ADDONS_ON_PAGE]
    return Screen(
        lines(
            t("🧩 <b>Add-ons</b>"),
            title_with_domain(t, page.service.title, page.service.domain),
            "",
            *(addon_entry(t, page, number, addon) for number, addon in enumerate(here, first + 1)),
        ),
        (
            *addon_rows(t, here, origin, first=first + 1),
            *pager(t, page_number, pages, lambda p: OpenOwnedAddons(page.service.id, origin, p)),
            (back(t, OpenService(page.service.id, origin)),),
        ),
        is_of_panel=True,
    )


def in_order(addons: tuple[Service, ...]) -> list[Service]:
    """Running add-ons first, by due date; those that are never due come last of these."""
    return sorted(
        addons,
        key=lambda addon: (
            not addon.is_live,
            addon.next_due_date or date.max,
            addon.title,
            addon.id,
        ),
    )


def addon_entry(t: Translator, page: ServicePage, number: int, addon: Service) -> Markup:
    """One add-on of a numbered list."""
    due = due_date(t, addon, page.today, page.soon_days)
    return lines(
        Markup("{}. {}").format(number, title_with_domain(t, addon.title, addon.domain)),
        facts(recurring_price(t, addon, page.taxation), status_of(t, addon)),
        facts(due) if due else None,
    )


def short_addon_entry(t: Translator, page: ServicePage, number: int, addon: Service) -> Markup:
    """The same in two lines, for the page of its service."""
    price = list_price(t, addon, page.taxation)
    due = near_payment(t, addon, page.today, page.soon_days)
    return lines(
        Markup("{}. {}").format(number, title_with_domain(t, addon.title, addon.domain)),
        facts(price, status_of(t, addon), due),
    )


def addon_rows(
    t: Translator, addons: list[Service], origin: Origin, *, first: int = 1, more: Row = ()
) -> tuple[Row, ...]:
    """A button per add-on, which leads to its page, and what else there is."""
    alone = len(addons) if len(addons) % 2 and not more else 0
    labels = (
        t.plain(
            "{number} · {name}",
            number=first + place,
            name=shortened(addon.title, ALONE_LIMIT if place + 1 == alone else BUTTON_NAME_LIMIT),
        )
        for place, addon in enumerate(addons)
    )
    buttons = (
        Button(label, OpenService(addon.id, origin, inside=True))
        for label, addon in zip(labels, addons, strict=True)
    )
    return rows_of((*buttons, *more), 2)
