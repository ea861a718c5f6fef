"""The actions on a service as rows of buttons, for its page and its menu."""

from billing.rules.services.service import CANCELLABLE
from billing.views.services import ServicePage
from handlers.buttons import (
    AddService,
    AskCancellation,
    AskServiceName,
    DropService,
    OpenAddons,
    OpenCart,
    OpenInvoice,
    OpenRenewalCycle,
    OpenService,
    OpenServiceReminders,
    WithdrawCancellation,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Style, Url
from handlers.services.words import needs_contact, recurring_price
from locales.labels import price_per_cycle
from locales.text import Plain
from locales.translator import Translator


def action_rows(t: Translator, page: ServicePage, place: OpenService) -> tuple[Row, ...]:
    """Rows for renewing or asking, for reminders and the name, and for leaving."""
    rows = (
        _renewal(t, page, place),
        _other_cycles(t, page),
        _contact(t, page),
        (*_reminders(t, page), *_rename(t, page, place)),
        (*_panel(t, page), *_cancellation(t, page, place)),
    )
    return tuple(row for row in rows if row)


def _renewal(t: Translator, page: ServicePage, place: OpenService) -> Row:
    if page.invoice is not None:
        pay = OpenInvoice(page.invoice.id, origin=Origin.SERVICE)
        return (Button(t.plain("Finish payment"), pay, Style.SUCCESS),)
    if page.in_cart:
        drop = DropService(place.service, place.origin, place.inside)
        cart = Button(t.plain("Cart"), OpenCart(origin=Origin.SERVICE), Style.PRIMARY)
        return (Button(t.plain("✓ In cart"), drop), cart)
    if page.renewability.allowed:
        add = AddService(place.service, place.origin, place.inside)
        return (Button(_renew_label(t, page), add, Style.PRIMARY),)
    return ()


def _other_cycles(t: Translator, page: ServicePage) -> Row:
    if not page.has_other_cycles:
        return ()
    return (Button(t.plain("Renew for another period"), OpenRenewalCycle(page.service.id)),)


def _renew_label(t: Translator, page: ServicePage) -> Plain:
    if page.renewal is not None:
        price = price_per_cycle(t, page.renewal.gross, page.renewal.cycle)
    elif page.service.amount is None:
        return t.plain("Renew")
    else:
        price = recurring_price(t, page.service, page.taxation)
    return t.plain("Renew · {price}", price=price)


def order_addon(t: Translator, page: ServicePage) -> Row:
    """The button that orders an add-on for the service."""
    if not (page.can_order_addons and page.allowed.order):
        return ()
    order = OpenAddons(page.service.id, origin=Origin.SERVICE)
    return (Button(t.plain("Order an add-on"), order),)


def _reminders(t: Translator, page: ServicePage) -> Row:
    """The button to the reminders; services that are never due have none."""
    if page.service.owed_on is None:
        return ()
    return (Button(t.plain("🔔 Reminders"), OpenServiceReminders(page.service.id)),)


def _rename(t: Translator, page: ServicePage, place: OpenService) -> Row:
    if not page.allowed.rename:
        return ()
    ask = AskServiceName(place.service, place.origin, place.inside)
    return (Button(t.plain("Rename"), ask),)


def _cancellation(t: Translator, page: ServicePage, place: OpenService) -> Row:
    if not page.allowed.cancel:
        return ()
    if page.cancellation is not None:
        if page.cancellation.when in page.final:
            return ()
        withdraw = WithdrawCancellation(place.service, place.origin, place.inside)
        asks_panel = page.cancellation.when in page.ended_by_panel
        label = t.plain("Withdraw cancellation")
        return (Button(label, withdraw, asks_panel=asks_panel),)
    if page.service.status not in CANCELLABLE:
        return ()
    ask = AskCancellation(place.service, place.origin, place.inside)
    label = t.plain("Request cancellation")
    return (Button(label, ask, Style.DANGER, asks_panel=page.only_panel_ends),)


def _panel(t: Translator, page: ServicePage) -> Row:
    if not page.panel_url:
        return ()
    return (Button(t.plain("Open in the panel"), Url(page.panel_url)),)


def _contact(t: Translator, page: ServicePage) -> Row:
    if not (page.contact_url and needs_contact(page.service)):
        return ()
    return (Button(t.plain("Contact us"), Url(page.contact_url)),)
