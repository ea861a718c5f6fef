from dataclasses import replace
from datetime import timedelta

from handlers.buttons import ConfirmCheckout, OpenCheckout, PlaceOrder
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style
from handlers.payments import changed_screens, checkout_screens
from handlers.payments.seen_lines import read_seen_lines, seen_line_values
from locales.translator import Translator
from tests.gallery.cart import mixed, view
from tests.gallery.payments import checkout, free, last_method, long_checkout, new_service, seen
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read
from tests.handlers.screen_check import problems
from tests.make import money, product_line, renewal_line


def test_each_way_to_pay_has_its_exact_amount() -> None:
    screen = checkout_screens.choose(PL, checkout())
    assert labels(screen)[:2] == [
        ["Przelew bankowy · 255,84 zł"],
        ["Płatność w Telegramie · 255,84 zł"],
    ]
    assert screen.rows[0][0].action == ConfirmCheckout(2)


def test_some_credit_may_be_used_or_kept() -> None:
    used = checkout_screens.choose(PL, checkout(credit="20.00"), Origin.RENEWALS)
    assert "Przelew bankowy · 235,84 zł" in labels(used)[0]
    assert button(used, "☑ Użyj salda: 20,00 zł").action == OpenCheckout(False, Origin.RENEWALS)
    kept = checkout_screens.choose(PL, checkout(credit="20.00", use_credit=False))
    assert "Przelew bankowy · 255,84 zł" in labels(kept)[0]
    assert button(kept, "☐ Użyj salda: 20,00 zł").action == OpenCheckout(True)


def test_credit_that_covers_all_is_a_way_of_its_own() -> None:
    screen = checkout_screens.choose(PL, checkout(credit="5000.00"))
    assert labels(screen)[0] == ["Saldo · 255,84 zł"]
    assert not actions(screen, OpenCheckout)


def test_what_costs_nothing_is_ordered_free_of_charge() -> None:
    assert labels(checkout_screens.choose(PL, free()))[0] == ["Dalej, bez opłaty"]
    confirmed = checkout_screens.confirm(PL, free(), free().methods[0])
    assert labels(confirmed)[0] == ["Zamawiam bez opłaty"]


@BOTH
def test_without_a_way_to_pay_nobody_is_stuck(t: Translator) -> None:
    screen = checkout_screens.choose(t, replace(checkout(), methods=()))
    assert problems(screen) == ()
    assert screen.rows


def test_the_confirmation_carries_revision_seal_gateway_and_credit() -> None:
    made = checkout(credit="20.00")
    screen = checkout_screens.confirm(PL, made, last_method(made), 0, Origin.RENEWALS)
    pay = button(screen, "Zamawiam i płacę 255,84 zł")
    assert pay.style is Style.SUCCESS
    assert pay.action == PlaceOrder(
        made.quoted_cart.revision, made.quoted_cart.seal, 3, True, Origin.RENEWALS
    )
    text = read(screen)
    assert "Z salda: 20,00 zł\nPłatność w Telegramie: 235,84 zł" in text
    assert "4. Add-on ssl · nowa.example" in text


def test_paying_from_credit_says_what_stays() -> None:
    made = checkout(credit="300.00")
    text = read(checkout_screens.confirm(EN, made, made.methods[0]))
    assert "Paid from your credit; PLN 44.16 stays." in text


@BOTH
def test_long_orders_are_confirmed_page_by_page(t: Translator) -> None:
    made = long_checkout()
    for page in range(4):
        screen = checkout_screens.confirm(t, made, last_method(made), page)
        assert problems(screen) == ()
        assert len(actions(screen, PlaceOrder)) == 1
    assert ConfirmCheckout(3, True, Origin.CART, 1) in actions(screen, ConfirmCheckout)


def test_what_was_shown_is_recalled_only_for_the_same_seal() -> None:
    quoted = mixed().quoted_cart
    kept = seen_line_values(quoted)
    recalled_now = read_seen_lines(kept, quoted.seal)
    assert recalled_now is not None
    assert recalled_now.total(quoted).whole == quoted.totals.gross
    assert read_seen_lines(kept, quoted.seal + 1) is None
    assert read_seen_lines({}, quoted.seal) is None


def test_a_changed_price_is_shown_old_and_new() -> None:
    made = checkout()
    text = read(changed_screens.order_changed(PL, made, last_method(made), seen(made.quoted_cart)))
    assert "cena: 34,67 zł → 35,67 zł" in text
    assert "opłacone do: 23 mar 2026 → 22 kwi 2026" in text
    assert "nowa pozycja w koszyku" in text
    assert "nie ma już w zamówieniu: Sklep" in text
    assert "Było: 140,91 zł → teraz: 255,84 zł" in text
    assert "Nic jeszcze nie zostało zamówione." in text


@BOTH
def test_a_long_order_shows_only_changes(t: Translator) -> None:
    made = long_checkout()
    screen = changed_screens.order_changed(t, made, last_method(made), seen(made.quoted_cart))
    assert problems(screen) == ()
    assert len(actions(screen, PlaceOrder)) == 1


def test_a_new_service_does_not_change_with_the_day() -> None:
    made = new_service()
    (quote,) = made.quoted_cart.quotes
    assert quote.period_to is not None
    later = replace(quote, period_to=quote.period_to + timedelta(days=1))
    tomorrow = replace(made, quoted_cart=replace(made.quoted_cart, quotes=(later,)))
    before = read_seen_lines(seen_line_values(made.quoted_cart), made.quoted_cart.seal)
    assert not changed_screens.differs(EN, tomorrow, before)
    dearer = view(product_line(), renewal_line()).quoted_cart
    assert changed_screens.differs(EN, replace(made, quoted_cart=dearer), before)


def test_an_order_shown_elsewhere_meanwhile_is_shown_again() -> None:
    made = checkout()
    text = read(changed_screens.order_changed(EN, made, last_method(made), None))
    assert "Before:" not in text
    assert "Total: PLN 255.84" in text
    assert money("255.84") == made.quoted_cart.totals.gross
