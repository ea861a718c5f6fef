"""A service's page, its menu of actions, and the list of its add-ons."""

from markupsafe import Markup

from billing.rules.services.service import Service
from billing.rules.shop.renewals import STATUS_REFUSALS, Refusal
from billing.views.services import CancellationStatus, CancelWhen, ServicePage
from handlers.buttons import (
    OpenHome,
    OpenOwnedAddons,
    OpenService,
    OpenServiceMenus,
    OpenServices,
    back_to,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.errors import reason
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, shortened
from handlers.chat.screens.wording import tax_hint, title_with_domain
from handlers.services.action_rows import action_rows, order_addon
from handlers.services.addon_list import addon_rows, in_order, short_addon_entry
from handlers.services.words import due_date, ending, first_price, recurring_price, what_now
from locales.labels import status_with_sign
from locales.text import Plain
from locales.translator import Translator

ADDONS_SHOWN = 3
"""Of more, all but two have a list of their own: the page fits a phone's screen."""

NAME_LIMIT = 60
BUTTON_NAME_LIMIT = 16
EXPLAINED = frozenset(
    {
        *STATUS_REFUSALS.values(),
        Refusal.SUSPENDED,
        Refusal.CANCELLATION_OPEN,
        Refusal.CANCELLATION_STANDS,
    }
)
"""Reasons against a renewal that the page shows anyway."""


def service(t: Translator, page: ServicePage, place: OpenService) -> Screen:
    """Everything about a service; `place` is the button that leads here."""
    addons = in_order(page.addons)
    first_addons = addons if len(addons) <= ADDONS_SHOWN else addons[: ADDONS_SHOWN - 1]
    return Screen(
        lines(
            *_title(t, page),
            *_state(t, page),
            *_facts(t, page),
            *_addons(t, page, first_addons, len(addons)),
            *_notices(t, page),
        ),
        (
            *action_rows(t, page, place),
            *addon_rows(t, first_addons, place.origin, more=_other_addons(t, page, place)),
            *_parent_row(t, page, place),
            (back(t, _back(page, place)), Button(t.plain("Menu"), OpenHome())),
        ),
        is_of_panel=True,
    )


def menu(t: Translator, page: ServicePage) -> Screen:
    """The actions on a service, without its details."""
    place = OpenService(page.service.id)
    price = recurring_price(t, page.service, page.taxation)
    due = None
    if not page.is_ending:
        due = due_date(t, page.service, page.today, page.soon_days)
    return Screen(
        lines(
            *_title(t, page),
            "",
            *_state(t, page),
            Markup(" · ").join(part for part in (price, due) if part),
            *_notices(t, page),
        ),
        (
            *action_rows(t, page, place),
            (*order_addon(t, page), Button(t.plain("Details"), place)),
            (back(t, OpenServiceMenus()), Button(t.plain("Menu"), OpenHome())),
        ),
        is_of_panel=True,
    )


def _back(page: ServicePage, place: OpenService) -> Payload:
    if place.inside and page.parent is not None:
        return OpenService(page.parent.id, place.origin)
    return back_to(place.origin) if place.origin is not Origin.SERVICE else OpenServices()


def _title(t: Translator, page: ServicePage) -> tuple[Markup | Plain | None, ...]:
    this_service = page.service
    sign = "🧩" if this_service.is_addon else "📦"
    product = (
        t("Product: {name}", name=shortened(this_service.name, NAME_LIMIT))
        if this_service.label
        else None
    )
    parent = None
    if page.parent is not None:
        parent = t(
            "Add-on of {name}", name=title_with_domain(t, page.parent.title, page.parent.domain)
        )
    return (
        Markup("{} <b>{}</b>").format(sign, shortened(this_service.title, NAME_LIMIT)),
        shortened(this_service.domain, NAME_LIMIT) if this_service.domain else None,
        product,
        parent,
    )


def _state(t: Translator, page: ServicePage) -> tuple[Markup | Plain, ...]:
    hint = what_now(t, page.service)
    status = status_with_sign(t, page.service.status)
    ends = None
    if page.is_ending and page.cancellation is not None:
        ends = ending(t, page.cancellation.effective_on)
    return tuple(part for part in (status, ends, hint) if part is not None)


def _facts(t: Translator, page: ServicePage) -> tuple[Markup | None, ...]:
    this_service = page.service
    due = due_date(t, this_service, page.today, page.soon_days)
    recurring = this_service.cycle.recurring
    return (
        t("Registered on: {date}", date=t.date(this_service.registered_on)),
        _first_payment(t, page),
        t("Renewal: <b>{price}</b>", price=recurring_price(t, this_service, page.taxation))
        if recurring
        else t("Payment: {price}", price=recurring_price(t, this_service, page.taxation)),
        None if page.is_ending else _due_line(t, this_service, due),
        tax_hint(t, page.taxation.rate)
        if this_service.amount or this_service.first_amount
        else None,
    )


def _first_payment(t: Translator, page: ServicePage) -> Markup | None:
    """What the first period has cost; a panel does not say it, and its price may be another."""
    if page.service.first_amount is None:
        return None
    return t("First payment: {price}", price=first_price(t, page.service, page.taxation))


def _due_line(t: Translator, this_service: Service, due: Markup | None) -> Markup | None:
    if this_service.has_unknown_due_date:
        return t("Next due date: not known yet")
    return t("Next due date: {date}", date=due) if due is not None else None


def _addons(
    t: Translator, page: ServicePage, first_addons: list[Service], count: int
) -> tuple[str | Markup | None, ...]:
    if not first_addons:
        return ()
    more = None
    if count > len(first_addons):
        more = t.n("and {n} more", "and {n} more", count - len(first_addons))
    return (
        "",
        t("🧩 <b>Add-ons</b>"),
        *(
            short_addon_entry(t, page, number, addon)
            for number, addon in enumerate(first_addons, start=1)
        ),
        more,
    )


def _notices(t: Translator, page: ServicePage) -> tuple[str | Markup, ...]:
    """Lines about a cancellation, a proforma or the cart, or why it cannot be renewed."""
    notices = (*_cancellation(t, page), *_renewal(t, page))
    return ("", *notices) if notices else ()


def _cancellation(t: Translator, page: ServicePage) -> tuple[str | Markup, ...]:
    cancellation = page.cancellation
    if cancellation is None:
        return ()
    if page.is_ending and cancellation.status is CancellationStatus.ACCEPTED:
        return ()  # the line below the status says it
    if cancellation.when is CancelWhen.NOW and CancelWhen.NOW in page.ended_by_panel:
        return (t("🕓 It is being ended. We will let you know here."),)
    if cancellation.is_undated:
        return (t("🕓 Cancellation requested for the end of its period; we will answer here."),)
    if cancellation.status is CancellationStatus.ACCEPTED and cancellation.effective_on:
        return (t("❌ It will be cancelled on {date}.", date=t.date(cancellation.effective_on)),)
    if cancellation.effective_on is not None and cancellation.effective_on > page.today:
        return (
            t(
                "🕓 Cancellation requested for {date}; we will answer here.",
                date=t.date(cancellation.effective_on),
            ),
        )
    return (t("🕓 Cancellation requested as soon as possible; we will answer here."),)


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
    parent = page.parent.title if page.parent else ""
    why = reason(t, refusal, {"opens_on": page.renewability.opens_on, "parent": parent})
    return (t("🔄 {why}", why=why),)


def _other_addons(t: Translator, page: ServicePage, place: OpenService) -> Row:
    """The list of all add-ons, where the page does not show them, and the order of another."""
    if len(page.addons) <= ADDONS_SHOWN:
        return order_addon(t, page)
    label = t.plain("All add-ons ({n})", n=t.number(len(page.addons)))
    every = Button(label, OpenOwnedAddons(page.service.id, place.origin))
    return (every, *order_addon(t, page))


def _parent_row(t: Translator, page: ServicePage, place: OpenService) -> tuple[Row, ...]:
    """A button to the service of an add-on, if the client did not come from there."""
    if page.parent is None or place.inside:
        return ()
    name = shortened(page.parent.title, BUTTON_NAME_LIMIT)
    label = t.plain("Its service: {name}", name=name)
    return ((Button(label, OpenService(page.parent.id, place.origin)),),)
