"""The card of a client, for the people of the operator's chat."""

from collections.abc import Iterator

from markupsafe import Markup

from billing.views.account import Reach
from billing.views.payments import InvoiceSummary
from billing.views.staff import ClientCard, Deed, MatterId, MatterKind
from handlers.chat.screens.screen import Row, Screen
from handlers.chat.screens.widgets import lines
from handlers.chat.screens.wording import account_name
from handlers.menu import due
from handlers.notices.deeds import deed_button
from locales.labels import status_with_sign
from locales.translator import Translator


def card(t: Translator, shown: ClientCard) -> Screen:
    """Who they are, what they have and owe, and a button for each open proforma."""
    client = shown.recipient.client
    return Screen(
        lines(
            Markup("👤 {}").format(account_name(client)),
            _reach(t, shown.recipient.reach),
            "",
            *_services(t, shown),
            "",
            *due.summary(t, shown.home),
            *_proformas(t, shown),
            t("Credit: {amount}", amount=t.money(client.credit)) if client.credit else None,
        ),
        tuple(_paid_row(t, one) for one in shown.proformas),
    )


def _reach(t: Translator, reach: Reach) -> Markup:
    match reach:
        case Reach.REACHED:
            return t("Reads the bot.")
        case Reach.NOBODY_LINKED:
            return t("⚠️ Nobody is linked to this account: they read nothing here.")
        case _:
            return t("⚠️ Cannot be reached: the bot is blocked, or was never started.")


def _services(t: Translator, shown: ClientCard) -> Iterator[Markup]:
    if not shown.counts:
        yield t("No services")
    for status, count in shown.counts:
        yield Markup("{}: {}").format(status_with_sign(t, status), t.number(count))


def _proformas(t: Translator, shown: ClientCard) -> Iterator[Markup]:
    for one in shown.proformas:
        yield Markup("<code>{}</code> · <b>{}</b>").format(one.number, t.money(one.balance))


def _paid_row(t: Translator, proforma: InvoiceSummary) -> Row:
    label = t.plain(
        "Mark as paid · {number} · {amount}",
        number=proforma.number,
        amount=t.money(proforma.balance),
    )
    matter = MatterId(MatterKind.PROFORMA, proforma.id)
    return (deed_button(t, matter, Deed.MARK_PAID, 0, label),)
