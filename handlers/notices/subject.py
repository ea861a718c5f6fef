"""Whom and what a notice is about: client, service, proforma, and the ways to their pages."""

from markupsafe import Markup

from billing.rules.money import Money
from billing.views.account import ClientInfo
from billing.views.notices.services import NamedService
from handlers.buttons import OpenInvoice, OpenInvoices, OpenService, OpenServices
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Style
from handlers.chat.screens.widgets import shortened
from handlers.chat.screens.wording import title_with_domain
from locales.translator import Translator

CLIENT_LIMIT = 80


def client_line(t: Translator, client: ClientInfo | None) -> Markup | None:
    """The client as the operator knows them; None for nobody known."""
    if client is None:
        return None
    name = shortened(f"{client.ref} · {client.name}", CLIENT_LIMIT)
    return t("Client: {client}", client=name)


def we_decide(t: Translator, amount: Money) -> Markup:
    """What a client reads of their money where they have no credit."""
    return t(
        "We have {amount} from you: we will decide what happens with it and get back to you.",
        amount=t.money(amount),
    )


def service_name(t: Translator, service: NamedService) -> Markup:
    """The service with its domain."""
    return title_with_domain(t, service.name, service.domain)


def service_rows(t: Translator, service: NamedService) -> tuple[Row, ...]:
    """The service's page, and all services."""
    page = OpenService(service.id, Origin.SERVICES)
    services = Button(t.plain("Services"), OpenServices())
    return ((Button(t.plain("Service page"), page, Style.PRIMARY), services),)


def invoice_rows(t: Translator, invoice_id: int) -> tuple[Row, ...]:
    """The proforma that the money is about, and all others."""
    invoice = OpenInvoice(invoice_id, origin=Origin.INVOICES)
    everything = Button(t.plain("Payments and proformas"), OpenInvoices())
    return ((Button(t.plain("Show proforma"), invoice),), (everything,))
