"""One proforma: its state, its lines, the ways to pay it."""

from markupsafe import Markup

from billing.rules.payments.invoices import LAPSED, Born, Invoice
from billing.views.payments import (
    InvoicePage,
    PayMethod,
)
from handlers.buttons import (
    AskCancelInvoice,
    AskPayFromBalance,
    OpenInvoice,
    OpenOrderPage,
    OpenRenewals,
    PayInvoice,
    PayWithCredit,
    back_to,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style, Url
from handlers.chat.screens.widgets import back, lines, pager
from handlers.chat.screens.wording import totals
from handlers.payments.words import (
    credit_switch,
    deadlines,
    line_entry,
    paid_part,
    parties,
    state_of,
    way_to_pay,
    your_credit,
)
from locales.text import Plain
from locales.translator import Translator

LINES_PER_PAGE = 8


def invoice(
    t: Translator, invoice_page: InvoicePage, page: int = 0, origin: Origin = Origin.INVOICES
) -> Screen:
    """One proforma: its state, its lines and what became of them, the ways to pay it."""
    bill = invoice_page.invoice
    pages = max(1, -(-len(bill.lines) // LINES_PER_PAGE))
    page = min(page, pages - 1)
    first = page * LINES_PER_PAGE
    part = bill.lines[first : first + LINES_PER_PAGE]
    return Screen(
        lines(
            t("🧾 <b>Proforma {number}</b>", number=bill.number),
            _state(t, invoice_page),
            "",
            *(
                line_entry(t, line, n, is_paid=bill.is_covered)
                for n, line in enumerate(part, start=first + 1)
            ),
            "",
            *totals(t, bill.totals),
            *paid_part(t, bill),
            _credit(t, invoice_page),
            "",
            *parties(t, invoice_page.seller, invoice_page.buyer),
            t("<i>Issued on {instant}</i>", instant=t.instant(bill.created_at)),
        ),
        (
            *_panel_ways(t, invoice_page, origin),
            *((_pay(t, method, invoice_page, origin),) for method in invoice_page.methods),
            *_credit_rows(t, invoice_page, page, origin),
            *pager(
                t, page, pages, lambda p: OpenInvoice(bill.id, p, origin, invoice_page.use_credit)
            ),
            *_other_rows(t, bill, origin),
            (back(t, back_to(origin)),),
        ),
        is_of_panel=True,
    )


def _credit(t: Translator, invoice_page: InvoicePage) -> Markup | None:
    """The credit, and what of it is left where it can pay all."""
    credit, left = invoice_page.credit, invoice_page.invoice.balance
    if not invoice_page.invoice.is_open:
        return None
    if invoice_page.balance:
        return t("Your balance: {amount}", amount=t.money(invoice_page.balance))
    if credit is None or all(method.gateway for method in invoice_page.methods):
        return your_credit(t, credit)
    after = t.money(credit - left)
    return t(
        "Your credit: {amount}; after paying {left} stays.", amount=t.money(credit), left=after
    )


def _state(t: Translator, invoice_page: InvoicePage) -> Markup:
    bill = invoice_page.invoice
    state = state_of(t, bill.status)
    if invoice_page.is_being_withdrawn:
        return lines(
            state,
            t("🕓 Its order is being withdrawn. Please do not pay; we will let you know here."),
        )
    if invoice_page.is_being_paid:
        return lines(state, t("🕓 It is being paid from your balance. We will let you know here."))
    if bill.is_open:
        return lines(state, *deadlines(t, bill, invoice_page.today), *_on_the_web(t, invoice_page))
    if bill.paid_at is None or not bill.is_covered:
        return Markup.escape(state)
    return Markup("{} · {}").format(state, t.instant(bill.paid_at))


def _on_the_web(t: Translator, invoice_page: InvoicePage) -> tuple[Markup, ...]:
    """What to expect of a page that opens outside the chat."""
    if not invoice_page.pay_address:
        return ()
    return (t("<i>You pay on our panel's page. We will let you know here when it is paid.</i>"),)


def _pay(t: Translator, method: PayMethod, invoice_page: InvoicePage, origin: Origin) -> Button:
    bill, amount = invoice_page.invoice.id, method.due_part or method.credit_part
    label = Plain(f"{way_to_pay(t, method)} · {t.money(amount)}")
    if method.gateway is None:
        at_once = PayWithCredit(bill, invoice_page.invoice.seal, origin)
        label = t.plain("Pay {amount} from your credit", amount=t.money(amount))
        return Button(label, at_once, Style.SUCCESS)
    pay = PayInvoice(bill, method.gateway.number, origin, invoice_page.use_credit)
    return Button(label, pay, Style.SUCCESS)


def _panel_ways(t: Translator, invoice_page: InvoicePage, origin: Origin) -> tuple[Row, ...]:
    """The button that opens the page on the web where it is paid, and the balance in the panel."""
    rows: list[Row] = []
    amount = t.money(invoice_page.invoice.balance)
    if invoice_page.pay_address:
        pay = t.plain("Pay {amount}", amount=amount)
        rows.append((Button(pay, Url(invoice_page.pay_address), Style.SUCCESS),))
    if invoice_page.balance_pays:
        ask = AskPayFromBalance(invoice_page.invoice.id, origin)
        from_balance = t.plain("Pay {amount} from my balance", amount=amount)
        rows.append((Button(from_balance, ask, Style.SUCCESS),))
    return tuple(rows)


def _credit_rows(
    t: Translator, invoice_page: InvoicePage, page: int, origin: Origin
) -> tuple[Row, ...]:
    bill = invoice_page.invoice
    if not bill.is_open or invoice_page.is_being_withdrawn:
        return ()
    other = OpenInvoice(bill.id, page, origin, not invoice_page.use_credit)
    return credit_switch(t, invoice_page.credit, bill.balance, other, used=invoice_page.use_credit)


def _other_rows(t: Translator, bill: Invoice, origin: Origin) -> tuple[Row, ...]:
    if bill.born is Born.PANEL:
        return _panel_rows(t, bill, origin)
    if bill.is_open:
        label = t.plain("Cancel proforma")
        return ((Button(label, AskCancelInvoice(bill.id, origin), Style.DANGER),),)
    if bill.is_covered:
        return ()
    return ((Button(t.plain("Renew services"), OpenRenewals(0, Origin.INVOICES)),),)


def _panel_rows(t: Translator, bill: Invoice, origin: Origin) -> tuple[Row, ...]:
    """A panel's proforma leads to its order; it is not cancelled here."""
    order: tuple[Row, ...] = ()
    if bill.order_id is not None:
        order = ((Button(t.plain("Show order"), OpenOrderPage(bill.order_id, origin)),),)
    if bill.status not in LAPSED:
        return order
    return (*order, (Button(t.plain("Renew services"), OpenRenewals(0, Origin.INVOICES)),))
