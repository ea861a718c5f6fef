"""Money on its way: what its payer reads, and what the operator reads of money that fits nothing.

Nobody who has paid is asked to pay again.
"""

from collections.abc import Callable, Mapping
from typing import assert_never

from markupsafe import Markup

from billing.rules.charges import Misfit
from billing.views.account import ClientInfo
from billing.views.notices.money import (
    PayerNotice,
    PaymentArrived,
    PaymentCredited,
    PaymentNotice,
    PaymentSetAside,
)
from billing.views.notices.operator import UnplacedPayment
from handlers.buttons import OpenHelp, OpenServices
from handlers.chat.screen import Button, Screen
from handlers.chat.widgets import lines, shortened
from handlers.reminders.commands import command, with_commands
from handlers.reminders.money_notices import credit_rows
from handlers.reminders.named import client_line
from locales.text import Plain
from locales.translator import Translator

PROVIDERS_LIMIT = 100
"""Characters of what a provider wrote; what is longer would push the commands off the screen."""


def payment_notice(t: Translator, notice: PaymentNotice) -> Screen:
    """What becomes of money that was not booked at once."""
    match notice:
        case PaymentArrived():
            return _arrived(t, notice)
        case PaymentSetAside():
            return _set_aside(t, notice)
        case PaymentCredited():
            return _credited(t, notice)
        case _:
            assert_never(notice)


def _arrived(t: Translator, payment: PaymentArrived) -> Screen:
    """What the payer reads while their money is not booked yet."""
    return Screen(
        lines(
            _title(t, payment),
            "",
            t("It is being booked. We will let you know here as soon as it is done."),
            t("You need not do anything."),
        ),
        (
            (
                Button(t.plain("Services"), OpenServices()),
                Button(t.plain("Help"), OpenHelp()),
            ),
        ),
    )


def _set_aside(t: Translator, payment: PaymentSetAside) -> Screen:
    """What the payer reads of money that fits nothing."""
    return Screen(
        lines(
            _title(t, payment),
            "",
            t("We could not match it to a proforma, so we will look at it ourselves."),
            t("Please do not pay again: nothing is lost, and we will get back to you."),
        ),
        ((Button(t.plain("Help"), OpenHelp()),),),
    )


def _credited(t: Translator, payment: PaymentCredited) -> Screen:
    """What a client reads when money that fitted nothing became their credit."""
    return Screen(
        lines(
            t("💳 <b>Your payment is on your account as credit</b>"),
            "",
            t("{amount} was added. You can pay with it.", amount=t.money(payment.amount)),
        ),
        credit_rows(t),
    )


def unplaced(t: Translator, payment: UnplacedPayment, client: ClientInfo | None) -> Screen:
    """What the operator reads: what came, why it fits nothing, and what to do."""
    amount = _amount(t, payment)
    return with_commands(
        lines(
            t("⚠️ <b>Unmatched payment no. {number}</b>", number=str(payment.unplaced_id)),
            "",
            WHY[payment.misfit](t),
            "",
            t("Amount: <b>{amount}</b>", amount=amount) if amount else None,
            client_line(t, client),
            *_facts(t, payment),
        ),
        *_ways(t, payment, client),
    )


def _ways(
    t: Translator, payment: UnplacedPayment, client: ClientInfo | None
) -> tuple[tuple[Plain, str], ...]:
    """The commands that make sense for that reason."""
    number, reason = str(payment.unplaced_id), payment.misfit
    ref = client.ref if client else "CLIENT"
    credit = t.plain("Make it credit"), command("unplaced", "credit", number, ref)
    again = t.plain("Book it again"), command("unplaced", "book", number)
    note = t.plain("what you did")
    close = t.plain("Settled otherwise"), command("unplaced", "close", number, "--note", note)
    if reason is Misfit.NOT_BOOKED:
        return again, credit, close
    return (close,) if reason in NO_CREDIT else (credit, close)


def _facts(t: Translator, payment: UnplacedPayment) -> tuple[Markup | None, ...]:
    number, user = payment.number, payment.user_id
    charge, payload = (
        shortened(text, PROVIDERS_LIMIT) for text in (payment.charge_id, payment.payload)
    )
    return (
        t("Proforma {number}", number=number) if number else None,
        t("Telegram user: {user}", user=str(user)) if user else None,
        t("Charge: {charge}", charge=charge) if charge else None,
        t("Invoice payload: {payload}", payload=payload) if payload else None,
    )


def _title(t: Translator, payment: PayerNotice) -> Markup:
    amount = _amount(t, payment)
    if not amount:
        return t("💳 <b>Your payment has arrived</b>")
    return t("💳 <b>Your payment of {amount} has arrived</b>", amount=amount)


def _amount(t: Translator, payment: PayerNotice | UnplacedPayment) -> Plain:
    """As the language writes it; as the provider states it where the currency is not known."""
    return t.money(payment.amount) if payment.amount else Plain(payment.stated)


NO_CREDIT = frozenset({Misfit.REFUNDED, Misfit.OTHER_CURRENCY, Misfit.UNREADABLE})
"""Where credit is refused: it went back, has another currency, or nobody knows how much it is."""

WHY: Mapping[Misfit, Callable[[Translator], Markup]] = {
    Misfit.UNREADABLE: lambda t: t(
        "The notice cannot be read. Look for the payment at your payment provider and ask who "
        "has paid."
    ),
    Misfit.REFUNDED: lambda t: t(
        "Telegram says that this payment was given back. If it had been booked, take back what "
        "was paid with it."
    ),
    Misfit.NOT_PRIVATE: lambda t: t(
        "It was paid in a group or channel, where the bot sells nothing. Ask who has paid and "
        "what for."
    ),
    Misfit.BAD_CHARGE_ID: lambda t: t(
        "Its charge number is missing or too long, so it cannot be told from another payment."
    ),
    Misfit.BAD_AMOUNT: lambda t: t(
        "The amount is missing or makes no sense. Look it up at your payment provider."
    ),
    Misfit.UNKNOWN_PAYLOAD: lambda t: t("It was paid for an invoice that this bot did not make."),
    Misfit.UNKNOWN_PAYMENT: lambda t: t(
        "There is no such payment here. Was an older copy of the database restored?"
    ),
    Misfit.OTHER_CURRENCY: lambda t: t(
        "It came in another currency than the proforma's. Send it back, or agree on an amount "
        "with the client and give that as credit."
    ),
    Misfit.STRANGER: lambda t: t(
        "It was paid by somebody who is not linked to the proforma's client."
    ),
    Misfit.NOT_BOOKED: lambda t: t(
        "It was tried three times and failed; the log says why. The client knows that it has "
        "arrived."
    ),
}
"""What happened and what to look at, for every reason."""
