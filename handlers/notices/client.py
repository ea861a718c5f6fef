"""The message of any notice to a client."""

from billing.ports.outbox import Outgoing
from billing.views.notices.access import AccessNotice
from billing.views.notices.money import InvoiceNotice, PanelNotice, PartPaid, PaymentNotice
from billing.views.notices.services import ServiceNotice
from handlers.buttons import OpenInvoices, OpenServices, SwitchClient
from handlers.chat.screens.screen import Button, Screen, Style, without_buttons
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.access import access_notice
from handlers.notices.money import invoice_notice, part_of_paid
from handlers.notices.orders import service_notice
from handlers.notices.panel import panel_notice
from handlers.notices.payments import payment_notice
from handlers.paying import PAYING
from locales.translator import Translator

ACCOUNT_LIMIT = 40


def client_notice(t: Translator, outgoing: Outgoing) -> Screen:
    """The message of a notice; buttons lead into the account it is about."""
    screen = _screen(t, outgoing)
    if outgoing.client_id is not None and not outgoing.allowed.pay:
        screen = without_buttons(screen, PAYING)
    return _in_account(t, outgoing, screen)


def all_paid(t: Translator, outgoing: Outgoing, part: PartPaid) -> Screen:
    """The receipt of a part once the rest has come as well."""
    return _in_account(t, outgoing, part_of_paid(t, part))


def _in_account(t: Translator, outgoing: Outgoing, screen: Screen) -> Screen:
    if not outgoing.is_elsewhere or outgoing.client is None:
        return screen
    name = shortened(outgoing.client.name, ACCOUNT_LIMIT)
    switch = SwitchClient(outgoing.client.id)
    return Screen(
        lines(screen.text, "", t("Account: {name}", name=name)),
        ((Button(t.plain("Go to account {name}", name=name), switch, Style.PRIMARY),),),
    )


def _screen(t: Translator, outgoing: Outgoing) -> Screen:
    notice = outgoing.notice
    if isinstance(notice, ServiceNotice):
        return service_notice(t, notice, outgoing.allowed)
    if isinstance(notice, InvoiceNotice):
        return invoice_notice(t, notice, outgoing.invoice, outgoing.allowed)
    if isinstance(notice, PanelNotice):
        return panel_notice(t, notice)
    if isinstance(notice, AccessNotice):
        return access_notice(t, notice, outgoing.client, outgoing.allowed)
    if isinstance(notice, PaymentNotice):
        return payment_notice(t, notice)
    return short(t)


def short(t: Translator) -> Screen:
    """What is sent when a message cannot be drawn, or its notice cannot be read."""
    return Screen(
        t("🧾 <b>There is news about your account.</b>"),
        (
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
            (Button(t.plain("Services"), OpenServices()),),
        ),
    )
