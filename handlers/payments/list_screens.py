"""Payments and proformas: the list."""

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.payments import (
    InvoiceList,
    InvoiceSummary,
    OrderSummary,
)
from handlers.buttons import (
    OpenCredit,
    OpenHome,
    OpenInvoice,
    OpenInvoices,
    OpenOrderPage,
)
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, number_rows, pager
from handlers.chat.screens.wording import facts
from handlers.payments.words import (
    state_of,
)
from locales.text import Plain
from locales.translator import Translator


def invoices(t: Translator, invoice_list: InvoiceList, allowed: Allowed) -> Screen:
    """The open proformas, or the past ones."""
    first = invoice_list.page * invoice_list.page_size + 1
    return Screen(
        lines(
            t("🧾 <b>Payments and proformas</b>"),
            "",
            *(_summary(t, row, n) for n, row in enumerate(invoice_list.invoices, start=first)),
            None if invoice_list.invoices else _nothing(t, invoice_list, allowed),
            *_credit(t, invoice_list),
        ),
        (
            *((_order(t, order),) for order in invoice_list.orders),
            _tabs(t, invoice_list),
            *number_rows([OpenInvoice(row.id) for row in invoice_list.invoices], first=first),
            *pager(
                t,
                invoice_list.page,
                invoice_list.pages,
                lambda p: OpenInvoices(not invoice_list.open, p),
            ),
            *_history_row(t, invoice_list),
            (back(t, OpenHome()),),
        ),
        is_of_panel=True,
    )


def _credit(t: Translator, invoice_list: InvoiceList) -> tuple[str | Markup, ...]:
    if invoice_list.credit is None:
        return ()
    return "", t("Your credit: {amount}", amount=t.money(invoice_list.credit))


def _order(t: Translator, order: OrderSummary) -> Button:
    """The way to an order whose proformas do not exist yet."""
    label = t.plain("🕓 Order of {instant}", instant=t.instant(order.created_at))
    return Button(label, OpenOrderPage(order.id))


def _history_row(t: Translator, invoice_list: InvoiceList) -> tuple[Row, ...]:
    if invoice_list.credit is None:
        return ()
    return ((Button(t.plain("Credit history"), OpenCredit()),),)


def _summary(t: Translator, row: InvoiceSummary, number: int) -> Markup:
    status = InvoiceStatus(row.status)
    is_open = status is InvoiceStatus.UNPAID
    left = None
    if is_open and row.balance != row.gross:
        left = t.plain("left to pay: {left}", left=t.money(row.balance))
    when = t.instant(row.created_at)
    if is_open and row.expires_on is not None:
        when = t.plain("valid until {date}", date=t.date(row.expires_on))
    return lines(
        Markup("{}. <b>{}</b> · {}").format(number, row.number, t.money(row.gross)),
        facts(state_of(t, status), left),
        facts(when),
    )


def _nothing(t: Translator, invoice_list: InvoiceList, allowed: Allowed) -> Markup:
    if invoice_list.open:
        if not allowed.order:
            return t("There is nothing to pay. Your next renewal appears here.")
        return t("There is nothing to pay. Your next order or renewal appears here.")
    return t("There are no past proformas yet.")


def _tabs(t: Translator, invoice_list: InvoiceList) -> Row:
    there, others = _count_suffix(t, invoice_list.count), _count_suffix(t, invoice_list.others)
    now, past = t.plain("To pay"), t.plain("Past")
    if invoice_list.open:
        now, past = Plain(f"• {now}{there}"), Plain(f"{past}{others}")
    else:
        now, past = Plain(f"{now}{others}"), Plain(f"• {past}{there}")
    return (Button(now, OpenInvoices(past=False)), Button(past, OpenInvoices(past=True)))


def _count_suffix(t: Translator, number: int) -> str:
    return f" ({t.number(number)})" if number else ""
