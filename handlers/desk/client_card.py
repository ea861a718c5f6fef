"""A client as staff see them: who they are, how they stand, their services and proformas."""

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from billing.rules.payments.invoices import InvoiceStatus
from billing.views.account import Reach
from billing.views.payments import InvoiceSummary
from billing.views.seen_client import ClientCard, ClientInvoices, ClientServices
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.buttons import (
    OpenClientCard,
    OpenClientInvoice,
    OpenClientInvoices,
    OpenClientService,
    OpenClientServices,
    OpenDesk,
)
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, name_with_domain, shortened
from handlers.chat.screens.wording import facts
from handlers.desk.lists import steps
from handlers.notices.operator.deeds import deed_button
from handlers.payments.words import state_of
from locales.labels import STATUS_SIGNS, status_with_sign
from locales.text import Plain
from locales.translator import Translator

NAME_LIMIT = 60
LABEL_LIMIT = 40
NUMBER_LIMIT = 10
LEAST_NAME = 12


def client_card(t: Translator, card: ClientCard) -> Screen:
    """Who they are, whom a message reaches, services by status, what is owed."""
    client, n = card.client, sum(card.figures.statuses.values())
    services = Button(t.plain("Services ({n})", n=t.number(n)), OpenClientServices(client.id))
    proformas = Button(t.plain("Proformas"), OpenClientInvoices(client.id))
    return Screen(_text(t, card), ((services, proformas), (back(t, OpenDesk()),)))


def in_operator_chat(t: Translator, card: ClientCard) -> Screen:
    """The same for the operator's chat: each open proforma can be marked as paid."""
    is_one = len(card.proformas) == 1
    return Screen(
        _text(t, card), tuple(_paid_row(t, one, is_one=is_one) for one in card.proformas)
    )


def _text(t: Translator, card: ClientCard) -> Markup:
    client = card.client
    return lines(
        Markup("👤 <b>{}</b>").format(shortened(client.name, NAME_LIMIT)),
        facts(Plain(client.ref), Plain(client.currency), Plain(client.language)),
        REACHES[card.figures.reach](t),
        "",
        *_services(t, card),
        *_money(t, card),
        *(
            Markup("<code>{}</code> · <b>{}</b>").format(one.number, t.money(one.balance))
            for one in card.proformas
        ),
    )


def _paid_row(t: Translator, proforma: InvoiceSummary, *, is_one: bool) -> Row:
    """A button; of several it has the end of the number, as a phone has no room for all of it."""
    amount, number = t.money(proforma.balance), proforma.number[-NUMBER_LIMIT:]
    label = t.plain("Mark as paid · {amount}", amount=amount)
    if not is_one:
        label = t.plain("Mark as paid · {number} · {amount}", number=number, amount=amount)
    matter = MatterId(MatterKind.PROFORMA, proforma.id)
    return (deed_button(t, matter, Deed.MARK_PAID, label=label),)


def _services(t: Translator, card: ClientCard) -> Iterator[Markup | Plain]:
    for status, count in card.figures.statuses.items():
        yield Plain(f"{status_with_sign(t, status)}: {t.number(count)}")
    if not card.figures.statuses:
        yield t("No services.")


def _money(t: Translator, card: ClientCard) -> Iterator[Markup]:
    if n := card.overdue:
        yield t.n("⚠️ {n} service is overdue", "⚠️ {n} services are overdue", n)
    if n := card.left_to_pay.count:
        waiting = t.n("⏳ {n} proforma waits to be paid", "⏳ {n} proformas wait to be paid", n)
        balance = card.left_to_pay.balance
        left = t.money(balance) if balance else None
        yield Markup("{} · <b>{}</b>").format(waiting, left) if left else waiting
    if card.credit:
        yield t("💳 Credit: <b>{amount}</b>", amount=t.money(card.credit))


def services(t: Translator, listed: ClientServices) -> Screen:
    """One page of their services, a button each."""
    client = listed.client
    rows = tuple(
        (
            Button(
                Plain(
                    f"{STATUS_SIGNS[service.status]} "
                    + name_with_domain(
                        service.title, service.domain, LABEL_LIMIT, least=LEAST_NAME
                    )
                ),
                OpenClientService(client.id, service.id),
            ),
        )
        for service in listed.services
    )
    return Screen(
        lines(
            t("📦 <b>Services of {client}</b>", client=_who(listed)),
            *(() if rows else ("", t("Nothing is here."))),
        ),
        (
            *rows,
            *steps(
                t, listed.page, lambda p: OpenClientServices(client.id, p),
                has_next=listed.has_next,
            ),
            (back(t, OpenClientCard(client.id)),),
        ),
    )  # fmt: skip


def invoices(t: Translator, listed: ClientInvoices) -> Screen:
    """One page of their proformas, a button each; those to be paid and the past ones apart."""
    client, is_past = listed.client, listed.is_past
    tabs = tuple(
        Button(
            Plain(f"• {label}" if past is is_past else label), OpenClientInvoices(client.id, past)
        )
        for label, past in ((t.plain("To pay"), False), (t.plain("Past"), True))
    )
    rows = tuple(
        (
            Button(
                Plain(f"{row.number} · {t.money(row.gross)}"), OpenClientInvoice(client.id, row.id)
            ),
        )
        for row in listed.invoices
    )
    return Screen(
        lines(
            t("🧾 <b>Proformas of {client}</b>", client=_who(listed)),
            "",
            *(
                Markup("{} · {}").format(row.number, state_of(t, InvoiceStatus(row.status)))
                for row in listed.invoices
            ),
            None if rows else t("Nothing is here."),
        ),
        (
            tabs,
            *rows,
            *steps(
                t, listed.page, lambda p: OpenClientInvoices(client.id, is_past, p),
                has_next=listed.has_next,
            ),
            (back(t, OpenClientCard(client.id)),),
        ),
    )  # fmt: skip


def _who(listed: ClientServices | ClientInvoices) -> Plain:
    return shortened(f"{listed.client.ref} · {listed.client.name}", NAME_LIMIT)


REACHES: Mapping[Reach, Callable[[Translator], Markup]] = {
    Reach.REACHED: lambda t: t("💬 Reads the bot."),
    Reach.NOBODY_LINKED: lambda t: t("🚫 Nobody has linked this account."),
    Reach.UNREACHABLE: lambda t: t("🚫 Linked, but no message arrives."),
}
"""Whether a message would be read."""
