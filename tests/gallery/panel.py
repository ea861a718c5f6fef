"""Samples of a company with a connected panel: orders it places, proformas it makes."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from billing.rules.allowed import EVERYTHING
from billing.rules.payments.invoices import (
    Born,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Outcome,
    StatedLine,
)
from billing.rules.payments.orders import LineState, Order, OrderLine, OrderState
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts
from billing.views.payments import Checkout, OrderPage, OrderSummary, TelegramInvoice
from handlers.chat.screens.screen import Shown
from handlers.payments import invoice_screens, late_screens, list_screens, order_screens, screens
from locales.translator import Translator
from tests.gallery.payments import checkout, listed, long_checkout, page, seen
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME
from tests.make import NOW, TODAY, invoice, money, quote

CHARGED = Amounts(money("29.00"), money("6.67"), money("35.67"))


def deferred(made: Checkout | None = None, *, spends_balance: bool = False) -> Checkout:
    """A checkout whose order a panel places first."""
    made = made or checkout()
    return replace(made, methods=(), is_deferred=True, spends_balance=spends_balance)


def stated(**changes: Any) -> StatedLine:
    """A renewal as a panel states it: without a period."""
    made = StatedLine("Hosting start", CHARGED, LineKind.RENEWAL, "anna.example", service_id=1)
    return replace(made, **changes)


FEE = stated(name="Opłata za wznowienie", kind=None, domain="", service_id=None)
OF_A_PERIOD = stated(period_from=TODAY, period_to=TODAY.replace(month=4))


def bill(*items: StatedLine, **changes: Any) -> Invoice:
    """A panel's unpaid proforma of these lines; of a renewal and a fee when none."""
    lines = tuple(
        InvoiceLine(number, item) for number, item in enumerate(items or (stated(), FEE), start=1)
    )
    gross = CHARGED.gross * len(lines)
    made = replace(
        invoice(), id=7, number="PRO-2043", lines=lines, expires_on=None, order_id=3,
        totals=Amounts(CHARGED.net * len(lines), CHARGED.tax * len(lines), gross),
        born=Born.PANEL, ref="2043",
    )  # fmt: skip
    return replace(made, **changes)


def covered(status: InvoiceStatus) -> Invoice:
    """One whose money has come."""
    unpaid = bill(stated(), OF_A_PERIOD, FEE)
    return replace(unpaid, status=status, paid=unpaid.gross, paid_at=NOW)


def applied() -> Invoice:
    """One that the panel has carried out; it has said a due date for one of the services."""
    done = covered(InvoiceStatus.PAID)
    renewed, dated, fee = done.lines
    return replace(
        done,
        lines=(
            replace(renewed, outcome=Outcome.RENEWED),
            replace(dated, outcome=Outcome.RENEWED, due_date=TODAY.replace(month=4)),
            replace(fee, outcome=Outcome.ORDERED),
        ),
    )


def order_page(
    state: OrderState, *bills: Invoice, lines: int = 2, refusal: str = "", **changes: Any
) -> OrderPage:
    """An order of some renewals, its lines as far as its state says."""
    so_far = {
        OrderState.PLACING: LineState.WAITING,
        OrderState.REFUSED: LineState.REFUSED,
    }.get(state, LineState.PLACED)
    made = [OrderLine(quote(line_id=number), so_far) for number in range(1, lines + 1)]
    if state is OrderState.PART_PLACED:
        made[-1] = replace(made[-1], state=LineState.REFUSED)
    total = CHARGED.gross * lines
    order = Order(
        3, 1, 5, state, "PLN", 1, total, tuple(made), NOW, refusal=refusal
    )  # fmt: skip
    return OrderPage(replace(order, **changes), bills)


def dearer() -> Invoice:
    """A proforma that asks for more than was confirmed."""
    return bill(totals=replace(CHARGED, gross=money("75.00")))


def long_order() -> OrderPage:
    """Many lines with the longest names, in many proformas."""
    made = order_page(OrderState.PLACED, *(bill(id=n) for n in range(1, 13)))
    line = OrderLine(quote(name=LONG_NAME, domain=LONG_DOMAIN), LineState.REFUSED)
    return replace(made, order=replace(made.order, lines=(line,) * 30))


ORDERS: dict[str, OrderPage] = {
    "being placed": order_page(OrderState.PLACING),
    "being placed, for long": replace(order_page(OrderState.PLACING), is_slow=True),
    "placed": order_page(OrderState.PLACED, bill()),
    "placed, another amount": order_page(OrderState.PLACED, dearer()),
    "placed, paid in part": order_page(
        OrderState.PLACED, bill(), covered(InvoiceStatus.BEING_APPLIED)
    ),
    "placed, paid": order_page(OrderState.PLACED, applied()),
    "placed, refunded": order_page(OrderState.PLACED, covered(InvoiceStatus.REFUNDED)),
    "placed, nothing to pay yet": order_page(OrderState.PLACED),
    "not withdrawn": order_page(OrderState.PLACED, bill(), refusal="too_late"),
    "placed in part": order_page(OrderState.PART_PLACED, bill(stated())),
    "refused": order_page(OrderState.REFUSED, refusal="out_of_stock"),
    "being withdrawn": order_page(OrderState.WITHDRAWING, bill()),
    "withdrawn": order_page(OrderState.WITHDRAWN, bill(status=InvoiceStatus.CANCELLED)),
    "many long lines": long_order(),
}
INVOICES: dict[str, Invoice] = {
    "open": bill(),
    "with a period": bill(OF_A_PERIOD, order_id=None),
    "paid in part": bill(paid=money("10.00")),
    "being applied": covered(InvoiceStatus.BEING_APPLIED),
    "applied": applied(),
    "refunded": covered(InvoiceStatus.REFUNDED),
    "cancelled": bill(status=InvoiceStatus.CANCELLED),
    "many long lines": bill(*(stated(name=LONG_NAME, domain=LONG_DOMAIN) for _ in range(25))),
}


def _order(made: OrderPage, t: Translator) -> Shown:
    return order_screens.order(t, made)


def _invoice(made: Invoice, t: Translator) -> Shown:
    return invoice_screens.invoice(t, page(made))


SAMPLES: dict[str, Callable[[Translator], Shown]] = {
    "check": lambda t: order_screens.review(t, deferred()),
    "check, balance is used": lambda t: order_screens.review(t, deferred(spends_balance=True)),
    "check, all from the balance": lambda t: order_screens.review(
        t, replace(deferred(spends_balance=True), balance=money("5000.00"))
    ),
    "check, some from the balance": lambda t: order_screens.review(
        t, replace(deferred(spends_balance=True), balance=money("40.00"))
    ),
    "check, many long lines": lambda t: order_screens.review(
        t, deferred(long_checkout(), spends_balance=True), 1
    ),
    "check, changed": lambda t: order_screens.review_changed(
        t, deferred(), seen(checkout().quoted_cart)
    ),
    "check, changed, many long lines": lambda t: order_screens.review_changed(
        t, deferred(long_checkout(), spends_balance=True), seen(long_checkout().quoted_cart)
    ),
    **{f"order, {name}": partial(_order, made) for name, made in ORDERS.items()},
    "withdraw?": lambda t: order_screens.ask_withdraw(t, order_page(OrderState.PLACED, bill())),
    "withdraw? many long lines": lambda t: order_screens.ask_withdraw(t, long_order()),
    **{f"proforma, {name}": partial(_invoice, made) for name, made in INVOICES.items()},
    "proformas, an order under way": lambda t: list_screens.invoices(
        t, replace(listed(1), orders=(OrderSummary(3, NOW),)), EVERYTHING
    ),
    "receipt, being applied": lambda t: screens.receipt(t, covered(InvoiceStatus.BEING_APPLIED)),
    "money came late": lambda t: late_screens.came_late(
        t, bill(status=InvoiceStatus.CANCELLED), t.money(CHARGED.gross), EVERYTHING
    ),
    "Telegram invoice": lambda t: screens.telegram_invoice(
        t, bill(), TelegramInvoice("p2:1:PRO-2043", bill().balance, "PRO-2043")
    ),
}
