"""What a client is told of proformas that expired or that a load has closed."""

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.rules.money import Money
from billing.views.notices.money import InvoiceClosed, InvoiceExpired
from handlers.buttons import OpenCart, OpenInvoices, OpenRenewals
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen, Style
from handlers.chat.screens.widgets import lines
from handlers.notices.subject import invoice_rows, service_name, service_rows, we_decide
from locales.translator import Translator


def proforma_expired(t: Translator, invoice: InvoiceExpired, allowed: Allowed) -> Screen:
    """It was not paid in time."""
    return Screen(
        lines(
            t("🧾 <b>Proforma {number} has expired</b>", number=invoice.number),
            "",
            t("It was not paid in time. What was in it can be renewed or ordered again.")
            if allowed.order
            else t("It was not paid in time. Renewals that were in it can be made again."),
            _released(t, invoice.released, is_credit=invoice.is_credit),
        ),
        (
            (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME), Style.PRIMARY),),
            *invoice_rows(t, invoice.invoice_id),
        ),
    )


def proforma_closed(t: Translator, invoice: InvoiceClosed) -> Screen:
    """It must not be paid any more, because of what was loaded."""
    due, more, others = invoice.due_date, invoice.more, invoice.others
    paid = t("It is paid until {date} already.", date=t.date(due)) if due else None
    cart = ((Button(t.plain("Cart"), OpenCart(), Style.PRIMARY),),)
    return Screen(
        lines(
            t("🧾 <b>Proforma {number} is closed</b>", number=invoice.number),
            "",
            service_name(t, invoice.service),
            t.n("and {n} more", "and {n} more", more) if more else None,
            paid or t("There is nothing to pay for it any more."),
            "",
            _do_not_pay(t, invoice),
            t("What else was on it is in your cart again.") if others else None,
            _released(t, invoice.released, is_credit=invoice.is_credit),
        ),
        (
            *(cart if others else service_rows(t, invoice.service)),
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
        ),
    )


def _do_not_pay(t: Translator, invoice: InvoiceClosed) -> Markup:
    if invoice.is_credit:
        return t("Please do not pay this proforma. A transfer on its way will become your credit.")
    return t(
        "Please do not pay this proforma. If a transfer is on its way, we will decide what "
        "happens with it and get back to you."
    )


def _released(t: Translator, amount: Money, *, is_credit: bool) -> Markup | None:
    if not amount:
        return None
    if is_credit:
        return t("{amount} is on your account as credit again.", amount=t.money(amount))
    return we_decide(t, amount)
