"""The client's credit and its history."""

from markupsafe import Markup

from billing.rules.payments.payment import CreditMovement
from billing.views.credit import CreditHistory
from handlers.buttons import OpenCredit, OpenInvoices
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines
from handlers.chat.screens.wording import facts
from handlers.payments.words import signed, why_moved
from locales.translator import Translator


def credit(t: Translator, history: CreditHistory) -> Screen:
    """The credit and how it came about, newest first."""
    return Screen(
        lines(
            t("💳 <b>Your credit: {amount}</b>", amount=t.money(history.credit)),
            "",
            *(_movement_line(t, movement) for movement in history.movements),
            None if history.movements else t("There are no movements yet."),
        ),
        (*_turning(t, history), (back(t, OpenInvoices()),)),
    )


def _movement_line(t: Translator, movement: CreditMovement) -> Markup:
    amount, at = signed(t, movement.amount), t.instant(movement.at)
    balance = t.plain("balance: {balance}", balance=t.money(movement.balance))
    return lines(
        Markup("<b>{}</b> · {}").format(amount, at), facts(why_moved(t, movement), balance)
    )


def _turning(t: Translator, history: CreditHistory) -> tuple[Row, ...]:
    """To newer and older entries; how many pages there are is not counted."""
    buttons = []
    if history.page:
        buttons.append(Button(t.plain("‹ Previous"), OpenCredit(history.page - 1)))
    if history.more:
        buttons.append(Button(t.plain("Next ›"), OpenCredit(history.page + 1)))
    return (tuple(buttons),) if buttons else ()
