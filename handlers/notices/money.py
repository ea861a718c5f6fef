"""What a client is told of their proformas and credit: a receipt, a part, too much, too late."""

from typing import assert_never

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.rules.invoices import Invoice
from billing.views.notices.money import (
    CreditChanged,
    InvoiceClosed,
    InvoiceExpired,
    InvoiceNotice,
    MoneyCameLate,
    MoneyToCredit,
    PartPaid,
    Receipt,
)
from handlers.buttons import OpenCart, OpenCredit, OpenInvoice, OpenInvoices, OpenRenewals
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen, Style
from handlers.chat.widgets import lines
from handlers.notices.subject import service_name, service_rows
from handlers.payments.late_screens import came_late, why_closed
from handlers.payments.screens import receipt
from locales.translator import Translator


def invoice_notice(
    t: Translator,
    notice: InvoiceNotice,
    invoice: Invoice | None,
    allowed: Allowed,
) -> Screen:
    """The message; `invoice` is the one it speaks of, where its lines are named."""
    match notice:
        case Receipt():
            return _receipt(t, notice, invoice)
        case PartPaid():
            return _part_paid(t, notice)
        case MoneyToCredit():
            return _money_to_credit(t, notice)
        case MoneyCameLate():
            return _came_late(t, notice, invoice, allowed)
        case CreditChanged():
            return _credit_changed(t, notice)
        case InvoiceExpired():
            return _expired(t, notice, allowed)
        case InvoiceClosed():
            return _closed(t, notice)
        case _:
            assert_never(notice)


def _receipt(t: Translator, notice: Receipt, invoice: Invoice | None) -> Screen:
    if invoice is not None:
        return receipt(t, invoice)
    paid = t("✅ <b>Proforma {number} is paid</b>", number=notice.number)
    return Screen(paid, _invoice_rows(t, notice.invoice_id))


def _part_paid(t: Translator, part: PartPaid) -> Screen:
    left = t.money(part.balance)
    invoice = OpenInvoice(part.invoice_id, origin=Origin.INVOICES)
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=t.money(part.amount)),
            "",
            t(
                "Proforma {number} is not paid in full yet. Left to pay: <b>{left}</b>",
                number=part.number,
                left=left,
            ),
        ),
        (
            (Button(t.plain("Pay {amount}", amount=left), invoice, Style.SUCCESS),),
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
        ),
    )


def _money_to_credit(t: Translator, notice: MoneyToCredit) -> Screen:
    return Screen(
        lines(
            t("💳 <b>Your payment is on your account as credit</b>"),
            "",
            t(
                "{amount} more came for proforma {number} than was due. "
                "You can pay for something else with it.",
                amount=t.money(notice.amount),
                number=notice.number,
            ),
        ),
        credit_rows(t),
    )


def _came_late(
    t: Translator, late: MoneyCameLate, invoice: Invoice | None, allowed: Allowed
) -> Screen:
    amount = t.money(late.amount)
    if invoice is not None:
        return came_late(t, invoice, amount, allowed)
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=amount),
            "",
            why_closed(t, late.status, late.number),
            t("The money is on your account as credit. You can still use it for this."),
        ),
        _invoice_rows(t, late.invoice_id),
    )


def _credit_changed(t: Translator, change: CreditChanged) -> Screen:
    if change.amount.minor < 0:
        title = t("💳 <b>Taken from your credit: {amount}</b>", amount=t.money(-change.amount))
    else:
        title = t("💳 <b>Added to your credit: {amount}</b>", amount=t.money(change.amount))
    balance = t("Your credit: {amount}", amount=t.money(change.balance))
    return Screen(
        lines(
            title,
            "",
            balance if change.balance else t("It is used up now."),
            *(("", Markup.escape(change.note)) if change.note else ()),
        ),
        credit_rows(t),
    )


def _expired(t: Translator, invoice: InvoiceExpired, allowed: Allowed) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Proforma {number} has expired</b>", number=invoice.number),
            "",
            t("It was not paid in time. What was in it can be renewed or ordered again.")
            if allowed.order
            else t("It was not paid in time. Renewals that were in it can be made again."),
            t("{amount} is on your account as credit again.", amount=t.money(invoice.released))
            if invoice.released
            else None,
        ),
        (
            (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME), Style.PRIMARY),),
            *_invoice_rows(t, invoice.invoice_id),
        ),
    )


def _closed(t: Translator, invoice: InvoiceClosed) -> Screen:
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
            t("Please do not pay this proforma. A transfer on its way will become your credit."),
            t("What else was on it is in your cart again.") if others else None,
            t("{amount} is on your account as credit again.", amount=t.money(invoice.released))
            if invoice.released
            else None,
        ),
        (
            *(cart if others else service_rows(t, invoice.service)),
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
        ),
    )


def credit_rows(t: Translator) -> tuple[Row, ...]:
    """Where credit is seen, and where it can be used."""
    return (
        (Button(t.plain("Credit history"), OpenCredit()),),
        (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME)),),
    )


def _invoice_rows(t: Translator, invoice_id: int) -> tuple[Row, ...]:
    """The proforma that the money is about, and all others."""
    invoice = OpenInvoice(invoice_id, origin=Origin.INVOICES)
    everything = Button(t.plain("Payments and proformas"), OpenInvoices())
    return ((Button(t.plain("Show proforma"), invoice),), (everything,))
