"""What the operator is told of a proforma that is paid."""

from markupsafe import Markup

from billing.rules.payments.invoices import Invoice
from billing.views.account import ClientInfo
from billing.views.notices.work import ProformaPaid
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from handlers.notices.subject import client_line
from handlers.payments.words import gateway_name, line_title
from locales.translator import Translator

MOST_LINES = 10
"""So many lines of the proforma are named."""


def proforma_paid(
    t: Translator, paid: ProformaPaid, client: ClientInfo | None, invoice: Invoice | None
) -> Screen:
    """How much came, from whom, in which way and for what."""
    return Screen(
        lines(
            t("💰 <b>Paid: {amount}</b>", amount=t.money(paid.amount)),
            "",
            client_line(t, client),
            t("Proforma {number}", number=paid.number),
            _way(t, paid),
            *(_what(t, invoice) if invoice else ()),
        )
    )


def _way(t: Translator, paid: ProformaPaid) -> Markup:
    """In which way it was paid; of one that was paid in parts, the last one."""
    name = gateway_name(t, paid.gateway)
    if paid.last == paid.amount:
        return t("How: {way}", way=name)
    return t("How: {way}, the last {amount}", way=name, amount=t.money(paid.last))


def _what(t: Translator, invoice: Invoice) -> tuple[Markup | str, ...]:
    named, hidden = invoice.lines[:MOST_LINES], len(invoice.lines[MOST_LINES:])
    entries = (Markup("• {}").format(line_title(t, line)) for line in named)
    more = (t.n("… and {n} more", "… and {n} more", hidden),) if hidden else ()
    return ("", *entries, *more)
