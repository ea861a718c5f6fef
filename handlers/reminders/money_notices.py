"""What a client is told of money: a part, too much, too late, credit, a proforma that lapsed."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.ports.outbox import Outgoing, Topic
from handlers.buttons import OpenCredit, OpenInvoice, OpenInvoices, OpenRenewals
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen, Style
from handlers.chat.widgets import lines
from handlers.payments.late_screens import came_late, why_closed
from handlers.reminders.facts import amount_of, money_of, number_of, status_of, text_of
from locales.text import Plain
from locales.translator import Translator


def _part_paid(t: Translator, told: Outgoing) -> Screen:
    amount, left = money_of(t, told, "amount") or "", money_of(t, told, "balance") or ""
    invoice = OpenInvoice(number_of(told, "invoice_id"), origin=Origin.INVOICES)
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=amount),
            "",
            t(
                "Proforma {number} is not paid in full yet. Left to pay: <b>{left}</b>",
                number=text_of(told, "number"),
                left=left,
            ),
        ),
        (
            (Button(t.plain("Pay {amount}", amount=left), invoice, Style.SUCCESS),),
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
        ),
    )


def _money_to_credit(t: Translator, told: Outgoing) -> Screen:
    return Screen(
        lines(
            t("💳 <b>Your payment is on your account as credit</b>"),
            "",
            t(
                "{amount} more came for proforma {number} than was due. "
                "You can pay for something else with it.",
                amount=money_of(t, told, "amount") or "",
                number=text_of(told, "number"),
            ),
        ),
        (
            (Button(t.plain("Credit history"), OpenCredit()),),
            (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME)),),
        ),
    )


def _came_late(t: Translator, told: Outgoing) -> Screen:
    amount = money_of(t, told, "amount") or Plain()
    if told.invoice is not None:
        return came_late(t, told.invoice, amount)
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=amount),
            "",
            why_closed(t, status_of(told), text_of(told, "number")),
            t("The money is on your account as credit. You can still use it for this."),
        ),
        money_rows(t, told),
    )


def _credit_changed(t: Translator, told: Outgoing) -> Screen:
    moved = amount_of(told, "amount")
    amount, balance = money_of(t, told, "amount") or Plain(), money_of(t, told, "balance")
    title = t("💳 <b>Added to your credit: {amount}</b>", amount=amount)
    if moved is not None and moved.minor < 0:
        title = t("💳 <b>Taken from your credit: {amount}</b>", amount=t.money(-moved))
    note = text_of(told, "note")
    return Screen(
        lines(
            title,
            "",
            t("Your credit: {amount}", amount=balance) if balance else t("It is used up now."),
            *(("", Markup.escape(note)) if note else ()),
        ),
        (
            (Button(t.plain("Credit history"), OpenCredit()),),
            (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME)),),
        ),
    )


def _expired(t: Translator, told: Outgoing) -> Screen:
    released = money_of(t, told, "released")
    return Screen(
        lines(
            t("🧾 <b>Proforma {number} has expired</b>", number=text_of(told, "number")),
            "",
            t("It was not paid in time. What was in it can be renewed or ordered again."),
            t("{amount} is on your account as credit again.", amount=released)
            if released
            else None,
        ),
        (
            (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME), Style.PRIMARY),),
            *money_rows(t, told),
        ),
    )


def money_rows(t: Translator, told: Outgoing) -> tuple[Row, ...]:
    """The proforma that the money is about, and all others."""
    invoice = OpenInvoice(number_of(told, "invoice_id"), origin=Origin.INVOICES)
    everything = Button(t.plain("Payments and proformas"), OpenInvoices())
    return ((Button(t.plain("Show proforma"), invoice),), (everything,))


NOTICES: Mapping[Topic, Callable[[Translator, Outgoing], Screen]] = {
    Topic.PART_PAID: _part_paid,
    Topic.MONEY_TO_CREDIT: _money_to_credit,
    Topic.MONEY_CAME_LATE: _came_late,
    Topic.CREDIT_CHANGED: _credit_changed,
    Topic.INVOICE_EXPIRED: _expired,
}
"""A screen for each of these topics."""
