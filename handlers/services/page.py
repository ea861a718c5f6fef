"""A service's page, its menu of actions, and the list of its add-ons."""

from markupsafe import Markup

from billing.rules.renewals import STATUS_REFUSALS, Refusal
from billing.rules.services import Service
from billing.views.services import CancellationStatus, ServicePage
from handlers.buttons import (
    OpenHome,
    OpenOwnedAddons,
    OpenService,
    OpenServices,
    back_to,
)
from handlers.cart.words import facts, named
from handlers.chat.codec import Payload
from handlers.chat.errors import reason
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen
from handlers.chat.widgets import back, lines, pager, rows_of, shortened
from handlers.services.deeds import deed_rows
from handlers.services.words import due_date, first_price, recurring_price, what_now
from locales.labels import status_with_sign
from locales.text import Plain
from locales.translator import Translator

ADDONS_SHOWN = 6
ADDONS_ON_PAGE = 8
NAME_LIMIT = 60
BUTTON_NAME_LIMIT = 20
EXPLAINED = frozenset({*STATUS_REFUSALS.values(), Refusal.SUSPENDED, Refusal.CANCELLATION_OPEN})
"""Why something is not renewable where the page says so already."""


def service(t: Translator, page: ServicePage, place: OpenService) -> Screen:
    """Everything about a service; `place` is the button that leads here."""
    addons = _in_order(page.addons)
    shown = addons[:ADDONS_SHOWN]
    return Screen(
        lines(
            *_title(t, page),
            "",
            *_state(t, page),
            "",
            *_facts(t, page),
            *_addons(t, page, shown, len(addons)),
            *_notices(t, page),
        ),
        (
            *deed_rows(t, page, place),
            *_addon_rows(t, shown, place.origin),
            *_all_addons_row(t, page, place),
            *_parent_row(t, page, place),
            (back(t, _back(page, place)), Button(t.plain("Menu"), OpenHome())),
        ),
    )


def menu(t: Translator, page: ServicePage) -> Screen:
    """What can be done with a service, without everything about it."""
    place = OpenService(page.service.id)
    price = recurring_price(t, page.service, page.taxation)
    return Screen(
        lines(
            *_title(t, page),
            "",
            *_state(t, page),
            facts(price, due_date(t, page.service, page.today, page.soon_days)),
            *_notices(t, page),
        ),
        (
            *deed_rows(t, page, place),
            (Button(t.plain("Details"), place),),
            (back(t, OpenServices()), Button(t.plain("Menu"), OpenHome())),
        ),
    )


def owned_addons(t: Translator, page: ServicePage, origin: Origin, shown: int = 0) -> Screen:
    """All add-ons of a service, `shown` being the page of them."""
    addons = _in_order(page.addons)
    pages = max(1, -(-len(addons) // ADDONS_ON_PAGE))
    shown = min(shown, pages - 1)
    first = shown * ADDONS_ON_PAGE
    here = addons[first : first + ADDONS_ON_PAGE]
    return Screen(
        lines(
            t("🧩 <b>Add-ons</b>"),
            named(t, page.service.title, page.service.domain),
            "",
            *(_addon(t, page, number, addon) for number, addon in enumerate(here, first + 1)),
        ),
        (
            *_addon_rows(t, here, origin, first=first + 1),
            *pager(t, shown, pages, lambda p: OpenOwnedAddons(page.service.id, origin, p)),
            (back(t, OpenService(page.service.id, origin)),),
        ),
    )


def _in_order(addons: tuple[Service, ...]) -> list[Service]:
    """What still runs first."""
    return sorted(addons, key=lambda addon: (not addon.is_live, addon.title, addon.id))


def _back(page: ServicePage, place: OpenService) -> Payload:
    if place.inside and page.parent is not None:
        return OpenService(page.parent.id, place.origin)
    return back_to(place.origin) if place.origin is not Origin.SERVICE else OpenServices()


def _title(t: Translator, page: ServicePage) -> tuple[Markup | Plain | None, ...]:
    owned = page.service
    sign = "🧩" if owned.is_addon else "📦"
    product = t("Product: {name}", name=shortened(owned.name, NAME_LIMIT)) if owned.label else None
    parent = None
    if page.parent is not None:
        parent = t("Add-on of {name}", name=named(t, page.parent.title, page.parent.domain))
    return (
        Markup("{} <b>{}</b>").format(sign, shortened(owned.title, NAME_LIMIT)),
        shortened(owned.domain, NAME_LIMIT) if owned.domain else None,
        product,
        parent,
    )


def _state(t: Translator, page: ServicePage) -> tuple[Markup | Plain, ...]:
    told = what_now(t, page.service)
    status = status_with_sign(t, page.service.status)
    return (status,) if told is None else (status, told)


def _facts(t: Translator, page: ServicePage) -> tuple[Markup | None, ...]:
    owned = page.service
    due = due_date(t, owned, page.today, page.soon_days)
    recurring = owned.cycle.recurring
    with_tax = t("<i>Prices include tax.</i>") if page.taxation.rate else None
    return (
        t("Registered on: {date}", date=t.date(owned.registered_on)),
        t("First payment: {price}", price=first_price(t, owned, page.taxation)),
        t("Renewal: <b>{price}</b>", price=recurring_price(t, owned, page.taxation))
        if recurring
        else t("Payment: {price}", price=recurring_price(t, owned, page.taxation)),
        t("Next due date: {date}", date=due) if due is not None else None,
        with_tax,
    )


def _addons(
    t: Translator, page: ServicePage, shown: list[Service], count: int
) -> tuple[str | Markup | None, ...]:
    if not shown:
        return ()
    more = None
    if count > len(shown):
        more = t.n("and {n} more", "and {n} more", count - len(shown))
    return (
        "",
        t("🧩 <b>Add-ons</b>"),
        *(_addon(t, page, number, addon) for number, addon in enumerate(shown, start=1)),
        more,
    )


def _addon(t: Translator, page: ServicePage, number: int, addon: Service) -> Markup:
    return lines(
        Markup("{}. {}").format(number, named(t, addon.title, addon.domain)),
        facts(
            recurring_price(t, addon, page.taxation),
            due_date(t, addon, page.today, page.soon_days),
            status_with_sign(t, addon.status),
        ),
    )


def _notices(t: Translator, page: ServicePage) -> tuple[str | Markup, ...]:
    """What is under way: a cancellation, a proforma, the cart; or why it cannot be renewed."""
    told = (*_cancellation(t, page), *_renewal(t, page))
    return ("", *told) if told else ()


def _cancellation(t: Translator, page: ServicePage) -> tuple[str | Markup, ...]:
    asked = page.cancellation
    if asked is None:
        return ()
    if asked.status is CancellationStatus.ACCEPTED and asked.effective_on is not None:
        return (t("❌ It will be cancelled on {date}.", date=t.date(asked.effective_on)),)
    if asked.effective_on is not None and asked.effective_on > page.today:
        return (
            t(
                "⏳ You have asked to cancel it on {date}; we will answer here.",
                date=t.date(asked.effective_on),
            ),
        )
    return (t("⏳ You have asked to cancel it now; we will answer here."),)


def _renewal(t: Translator, page: ServicePage) -> tuple[str | Markup, ...]:
    if page.invoice is not None:
        balance = t.money(page.invoice.balance)
        number = page.invoice.number
        return (
            t(
                "🧾 Proforma {number} waits for payment: <b>{balance}</b>",
                number=number,
                balance=balance,
            ),
        )
    if page.in_cart:
        return (t("🛒 Its renewal is in your cart."),)
    refusal = page.renewability.refusal
    if refusal is None or refusal in EXPLAINED:
        return ()
    why = reason(t, refusal, {"opens_on": page.renewability.opens_on})
    return (t("🔄 {why}", why=why),)


def _addon_rows(
    t: Translator, addons: list[Service], origin: Origin, *, first: int = 1
) -> tuple[Row, ...]:
    return rows_of(
        (
            Button(
                t.plain(
                    "{number} · {name}",
                    number=number,
                    name=shortened(addon.title, BUTTON_NAME_LIMIT),
                ),
                OpenService(addon.id, origin, inside=True),
            )
            for number, addon in enumerate(addons, first)
        ),
        2,
    )


def _all_addons_row(t: Translator, page: ServicePage, place: OpenService) -> tuple[Row, ...]:
    if len(page.addons) <= ADDONS_SHOWN:
        return ()
    label = t.plain("All add-ons ({n})", n=t.number(len(page.addons)))
    return ((Button(label, OpenOwnedAddons(page.service.id, place.origin)),),)


def _parent_row(t: Translator, page: ServicePage, place: OpenService) -> tuple[Row, ...]:
    """The service of an add-on that was reached from elsewhere."""
    if page.parent is None or place.inside:
        return ()
    name = shortened(page.parent.title, BUTTON_NAME_LIMIT)
    label = t.plain("Its service: {name}", name=name)
    return ((Button(label, OpenService(page.parent.id, place.origin)),),)
