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
from handlers.chat.codec import Payload
from handlers.chat.errors import reason
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen
from handlers.chat.widgets import back, lines, shortened
from handlers.chat.wording import named, tax_hint
from handlers.services.action_rows import action_rows
from handlers.services.addon_list import addon_entry, addon_rows, in_order
from handlers.services.words import due_date, first_price, recurring_price, what_now
from locales.labels import status_with_sign
from locales.text import Plain
from locales.translator import Translator

ADDONS_SHOWN = 6
NAME_LIMIT = 60
BUTTON_NAME_LIMIT = 16
EXPLAINED = frozenset({*STATUS_REFUSALS.values(), Refusal.SUSPENDED, Refusal.CANCELLATION_OPEN})
"""Reasons against a renewal that the page shows anyway."""


def service(t: Translator, page: ServicePage, place: OpenService) -> Screen:
    """Everything about a service; `place` is the button that leads here."""
    addons = in_order(page.addons)
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
            *action_rows(t, page, place),
            *addon_rows(t, shown, place.origin),
            *_all_addons_row(t, page, place),
            *_parent_row(t, page, place),
            (back(t, _back(page, place)), Button(t.plain("Menu"), OpenHome())),
        ),
    )


def menu(t: Translator, page: ServicePage) -> Screen:
    """The actions on a service, without its details."""
    place = OpenService(page.service.id)
    price = recurring_price(t, page.service, page.taxation)
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
            (Button(t.plain("Details"), place),),
            (back(t, OpenServices()), Button(t.plain("Menu"), OpenHome())),
        ),
    )


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
    return (
        t("Registered on: {date}", date=t.date(owned.registered_on)),
        t("First payment: {price}", price=first_price(t, owned, page.taxation)),
        t("Renewal: <b>{price}</b>", price=recurring_price(t, owned, page.taxation))
        if recurring
        else t("Payment: {price}", price=recurring_price(t, owned, page.taxation)),
        t("Next due date: {date}", date=due) if due is not None else None,
        tax_hint(t, page.taxation.rate) if owned.amount or owned.first_amount else None,
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
        *(addon_entry(t, page, number, addon) for number, addon in enumerate(shown, start=1)),
        more,
    )


def _notices(t: Translator, page: ServicePage) -> tuple[str | Markup, ...]:
    """Lines about a cancellation, a proforma or the cart, or why it cannot be renewed."""
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
                "⏳ Cancellation requested for {date}; we will answer here.",
                date=t.date(asked.effective_on),
            ),
        )
    return (t("⏳ Cancellation requested as soon as possible; we will answer here."),)


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


def _all_addons_row(t: Translator, page: ServicePage, place: OpenService) -> tuple[Row, ...]:
    if len(page.addons) <= ADDONS_SHOWN:
        return ()
    label = t.plain("All add-ons ({n})", n=t.number(len(page.addons)))
    return ((Button(label, OpenOwnedAddons(page.service.id, place.origin)),),)


def _parent_row(t: Translator, page: ServicePage, place: OpenService) -> tuple[Row, ...]:
    """A button to the service of an add-on, if the client did not come from there."""
    if page.parent is None or place.inside:
        return ()
    name = shortened(page.parent.title, BUTTON_NAME_LIMIT)
    label = t.plain("Its service: {name}", name=name)
    return ((Button(label, OpenService(page.parent.id, place.origin)),),)
