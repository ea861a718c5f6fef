from dataclasses import replace

from billing.rules.cycles import BillingCycle
from billing.views.cart import RemovedLines
from handlers.buttons import (
    ChangeCycle,
    EmptyCart,
    OpenCart,
    OpenCheckout,
    OpenInvoice,
    OpenLine,
    OpenRenewals,
    RemoveLine,
    RestoreLine,
)
from handlers.cart import screens
from handlers.cart.notes import removed_note
from handlers.chat.screens.limits import NOTE_LIMIT
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style
from locales.translator import Translator
from tests.gallery import cart as samples
from tests.gallery.cart import choice, full, mixed, on_proforma, view
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read
from tests.handlers.screen_check import problems
from tests.make import product_line, renewal_line


def test_a_line_says_what_for_when_and_at_what_price() -> None:
    text = read(screens.cart(PL, view(renewal_line())))
    assert "1. Hosting start · anna.example" in text
    assert "Odnowienie · 22 mar 2026 – 22 kwi 2026" in text
    assert "35,67 zł / mies. (w tym VAT 6,67 zł)" in text


def test_totals_show_net_tax_and_what_recurs_afterwards() -> None:
    text = read(screens.cart(PL, mixed()))
    assert "Netto 208,00 zł, VAT 23%: 47,84 zł" in text
    assert "Razem: 255,84 zł" in text
    assert "Potem: 83,64 zł / mies. + 123,00 zł / rok" in text
    assert "Saldo: 20,00 zł" in text


def test_a_setup_fee_is_told_apart_from_what_recurs() -> None:
    text = read(screens.cart(EN, mixed()))
    assert "PLN 36.90 (with tax PLN 6.90), PLN 24.60 of it setup; then PLN 12.30 / month" in text


def test_without_tax_there_is_one_total() -> None:
    text = read(screens.cart(EN, view(renewal_line(), taxation=samples.FREE)))
    assert "Total: PLN 29.00" in text
    assert "tax" not in text


def test_a_new_service_starts_when_it_is_set_up() -> None:
    assert "New service · from the day it is set up" in read(
        screens.cart(EN, view(product_line()))
    )


def test_each_line_can_change_its_cycle_and_go() -> None:
    screen = screens.cart(EN, view(renewal_line()), 0, Origin.RENEWALS)
    change, remove = screen.rows[0]
    assert labels(screen)[0] == ["⇄ 1 · monthly", "✕ Remove 1"]
    assert change.action == OpenLine(1, 0, Origin.RENEWALS)
    assert (remove.action, remove.style) == (RemoveLine(1, 0, Origin.RENEWALS), None)


def test_a_line_with_one_cycle_can_only_go() -> None:
    shown = replace(view(renewal_line()), changeable=frozenset())
    assert labels(screens.cart(EN, shown))[0] == ["✕ Remove 1"]


def test_what_cannot_be_bought_says_why_and_costs_nothing() -> None:
    screen = screens.cart(EN, mixed())
    text = read(screen)
    assert "⚠️ 5. A service that is gone" in text
    assert "This is not offered (any more)." in text
    assert [a.line for a in actions(screen, RemoveLine)] == [1, 2, 3, 4, 5, 6]


def test_a_line_that_a_proforma_holds_leads_to_it_and_there_is_nothing_to_pay() -> None:
    screen = screens.cart(EN, on_proforma())
    assert button(screen, "Finish payment").action == OpenInvoice(5, origin=Origin.CART)
    assert not actions(screen, OpenCheckout)
    assert "Nothing in the cart can be bought now." in read(screen)


def test_payment_carries_the_exact_total() -> None:
    pay = button(screens.cart(PL, mixed()), "Zapłać 255,84 zł")
    assert (pay.action, pay.style) == (OpenCheckout(), Style.SUCCESS)


def test_a_hundred_lines_are_turned_page_by_page() -> None:
    screen = screens.cart(EN, full(100), 16)
    assert labels(screen)[0][0] == "⇄ 97 · monthly"
    assert OpenCart(15) in actions(screen, OpenCart)
    assert labels(screens.cart(EN, full(100), 99)) == labels(screen)


@BOTH
def test_an_empty_cart_says_what_to_do(t: Translator) -> None:
    screen = screens.cart(t, view())
    assert problems(screen) == ()
    assert actions(screen, OpenRenewals) == [OpenRenewals(0, Origin.CART)]


def test_the_cycles_of_a_line_are_buttons_with_prices() -> None:
    screen = screens.line(PL, choice(view(renewal_line())), 2, Origin.SERVICES)
    assert labels(screen)[:2] == [["✓ miesięcznie · 35,67 zł"], ["kwartalnie · 35,67 zł · −66%"]]
    changes = actions(screen, ChangeCycle)
    assert changes[2] == ChangeCycle(1, BillingCycle.ANNUALLY, 2, Origin.SERVICES)
    assert actions(screen, OpenCart) == [OpenCart(2, Origin.SERVICES)]


def test_what_was_removed_can_be_put_back_also_into_an_empty_cart() -> None:
    undo = RestoreLine(3, 0, Origin.RENEWALS)
    for shown in (mixed(), view()):
        screen = screens.cart(EN, shown, 0, Origin.RENEWALS, undo=undo)
        assert button(screen, "↩ Undo").action == undo
        assert problems(screen) == ()


def test_the_note_says_what_went_with_a_line() -> None:
    def note(*names: str) -> str:
        return removed_note(PL, RemovedLines(view(), (), names))

    assert note() == "Usunięto z koszyka."
    assert note("Hosting") == "Usunięto z koszyka: Hosting."
    one = "Usunięto z koszyka: Hosting oraz 1 dodatek do tej pozycji (Certyfikat SSL)."
    assert note("Hosting", "Certyfikat SSL") == one
    assert "oraz 2 dodatki do tej pozycji (SSL, IP)." in note("Hosting", "SSL", "IP")
    assert len(note(*("Bardzo długa nazwa usługi i jej dodatku" * 3,) * 9)) <= NOTE_LIMIT


def test_emptying_names_the_cart_that_is_shown() -> None:
    shown = mixed()
    shown = replace(shown, cart=replace(shown.cart, revision=9))
    screen = screens.ask_empty(PL, shown)
    assert "6 pozycji zostanie usuniętych." in read(screen)
    yes = button(screen, "Tak, opróżnij")
    assert (yes.action, yes.style) == (EmptyCart(9), Style.DANGER)
