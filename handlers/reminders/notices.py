"""What a client is told unasked: receipts, decisions about orders, money that came."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.ports.outbox import Outgoing, Topic
from handlers.buttons import (
    OpenCart,
    OpenCredit,
    OpenHelp,
    OpenInvoice,
    OpenInvoices,
    OpenOrder,
    OpenRenewals,
    OpenService,
    OpenServices,
    SwitchClient,
)
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen, Style
from handlers.chat.widgets import lines, shortened
from handlers.payments.late_screens import came_late, why_closed
from handlers.payments.screens import receipt
from handlers.reminders import unplaced
from handlers.reminders.facts import (
    amount_of,
    date_of,
    money_of,
    number_of,
    status_of,
    text_of,
    title_of,
)
from locales.text import Plain
from locales.translator import Translator

ACCOUNT_LIMIT = 40


def notice(t: Translator, told: Outgoing) -> Screen:
    """The message for a topic; buttons lead into the account it is about."""
    screen = NOTICES[told.topic](t, told)
    if not told.is_elsewhere or told.client is None:
        return screen
    name = shortened(told.client.name, ACCOUNT_LIMIT)
    switch = SwitchClient(told.client.id)
    return Screen(
        lines(screen.text, "", t("Account: {name}", name=name)),
        ((Button(t.plain("Go to account {name}", name=name), switch, Style.PRIMARY),),),
    )


def short(t: Translator) -> Screen:
    """What is sent when a message cannot be drawn."""
    return Screen(
        t("🧾 <b>There is news about your account.</b>"),
        (
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
            (Button(t.plain("Services"), OpenServices()),),
        ),
    )


def _receipt(t: Translator, told: Outgoing) -> Screen:
    if told.invoice is not None:
        return receipt(t, told.invoice)
    number = text_of(told, "number")
    return Screen(t("✅ <b>Proforma {number} is paid</b>", number=number), _money_rows(t, told))


def _accepted(t: Translator, told: Outgoing) -> Screen:
    due = date_of(t, told, "due_date")
    return Screen(
        lines(
            t("✅ <b>Your order is ready</b>"),
            "",
            title_of(t, told),
            t("Active, paid until {date}", date=due) if due else t("Active"),
        ),
        _service_rows(t, told),
    )


def _rejected(t: Translator, told: Outgoing) -> Screen:
    credited = money_of(t, told, "credited")
    back = t("{amount} is on your account as credit.", amount=credited) if credited else None
    number = text_of(told, "number")
    return Screen(
        lines(
            t("❌ <b>Your order could not be accepted</b>"),
            "",
            title_of(t, told),
            t("Proforma {number}", number=number) if number else None,
            back,
        ),
        (
            *(((Button(t.plain("Credit history"), OpenCredit()),),) if credited else ()),
            (
                Button(t.plain("Place a new order"), OpenOrder()),
                Button(t.plain("Help"), OpenHelp()),
            ),
        ),
    )


def _cancellation_accepted(t: Translator, told: Outgoing) -> Screen:
    ends = date_of(t, told, "effective_on")
    when = t("It ends on <b>{date}</b>.", date=ends) if ends else None
    if text_of(told, "when") == "now":
        when = t("It has ended now.")
    return Screen(
        lines(t("✅ <b>Your cancellation is accepted</b>"), "", title_of(t, told), when),
        _service_rows(t, told),
    )


def _cancellation_rejected(t: Translator, told: Outgoing) -> Screen:
    return Screen(
        lines(
            t("❌ <b>Your cancellation could not be accepted</b>"),
            "",
            title_of(t, told),
            t("The service goes on as before."),
        ),
        (*_service_rows(t, told), (Button(t.plain("Help"), OpenHelp()),)),
    )


def _cancelled(t: Translator, told: Outgoing) -> Screen:
    return Screen(
        lines(t("✅ <b>Cancelled as you asked</b>"), "", title_of(t, told)),
        (
            (
                Button(t.plain("Services"), OpenServices()),
                Button(t.plain("Place a new order"), OpenOrder()),
            ),
        ),
    )


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
        _money_rows(t, told),
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
            *_money_rows(t, told),
        ),
    )


def _closed(t: Translator, told: Outgoing) -> Screen:
    """A proforma that must not be paid any more, because of what was paid or ended elsewhere."""
    due, released = date_of(t, told, "due_date"), money_of(t, told, "released")
    more, others = number_of(told, "more"), number_of(told, "others")
    nothing_due = t("There is nothing to pay for it any more.")
    cart = ((Button(t.plain("Cart"), OpenCart(), Style.PRIMARY),),)
    return Screen(
        lines(
            t("🧾 <b>Proforma {number} is closed</b>", number=text_of(told, "number")),
            "",
            title_of(t, told),
            t.n("and {n} more", "and {n} more", more) if more else None,
            t("It is paid until {date} already.", date=due) if due else nothing_due,
            "",
            t("Please do not pay this proforma. A transfer on its way will become your credit."),
            t("What else was on it is in your cart again.") if others else None,
            t("{amount} is on your account as credit again.", amount=released)
            if released
            else None,
        ),
        (
            *(cart if others else _service_rows(t, told)),
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
        ),
    )


def _service_rows(t: Translator, told: Outgoing) -> tuple[Row, ...]:
    page = OpenService(number_of(told, "service_id"), Origin.SERVICES)
    services = Button(t.plain("Services"), OpenServices())
    return ((Button(t.plain("Service page"), page, Style.PRIMARY), services),)


def _money_rows(t: Translator, told: Outgoing) -> tuple[Row, ...]:
    invoice = OpenInvoice(number_of(told, "invoice_id"), origin=Origin.INVOICES)
    everything = Button(t.plain("Payments and proformas"), OpenInvoices())
    return ((Button(t.plain("Show proforma"), invoice),), (everything,))


NOTICES: Mapping[Topic, Callable[[Translator, Outgoing], Screen]] = {
    Topic.RECEIPT: _receipt,
    Topic.ORDER_ACCEPTED: _accepted,
    Topic.ORDER_REJECTED: _rejected,
    Topic.CANCELLATION_ACCEPTED: _cancellation_accepted,
    Topic.CANCELLATION_REJECTED: _cancellation_rejected,
    Topic.CANCELLED: _cancelled,
    Topic.PART_PAID: _part_paid,
    Topic.MONEY_TO_CREDIT: _money_to_credit,
    Topic.INVOICE_EXPIRED: _expired,
    Topic.INVOICE_CLOSED: _closed,
    **unplaced.NOTICES,
    Topic.MONEY_CAME_LATE: _came_late,
    Topic.CREDIT_CHANGED: _credit_changed,
}
"""A screen for every topic of clients; the operator's are in `operator`."""
