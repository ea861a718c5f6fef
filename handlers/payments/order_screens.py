"""An order that a panel places: the last look before it is sent, and what has become of it."""

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from billing.rules.money import total_known
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.orders import LineState, OrderLine, OrderState
from billing.views.payments import Checkout, OrderPage
from handlers.buttons import (
    AskWithdrawOrder,
    OpenCart,
    OpenInvoice,
    OpenInvoices,
    OpenOrderPage,
    ReviewOrder,
    SendOrder,
    WithdrawOrder,
    back_to,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, lines, pager
from handlers.chat.screens.wording import afterwards, cart_totals, facts, first_price, title_of
from handlers.payments.balance_words import balance_used
from handlers.payments.changed_screens import what_changed
from handlers.payments.checkout_screens import entry, page_of
from handlers.payments.seen_lines import SeenLines
from handlers.payments.words import state_of
from locales.labels import sum_of
from locales.text import Plain
from locales.translator import Translator

LINES_PER_PAGE = 8
MOST_INVOICES = 6


def review(
    t: Translator, checkout: Checkout, page: int = 0, origin: Origin = Origin.CART
) -> Screen:
    """Every line once more, before the order is sent; the way to pay comes after that."""
    page, pages, numbered = page_of(checkout.quoted_cart.quotes, page)
    return Screen(
        lines(
            t("🛒 <b>Please check your order</b>"),
            "",
            *balance_used(t, checkout),
            *(entry(t, quote, number) for number, quote in numbered),
            "",
            *_amounts(t, checkout),
        ),
        (
            *pager(t, page, pages, lambda p: ReviewOrder(origin, p, checkout.part)),
            *_send_rows(t, checkout, origin),
        ),
        is_of_panel=True,
    )


def review_changed(
    t: Translator, checkout: Checkout, before: SeenLines | None, origin: Origin = Origin.CART
) -> Screen:
    """What was shown → what it is now, before the order is sent."""
    return Screen(
        lines(
            *balance_used(t, checkout),
            *what_changed(t, checkout, before),
            *_amounts(t, checkout),
            "",
            t("Nothing has been ordered yet. Do you confirm the changed order?"),
        ),
        _send_rows(t, checkout, origin),
        is_of_panel=True,
    )


def _amounts(t: Translator, checkout: Checkout) -> tuple[Markup | str | None, ...]:
    cart = checkout.quoted_cart
    return (
        *cart_totals(t, cart, checkout.tax_rate),
        afterwards(t, cart.recurring),
        "",
        t("You choose how to pay once the order is placed. We will let you know here."),
    )


def _send_rows(t: Translator, checkout: Checkout, origin: Origin) -> tuple[Row, ...]:
    cart = checkout.quoted_cart
    send = SendOrder(cart.revision, cart.seal, origin, checkout.part)
    leave = back(t, back_to(origin))
    ways = (leave,) if origin is Origin.CART else (Button(t.plain("Cart"), OpenCart()), leave)
    return ((Button(t.plain("Place the order"), send, Style.SUCCESS),), ways)


def order(
    t: Translator, order_page: OrderPage, page: int = 0, origin: Origin = Origin.INVOICES
) -> Screen:
    """One order: its state, each line, what the panel asks for, the ways to pay or withdraw it."""
    all_lines = order_page.order.lines
    pages = max(1, -(-len(all_lines) // LINES_PER_PAGE))
    page = min(page, pages - 1)
    first = page * LINES_PER_PAGE
    part = enumerate(all_lines[first : first + LINES_PER_PAGE], start=first + 1)
    return Screen(
        lines(
            heading(t, order_page.order.state),
            "",
            *(_line(t, line, number, order_page.order.state) for number, line in part),
            "",
            *_sums(t, order_page),
            *_what_now(t, order_page),
            t("<i>Ordered on {instant}</i>", instant=t.instant(order_page.order.created_at)),
        ),
        (
            *_invoice_rows(t, order_page),
            *pager(t, page, pages, lambda p: OpenOrderPage(order_page.order.id, origin, p)),
            *_order_rows(t, order_page, origin),
            (back(t, back_to(origin)),),
        ),
        is_of_panel=True,
    )


HEADINGS: Mapping[OrderState, Callable[[Translator], Markup]] = {
    OrderState.PLACING: lambda t: t("🕓 <b>Your order is being placed</b>"),
    OrderState.PLACED: lambda t: t("✅ <b>Your order is placed</b>"),
    OrderState.PART_PLACED: lambda t: t("⚠️ <b>A part of your order could not be placed</b>"),
    OrderState.REFUSED: lambda t: t("❌ <b>Your order could not be placed</b>"),
    OrderState.WITHDRAWING: lambda t: t("🕓 <b>Your order is being withdrawn</b>"),
    OrderState.WITHDRAWN: lambda t: t("↩️ <b>Your order is withdrawn</b>"),
}


def heading(t: Translator, state: OrderState) -> Markup:
    """How far an order has come."""
    return HEADINGS[state](t)


def _line(t: Translator, line: OrderLine, number: int, state: OrderState) -> Markup:
    price = Markup("<b>{}</b>").format(first_price(t, line.quote))
    what_of_it = None if state is OrderState.WITHDRAWN else _state(t, line.state)
    return lines(
        Markup("{}. {}").format(number, title_of(t, line.quote)), facts(what_of_it, price)
    )


def _state(t: Translator, state: LineState) -> Plain:
    match state:
        case LineState.WAITING:
            return t.plain("🕓 waiting")
        case LineState.PLACED:
            return t.plain("✅ placed")
        case LineState.REFUSED:
            return t.plain("❌ could not be placed")


def _sums(t: Translator, order_page: OrderPage) -> Iterator[Markup | str]:
    """What was confirmed, and what is asked for where that is another amount."""
    order, invoiced = order_page.order, order_page.invoiced
    confirmed = total_known((quote.gross for quote in order.quotes), order.currency)
    yield t("You confirmed: <b>{amount}</b>", amount=sum_of(t, confirmed))
    if order_page.is_answered and order_page.invoices and invoiced != confirmed.whole:
        yield t("It comes to: <b>{amount}</b>", amount=t.money(invoiced))


def _what_now(t: Translator, order_page: OrderPage) -> Iterator[Markup | str]:
    """What the client can do or has to wait for."""
    state = order_page.order.state
    yield ""
    if order_page.order.is_under_way and order_page.is_slow:
        yield t(
            "It takes longer than usual. You need not do anything, and nothing is done twice. We "
            "will let you know here."
        )
    elif order_page.order.is_under_way:
        yield t("It usually takes a few minutes at most. We will let you know here.")
    elif state is OrderState.REFUSED:
        yield t("Nothing was charged. Please contact us.")
    elif state is OrderState.PLACED and order_page.order.refusal:
        yield t("⚠️ It could not be withdrawn. Please contact us.")
    elif order_page.differs and order_page.is_withdrawable:
        yield t("⚠️ The amount differs. Pay if you agree with it, or withdraw the order.")
    elif state is OrderState.PART_PLACED:
        yield t("Please contact us about the rest.")
    elif order_page.is_answered and any(bill.is_open for bill in order_page.invoices):
        yield t("Choose a proforma to pay it.")


def _invoice_rows(t: Translator, order_page: OrderPage) -> tuple[Row, ...]:
    """A button for each proforma; of many, the list of all follows the first ones."""
    pays = order_page.is_answered
    rows = tuple((_invoice(t, bill, pays=pays),) for bill in order_page.invoices[:MOST_INVOICES])
    if len(order_page.invoices) <= MOST_INVOICES:
        return rows
    return (*rows, (Button(t.plain("Payments and proformas"), OpenInvoices()),))


def _invoice(t: Translator, bill: Invoice, *, pays: bool) -> Button:
    action = OpenInvoice(bill.id)
    if pays and bill.is_open:
        amount = t.money(bill.balance)
        pay = t.plain("Pay · {number} · {amount}", number=bill.number, amount=amount)
        return Button(pay, action, Style.SUCCESS)
    return Button(Plain(f"{bill.number} · {state_of(t, bill.status)}"), action)


def _order_rows(t: Translator, order_page: OrderPage, origin: Origin) -> tuple[Row, ...]:
    number = order_page.order.id
    if order_page.order.is_under_way:
        again = OpenOrderPage(number, origin, again=True)
        return ((Button(t.plain("🔄 Refresh"), again),),)
    if order_page.is_withdrawable:
        ask = AskWithdrawOrder(number, origin)
        return ((Button(t.plain("Withdraw the order"), ask, Style.DANGER),),)
    return ()


def ask_withdraw(t: Translator, order_page: OrderPage, origin: Origin = Origin.INVOICES) -> Screen:
    """The question whether an order shall be withdrawn, and what follows."""
    number, n = order_page.order.id, len(order_page.invoices)
    yes = Button(t.plain("Yes, withdraw the order"), WithdrawOrder(number, origin), Style.DANGER)
    return Screen(
        lines(
            t("🛒 <b>Withdraw the order?</b>"),
            "",
            *(
                Markup("{}. {}").format(place, title_of(t, line.quote))
                for place, line in enumerate(order_page.order.lines[:LINES_PER_PAGE], start=1)
            ),
            "",
            t.n(
                "{n} proforma of {amount} will be closed.",
                "{n} proformas of {amount} together will be closed.",
                n,
                amount=t.money(order_page.invoiced),
            ),
            t("<i>If you have sent a transfer for it already, please do not withdraw it.</i>"),
        ),
        ((yes,), (back(t, OpenOrderPage(number, origin)),)),
    )
