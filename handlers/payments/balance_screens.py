"""Paying a panel's proforma from the client's balance there: the question before."""

from billing.views.payments import InvoicePage
from handlers.buttons import OpenInvoice, PayFromBalance
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen, Style
from handlers.chat.screens.widgets import back, lines
from locales.translator import Translator


def ask_pay(t: Translator, page: InvoicePage, origin: Origin = Origin.INVOICES) -> Screen:
    """What would be paid, and what of the balance stays."""
    bill, balance = page.invoice, page.balance
    amount = t.money(bill.balance)
    yes = t.plain("Yes, pay {amount} from my balance", amount=amount)
    stays = None
    if balance is not None:
        stays = t(
            "Your balance: {amount}; after paying {left} stays.",
            amount=t.money(balance),
            left=t.money(balance - bill.balance),
        )
    return Screen(
        lines(
            t("💳 <b>Pay {amount} from your balance?</b>", amount=amount),
            t("Proforma {number}", number=bill.number),
            "",
            stays,
            t("<i>It is paid at once. We will let you know here.</i>"),
        ),
        (
            (Button(yes, PayFromBalance(bill.id, bill.seal, origin), Style.SUCCESS),),
            (back(t, OpenInvoice(bill.id, 0, origin)),),
        ),
    )
