"""Money that came for a closed proforma: what was not done, and one tap to do it."""

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.rules.payments.invoices import Born, Invoice, InvoiceStatus
from billing.rules.shop.cart import LineKind
from handlers.buttons import OpenCredit, OpenInvoice, OpenInvoices, OpenOrder, RenewLapsed
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import lines
from handlers.payments.words import line_title
from locales.text import Plain
from locales.translator import Translator

MOST_LINES = 10
"""So many lines are named; the proforma itself has them all."""


def set_aside_late(t: Translator, bill: Invoice, amount: Plain) -> Screen:
    """The money waits for the company's decision: clients have no credit."""
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=amount),
            "",
            *what_lapsed(t, bill),
            "",
            *company_decides(t),
        ),
        (
            (Button(t.plain("Show proforma"), OpenInvoice(bill.id)),),
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
        ),
    )


def company_decides(t: Translator) -> tuple[Markup, ...]:
    """What follows of money that fits nothing, where clients have no credit."""
    return (
        t("The money is with us. We will decide what happens with it and get back to you."),
        t("Please do not pay again: nothing is lost."),
    )


def came_late(t: Translator, bill: Invoice, amount: Plain, allowed: Allowed) -> Screen:
    """The money is credit; what it was for can be renewed from it, where there is something."""
    again = _again_rows(t, bill, allowed)
    return Screen(
        lines(
            t("💳 <b>Received: {amount}</b>", amount=amount),
            "",
            *what_lapsed(t, bill),
            "",
            t("The money is on your account as credit. You can still use it for this.")
            if again
            else t("The money is on your account as credit."),
        ),
        (
            *again,
            (
                Button(t.plain("Credit history"), OpenCredit()),
                Button(t.plain("Show proforma"), OpenInvoice(bill.id)),
            ),
            (Button(t.plain("Payments and proformas"), OpenInvoices()),),
        ),
    )


def what_lapsed(t: Translator, bill: Invoice) -> tuple[Markup, ...]:
    """Why the money came too late, and what was not done."""
    first_lines = bill.lines[:MOST_LINES]
    left = len(bill.lines) - len(first_lines)
    more = (t.n("… and {n} more line", "… and {n} more lines", left),) if left else ()
    return (
        why_closed(t, bill.status, bill.number),
        t("Not renewed:") if _only_renewals(bill) else t("Not carried out:"),
        *(
            Markup("{}. {}").format(number, line_title(t, line))
            for number, line in enumerate(first_lines, start=1)
        ),
        *more,
    )


def why_closed(t: Translator, status: InvoiceStatus, number: str) -> Markup:
    """What became of a proforma before its money came."""
    if status is InvoiceStatus.CANCELLED:
        return t("Proforma {number} had been cancelled by then.", number=number)
    return t("Proforma {number} had expired by then.", number=number)


def _again_rows(t: Translator, bill: Invoice, allowed: Allowed) -> tuple[Row, ...]:
    rows: list[Row] = []
    kinds = {line.item.kind for line in bill.lines}
    if LineKind.RENEWAL in kinds and bill.born is Born.CART:
        renew = Button(t.plain("Renew from your credit"), RenewLapsed(bill.id), Style.SUCCESS)
        rows.append((renew,))
    if allowed.order and kinds & {LineKind.ADDON, LineKind.PRODUCT}:
        rows.append((Button(t.plain("Place a new order"), OpenOrder()),))
    return tuple(rows)


def _only_renewals(bill: Invoice) -> bool:
    return all(line.item.kind is LineKind.RENEWAL for line in bill.lines)
