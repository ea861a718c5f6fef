"""The question before an unpaid proforma is cancelled."""

from billing.rules.allowed import Allowed
from billing.views.payments import InvoicePage
from handlers.buttons import CancelInvoice, OpenInvoice
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen, Style
from handlers.chat.screens.widgets import back, lines
from locales.translator import Translator


def ask_cancel(
    t: Translator, invoice_page: InvoicePage, allowed: Allowed, origin: Origin = Origin.INVOICES
) -> Screen:
    """The question whether an unpaid proforma shall be cancelled, and what follows."""
    bill = invoice_page.invoice
    returned, amount = None, t.money(bill.paid)
    if bill.paid and invoice_page.credit is None:
        returned = t(
            "You have paid {amount}: we will decide what happens with it and get back to you.",
            amount=amount,
        )
    elif bill.paid:
        returned = t("{amount} returns to your account as credit.", amount=amount)
    return Screen(
        lines(
            t("🧾 <b>Cancel proforma {number}?</b>", number=bill.number),
            "",
            t("What it holds can be renewed or ordered again afterwards.")
            if allowed.order
            else t("Renewals in it can be made again afterwards."),
            returned,
            t("<i>If you have sent a transfer for it already, please do not cancel.</i>"),
        ),
        (
            (
                Button(
                    t.plain("Yes, cancel the proforma"),
                    CancelInvoice(bill.id, origin),
                    Style.DANGER,
                ),
            ),
            (back(t, OpenInvoice(bill.id, 0, origin)),),
        ),
    )
