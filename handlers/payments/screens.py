"""What follows an order: how to pay it, and the receipt that says what became of each line."""

from datetime import date

from markupsafe import Markup

from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.transfer_codes import transfer_code
from billing.rules.shop.catalog import BankAccount
from billing.views.payments import (
    Instructions,
    OpenUrl,
    TelegramInvoice,
)
from billing.views.pictures import QrPicture
from handlers.buttons import OpenInvoice, OpenInvoices, OpenServices
from handlers.chat.screens.limits import COPY_LIMIT, DESCRIPTION_LIMIT, TITLE_LIMIT
from handlers.chat.screens.screen import Button, Copy, InvoiceScreen, Pay, Row, Screen, Style, Url
from handlers.chat.screens.widgets import lines, shortened
from handlers.payments.words import deadlines, line_entry
from locales.translator import Translator

RECEIPT_LINES = 10
"""A receipt shows so many lines; a longer proforma has them all, in pages."""


def receipt(t: Translator, invoice: Invoice) -> Screen:
    """What a paid proforma has done, line by line; also sent to the client's other users."""
    first_lines = invoice.lines[:RECEIPT_LINES]
    left = len(invoice.lines) - len(first_lines)
    paid = t("✅ <b>Paid: {amount}</b>", amount=t.money(invoice.gross))
    return Screen(
        lines(
            paid if invoice.gross else t("✅ <b>Done, free of charge</b>"),
            t("Proforma {number}", number=invoice.number),
            "",
            *(
                line_entry(t, line, number, is_paid=True)
                for number, line in enumerate(first_lines, start=1)
            ),
            t.n("… and {n} more line", "… and {n} more lines", left) if left else None,
            *_not_done_yet(t, invoice),
        ),
        (
            (
                Button(t.plain("Services"), OpenServices(), Style.PRIMARY),
                Button(t.plain("Show proforma"), OpenInvoice(invoice.id)),
            ),
            (_all_invoices(t),),
        ),
    )


def _not_done_yet(t: Translator, invoice: Invoice) -> tuple[str | Markup, ...]:
    """What is still to come where the panel has to carry out what was paid for."""
    if invoice.status is not InvoiceStatus.BEING_APPLIED:
        return ()
    return "", t("It is being carried out. We will let you know here when everything is done.")


def transfer(t: Translator, invoice: Invoice, how: Instructions, today: date) -> Screen:
    """Where to send a bank transfer, each part with a button that copies it.

    Above it stands a QR code, if one can express this transfer.
    """
    account, amount = how.account, how.amount
    code = transfer_code(account, amount, how.title, tax_id=how.tax_id)
    return Screen(
        lines(
            t("💳 <b>Bank transfer: {amount}</b>", amount=t.money(amount)),
            t("Proforma {number}", number=invoice.number),
            "",
            t("Recipient: <b>{holder}</b>", holder=account.holder),
            t("Account: <code>{account}</code>", account=account.number),
            t("Bank: {bank}", bank=account.bank) if account.bank else None,
            t("SWIFT: <code>{code}</code>", code=account.swift) if account.swift else None,
            t("Reference: <code>{title}</code>", title=how.title),
            t("Amount: <b>{amount}</b>", amount=t.money(amount)),
            *deadlines(t, invoice, today),
            "",
            t("<i>Please copy the reference exactly.</i>"),
            t("<i>We will let you know here when the money arrives.</i>"),
        ),
        (
            (Button(t.plain("Copy account"), Copy(account.number)), *_copy_holder(t, account)),
            (
                Button(t.plain("Copy reference"), Copy(how.title)),
                Button(t.plain("Copy amount"), Copy(t.bare_amount(amount))),
            ),
            *_onwards(t, invoice),
        ),
        picture=None if code is None else QrPicture(code),
        hint=t("Scan the code in your bank's app, or copy the data:"),
    )


def _copy_holder(t: Translator, account: BankAccount) -> Row:
    if len(account.holder) > COPY_LIMIT:
        return ()
    return (Button(t.plain("Copy recipient"), Copy(account.holder)),)


def pay_page(t: Translator, invoice: Invoice, how: OpenUrl) -> Screen:
    """The button that opens a provider's page."""
    amount = t.money(invoice.balance)
    return Screen(
        lines(
            t("💳 <b>To pay: {amount}</b>", amount=amount),
            t("Proforma {number}", number=invoice.number),
        ),
        (
            (Button(t.plain("Pay {amount}", amount=amount), Url(how.url), Style.SUCCESS),),
            *_onwards(t, invoice),
        ),
    )


def telegram_invoice(t: Translator, invoice: Invoice, how: TelegramInvoice) -> InvoiceScreen:
    """Telegram's own invoice for what is left of a proforma."""
    title = t.plain("Proforma {number}", number=how.number)
    names = ", ".join(line.item.name for line in invoice.lines)
    pay = t.plain("Pay {amount}", amount=t.money(how.amount))
    other = Button(t.plain("Other ways to pay"), OpenInvoice(invoice.id))
    return InvoiceScreen(
        title=shortened(title, TITLE_LIMIT),
        description=shortened(names, DESCRIPTION_LIMIT),
        payload=how.payload,
        currency=how.amount.currency,
        prices=((t.plain("To pay"), how.amount.minor),),
        rows=((Button(pay, Pay()),), (other,)),
    )


def _onwards(t: Translator, invoice: Invoice) -> tuple[Row, ...]:
    return (
        (
            Button(t.plain("Show proforma"), OpenInvoice(invoice.id)),
            Button(t.plain("Services"), OpenServices()),
        ),
        (_all_invoices(t),),
    )


def _all_invoices(t: Translator) -> Button:
    return Button(t.plain("Payments and proformas"), OpenInvoices())
