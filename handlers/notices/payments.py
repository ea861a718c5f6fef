"""Money on its way: what its payer reads until it is booked.

Nobody who has paid is asked to pay again.
"""

from typing import assert_never

from markupsafe import Markup

from billing.views.notices.money import (
    PayerNotice,
    PaymentArrived,
    PaymentCredited,
    PaymentNotice,
    PaymentSetAside,
)
from billing.views.notices.operator import UnplacedPayment
from handlers.buttons import OpenHelp, OpenInvoices, OpenServices
from handlers.chat.screens.screen import Button, Screen
from handlers.chat.screens.widgets import lines
from handlers.notices.money import credit_rows
from locales.text import Plain
from locales.translator import Translator


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
    """What a client reads when money that fitted nothing became their credit or balance."""
    if not payment.is_credit:
        amount = t.money(payment.amount)
        text = t("💳 <b>{amount} was added to your balance</b>", amount=amount)
        proformas = Button(t.plain("Payments and proformas"), OpenInvoices())
        return Screen(text, ((proformas,),))
    return Screen(
        lines(
            t("💳 <b>Your payment is on your account as credit</b>"),
            "",
            t("{amount} was added. You can pay with it.", amount=t.money(payment.amount)),
        ),
        credit_rows(t),
    )


def _title(t: Translator, payment: PayerNotice) -> Markup:
    amount = stated_amount(t, payment)
    if not amount:
        return t("💳 <b>Your payment has arrived</b>")
    return t("💳 <b>Your payment of {amount} has arrived</b>", amount=amount)


def stated_amount(t: Translator, payment: PayerNotice | UnplacedPayment) -> Plain:
    """As the language writes it; as the provider states it where the currency is not known."""
    return t.money(payment.amount) if payment.amount else Plain(payment.stated)
