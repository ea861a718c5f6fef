from dataclasses import replace

import pytest

from billing.rules.allowed import EVERYTHING
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.orders import OrderState
from billing.views.payments import OrderPage
from handlers.buttons import (
    AskCancelInvoice,
    AskWithdrawOrder,
    ConfirmCheckout,
    OpenCheckout,
    OpenInvoice,
    OpenInvoices,
    OpenOrder,
    OpenOrderPage,
    PayInvoice,
    PlaceOrder,
    RenewLapsed,
    ReviewOrder,
    SendOrder,
    WithdrawOrder,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style
from handlers.payments import invoice_screens, order_screens, screens
from handlers.payments.late_screens import came_late
from locales.translator import Translator
from tests.gallery.panel import (
    FEE,
    applied,
    bill,
    covered,
    dearer,
    deferred,
    long_order,
    order_page,
    stated,
)
from tests.gallery.payments import long_checkout, page
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read
from tests.handlers.screen_check import problems
from tests.make import money

PLACED = order_page(OrderState.PLACED, bill())


def test_what_is_sent_is_what_was_seen_and_no_way_to_pay_is_offered() -> None:
    checkout = deferred()
    screen = order_screens.review(PL, checkout)
    send = button(screen, "Złóż zamówienie")
    assert send.action == SendOrder(checkout.quoted_cart.revision, checkout.quoted_cart.seal)
    assert send.style is Style.SUCCESS
    for kind in (PlaceOrder, ConfirmCheckout, OpenCheckout, PayInvoice):
        assert actions(screen, kind) == []
    assert "Sposób płatności wybierzesz, gdy zamówienie będzie złożone." in read(screen)


def test_balance_that_will_be_used_is_named_first_and_in_bold() -> None:
    warning = "<b>⚠️ Your balance in our panel will be used for this order now.</b>"
    text = order_screens.review(EN, deferred(spends_balance=True)).text
    assert text.splitlines()[2] == warning
    assert "balance" not in order_screens.review(EN, deferred()).text
    changed = order_screens.review_changed(EN, deferred(spends_balance=True), None)
    assert changed.text.splitlines()[0] == warning


@pytest.mark.parametrize(
    ("balance", "words"),
    [
        ("5000.00", "of your balance of PLN 5,000.00 will be used"),
        ("60.00", "What your balance of PLN 60.00 covers will be paid from it now."),
        ("1.00", ""),
        ("0", ""),
    ],
)
def test_what_a_known_balance_does_not_pay_is_not_announced(balance: str, words: str) -> None:
    made = replace(deferred(spends_balance=True), balance=money(balance))
    text = read(order_screens.review(EN, made))
    assert words in text
    assert bool(words) is ("balance" in text)


@BOTH
def test_a_long_order_is_turned_page_by_page_before_and_after(t: Translator) -> None:
    for number in (0, 2, 99):
        before = order_screens.review(t, deferred(long_checkout()), number, Origin.REMINDER)
        after = order_screens.order(t, long_order(), number, Origin.HOME)
        for screen in (before, after):
            assert problems(screen) == ()
        turns: list[ReviewOrder] = actions(before, ReviewOrder)
        assert {turn.origin for turn in turns} == {Origin.REMINDER}
        assert OpenOrderPage(3, Origin.HOME, min(number, 3)) in actions(after, OpenOrderPage)
    assert len(actions(order_screens.order(t, long_order()), OpenInvoice)) == 6
    assert OpenInvoices() in actions(order_screens.order(t, long_order()), OpenInvoices)


@pytest.mark.parametrize("state", [OrderState.PLACING, OrderState.WITHDRAWING])
def test_while_it_is_under_way_an_order_can_only_be_refreshed(state: OrderState) -> None:
    screen = order_screens.order(EN, order_page(state, bill()), 0, Origin.CART)
    refresh = button(screen, "🔄 Refresh")
    assert refresh.action == OpenOrderPage(3, Origin.CART, again=True)
    assert actions(screen, AskWithdrawOrder) == []
    assert not any(label.startswith("Pay ·") for row in labels(screen) for label in row)


def test_a_placed_order_is_paid_by_its_proformas_or_withdrawn() -> None:
    screen = order_screens.order(PL, PLACED)
    assert labels(screen)[:2] == [["Zapłać · PRO-2043 · 71,34 zł"], ["Wycofaj zamówienie"]]
    assert screen.rows[0][0].action == OpenInvoice(7)
    assert screen.rows[1][0].action == AskWithdrawOrder(3)
    assert "Razem na proformach" not in read(screen)


def test_another_amount_is_said_with_what_to_do() -> None:
    text = read(order_screens.order(EN, order_page(OrderState.PLACED, dearer())))
    assert "You confirmed: PLN 71.34\nIt comes to: PLN 75.00" in text
    assert "Pay if you agree with it, or withdraw the order." in text


def test_a_part_that_was_refused_is_no_other_price() -> None:
    part = order_page(OrderState.PART_PLACED, bill(stated()))
    assert not part.differs
    text = read(order_screens.order(EN, part))
    assert "✅ placed" in text
    assert "❌ could not be placed" in text
    assert "The amount differs" not in text


@pytest.mark.parametrize(
    "over",
    [
        order_page(OrderState.REFUSED),
        order_page(OrderState.WITHDRAWN, bill(status=InvoiceStatus.CANCELLED)),
        order_page(OrderState.PLACED, bill(paid=money("10.00"))),
        order_page(OrderState.PLACED, covered(InvoiceStatus.BEING_APPLIED)),
        order_page(OrderState.PLACED),
    ],
    ids=["refused", "withdrawn", "paid in part", "being applied", "no proforma yet"],
)
def test_what_cannot_be_withdrawn_is_not_offered(over: OrderPage) -> None:
    assert actions(order_screens.order(EN, over), AskWithdrawOrder) == []


def test_withdrawing_asks_with_what_it_closes() -> None:
    screen = order_screens.ask_withdraw(EN, PLACED, Origin.HOME)
    assert "1 proforma of PLN 71.34 will be closed." in read(screen)
    yes = button(screen, "Yes, withdraw the order")
    assert (yes.action, yes.style) == (WithdrawOrder(3, Origin.HOME), Style.DANGER)
    assert actions(screen, OpenOrderPage) == [OpenOrderPage(3, Origin.HOME)]


def test_a_panels_proforma_says_only_what_the_panel_states() -> None:
    screen = invoice_screens.invoice(EN, page(bill()))
    assert "1. Hosting start · anna.example\n   Renewal\n   PLN 35.67\n2. Opłata" in read(screen)
    assert "valid until" not in read(screen)
    assert actions(screen, AskCancelInvoice) == []
    assert actions(screen, OpenOrderPage) == [OpenOrderPage(3)]
    assert actions(screen, PayInvoice)


def test_what_is_paid_and_not_applied_has_no_date_made_up() -> None:
    paid = covered(InvoiceStatus.BEING_APPLIED)
    for screen in (invoice_screens.invoice(EN, page(paid)), screens.receipt(EN, paid)):
        assert "🕓 is being renewed" in read(screen)
        assert "until" not in read(screen)
    assert "✅ paid, 🕓 being carried out" in read(invoice_screens.invoice(EN, page(paid)))
    assert "We will let you know here when everything is done." in read(screens.receipt(EN, paid))


def test_what_the_panel_has_applied_is_said_as_far_as_it_is_known() -> None:
    text = read(screens.receipt(EN, applied()))
    assert "✅ renewed; we do not know the new due date yet\n" in text
    assert "✅ renewed until 10 Apr 2026" in text
    assert text.endswith("✅ done")


@pytest.mark.parametrize(
    ("status", "words"),
    [(InvoiceStatus.REFUNDED, "↩️ refunded"), (InvoiceStatus.CANCELLED, "❌ cancelled")],
)
def test_a_closed_proforma_of_a_panel_is_shown_as_such(status: InvoiceStatus, words: str) -> None:
    screen = invoice_screens.invoice(EN, page(bill(status=status)))
    assert words in read(screen)
    assert actions(screen, PayInvoice) == []


def test_late_money_for_a_panels_proforma_offers_nothing_from_credit() -> None:
    closed = bill(FEE, stated(), status=InvoiceStatus.CANCELLED)
    screen = came_late(EN, closed, EN.money(closed.gross), EVERYTHING)
    assert "1. Opłata za wznowienie\n2. Hosting start · anna.example" in read(screen)
    assert actions(screen, RenewLapsed) == []
    assert actions(screen, OpenOrder) == []


def test_an_order_is_only_known_as_its_owner_says() -> None:
    renamed = replace(PLACED.order, refusal="too_late")
    text = read(order_screens.order(EN, OrderPage(renamed, PLACED.invoices)))
    assert "It could not be withdrawn. Please contact us." in text
    assert "too_late" not in text
