"""What the operator is told of money that became a client's credit."""

from markupsafe import Markup

from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice
from billing.views.account import ClientInfo, Reach
from billing.views.notices.operator import (
    Overpaid,
    PaidTooLate,
)
from handlers.chat.screens.widgets import lines
from handlers.notices.operator.commands import OperatorMessage, command, copied_ways
from handlers.notices.subject import client_line
from handlers.payments.late_screens import what_lapsed, why_closed
from locales.text import Plain
from locales.translator import Translator


def surplus(t: Translator, paid: Overpaid, client: ClientInfo | None) -> OperatorMessage:
    """More came than was due."""
    return copied_ways(
        lines(
            t("💳 <b>Overpaid by {amount}</b>", amount=t.money(paid.amount)),
            "",
            client_line(t, client),
            t("Proforma {number}", number=paid.number),
            t("It is the client's credit now."),
        ),
        *take_back(t, client, paid.amount),
    )


def late_payment(
    t: Translator, paid: PaidTooLate, client: ClientInfo | None, invoice: Invoice | None
) -> OperatorMessage:
    """Money for a lapsed proforma, with what was on it where it is still there."""
    lapsed: tuple[Markup, ...] = (why_closed(t, paid.status, paid.number),)
    if invoice is not None:
        lapsed = what_lapsed(t, invoice)
    is_told = paid.reach is Reach.REACHED
    return copied_ways(
        lines(
            t("💳 <b>Came too late: {amount}</b>", amount=t.money(paid.amount)),
            "",
            client_line(t, client),
            *lapsed,
            t("It is the client's credit now."),
            t("The client is told and can use it at once.")
            if is_told
            else t("⚠️ Nobody reads the bot for this client: please tell them yourself."),
        ),
        *take_back(t, client, paid.amount),
    )


def take_back(
    t: Translator, client: ClientInfo | None, amount: Money
) -> tuple[tuple[Plain, str], ...]:
    """How the credit is taken away again, should the money be sent back."""
    if client is None or not amount:
        return ()
    line = command("credit", "--", client.ref, str(-amount.decimal))
    return ((t.plain("If you send it back"), line),)
