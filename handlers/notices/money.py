"""What a client is told of their proformas and credit: a receipt, a part, too much, too late."""

from typing import assert_never

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.rules.payments.invoices import Invoice
from billing.views.notices.money import (
    CreditChanged,
    InvoiceClosed,
    InvoiceExpired,
    InvoiceNotice,
    MoneyCameLate,
    MoneyToCredit,
    PartPaid,
    Receipt,
    SurplusSetAside,
)
from handlers.buttons import OpenCredit, OpenInvoice, OpenInvoices, OpenRenewals
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import lines
from handlers.notices.closed_proformas import proforma_closed, proforma_expired
from handlers.notices.subject import invoice_rows
from handlers.payments.late_screens import (
    came_late,
    company_decides,
    set_aside_late,
    why_closed,
)
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
        case SurplusSetAside():
            return _surplus_set_aside(t, notice)
        case MoneyCameLate():
            return _came_late(t, notice, invoice, allowed)
        case CreditChanged():
            return _credit_changed(t, notice)
        case InvoiceExpired():
            return proforma_expired(t, notice, allowed)
        case InvoiceClosed():
            return proforma_closed(t, notice)
        case _:
            assert_never(notice)


def _receipt(t: Translator, notice: Receipt, invoice: Invoice | None) -> Screen:
    if invoice is not None:
        return receipt(t, invoice)
    paid = t("✅ <b>Proforma {number} is paid</b>", number=notice.number)
    return Screen(paid, invoice_rows(t, notice.invoice_id))


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


def part_of_paid(t: Translator, part: PartPaid) -> Screen:
    """The same once all is paid: there is nothing to pay any more."""
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=t.money(part.amount)),
            "",
            t("✅ Proforma {number} is paid in full by now.", number=part.number),
        ),
        invoice_rows(t, part.invoice_id),
    )


def _money_to_credit(t: Translator, notice: MoneyToCredit) -> Screen:
    return Screen(
        lines(
            t(
                "💳 <b>Your overpayment of {amount} is on your account as credit</b>",
                amount=t.money(notice.amount),
            ),
            "",
            t(
                "More came for proforma {number} than was due. "
                "You can pay for something else with it.",
                number=notice.number,
            ),
        ),
        credit_rows(t),
    )


def _surplus_set_aside(t: Translator, notice: SurplusSetAside) -> Screen:
    amount, number = t.money(notice.amount), notice.number
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=amount),
            "",
            t("That is more than was due for proforma {number}.", number=number),
            *company_decides(t),
        ),
        ((Button(t.plain("Payments and proformas"), OpenInvoices()),),),
    )


def _came_late(
    t: Translator, late: MoneyCameLate, invoice: Invoice | None, allowed: Allowed
) -> Screen:
    amount = t.money(late.amount)
    if invoice is not None and late.is_credit:
        return came_late(t, invoice, amount, allowed)
    if invoice is not None:
        return set_aside_late(t, invoice, amount)
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=amount),
            "",
            why_closed(t, late.status, late.number),
            *_now_credit(t, late),
        ),
        invoice_rows(t, late.invoice_id),
    )


def _now_credit(t: Translator, late: MoneyCameLate) -> tuple[Markup, ...]:
    if not late.is_credit:
        return company_decides(t)
    return (t("The money is on your account as credit. You can still use it for this."),)


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


def credit_rows(t: Translator) -> tuple[Row, ...]:
    """Where credit is seen, and where it can be used."""
    return (
        (Button(t.plain("Credit history"), OpenCredit()),),
        (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME)),),
    )
