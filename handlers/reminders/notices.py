"""What a client is told unasked: receipts, decisions about orders, money that came."""

from collections.abc import Callable, Mapping

from billing.ports.outbox import Outgoing, Topic
from handlers.buttons import (
    OpenCart,
    OpenCredit,
    OpenHelp,
    OpenInvoices,
    OpenOrder,
    OpenService,
    OpenServices,
    SwitchClient,
)
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen, Style
from handlers.chat.widgets import lines, shortened
from handlers.payments.screens import receipt
from handlers.reminders import money_notices, unplaced
from handlers.reminders.facts import (
    date_of,
    money_of,
    number_of,
    text_of,
    title_of,
)
from handlers.reminders.money_notices import money_rows
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
    return Screen(t("✅ <b>Proforma {number} is paid</b>", number=number), money_rows(t, told))


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


NOTICES: Mapping[Topic, Callable[[Translator, Outgoing], Screen]] = {
    Topic.RECEIPT: _receipt,
    Topic.ORDER_ACCEPTED: _accepted,
    Topic.ORDER_REJECTED: _rejected,
    Topic.CANCELLATION_ACCEPTED: _cancellation_accepted,
    Topic.CANCELLATION_REJECTED: _cancellation_rejected,
    Topic.CANCELLED: _cancelled,
    Topic.INVOICE_CLOSED: _closed,
    **money_notices.NOTICES,
    **unplaced.NOTICES,
}
"""A screen for every topic of clients; the operator's are in `operator`."""
