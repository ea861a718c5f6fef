from dataclasses import replace

import pytest

from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import BillingCycle
from billing.rules.shop.catalog import ProductKind
from handlers.buttons import OpenCart, OpenCatalogue, OpenHome, OpenShelf
from handlers.chat.screens.screen import Url
from handlers.menu import catalogue, screens
from locales.translator import Translator
from tests import make
from tests.gallery.menu import CLIENT, COMPANY, home, payment, shop
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read

PRODUCT = ProductKind.PRODUCT


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "⚠️ 1 usługa po terminie"),
        (2, "⚠️ 2 usługi po terminie"),
        (5, "⚠️ 5 usług po terminie"),
    ],
)
def test_what_is_overdue_is_counted_in_right_plurals(count: int, told: str) -> None:
    late = tuple(payment(-days) for days in range(1, count + 1))
    text = read(screens.home(PL, CLIENT, home(payments=late)))
    assert told in text
    assert "nie ma żadnych płatności" not in text


def test_what_is_on_a_proforma_never_has_a_price_that_is_not_known() -> None:
    """A connected panel may not say the price of a domain, and its proforma does."""
    open_one = payment(1, gross=None, can_pay=False, on_proforma=True)
    text = read(screens.home(EN, CLIENT, home(payments=(open_one,))))
    assert "· 🧾 on a proforma" in text
    assert "not known" not in text
    assert "not known" in read(screens.home(EN, CLIENT, home(payments=(payment(1, gross=None),))))


def test_home_greets_and_says_whose_account_it_shows() -> None:
    assert "Dzień dobry!\nKonto: Anna Nowak (C-1001)" in read(screens.home(PL, CLIENT, home()))


def test_when_nothing_is_to_be_done_home_says_so() -> None:
    assert "✅ Nothing is due within 14 days." in read(screens.home(EN, CLIENT, home()))


def test_the_cart_button_counts_its_items() -> None:
    screen = screens.home(PL, CLIENT, home(cart_lines=3))
    assert button(screen, "Koszyk (3)").action == OpenCart()
    assert "🛒 3 pozycje w koszyku" in read(screen)


@BOTH
def test_at_most_two_word_buttons_stand_in_a_row(t: Translator) -> None:
    assert max(map(len, labels(screens.home(t, CLIENT, home())))) == 2


def test_a_visitor_is_told_who_this_is_how_to_link_and_where_to_join() -> None:
    screen = screens.welcome(PL, COMPANY, EVERYTHING)
    text = read(screen)
    assert "Hosting, którego nie ma." in text
    assert "/link KOD" in text
    assert button(screen, "Zostań klientem").action == Url("https://example.org/join")


def test_without_a_sign_up_page_none_is_mentioned() -> None:
    screen = screens.welcome(EN, make.company(), EVERYTHING)
    assert actions(screen, Url) == []
    assert "sign up" not in read(screen)


def test_the_catalogue_says_what_a_group_costs_at_least() -> None:
    screen = catalogue.catalogue(EN, shop(), PRODUCT)
    assert "1 offer · from PLN 35.67 / month" in read(screen)
    assert actions(screen, OpenShelf) == [OpenShelf(0, PRODUCT), OpenShelf(1, PRODUCT)]
    assert button(screen, "‹ Back").action == OpenHome()


def test_prices_are_gross_with_the_setup_fee_beside_them() -> None:
    product = make.product(prices=(make.price("100.00", setup="10.00"),))
    assert "123,00 zł / mies. + 12,30 zł za uruchomienie" in read(
        catalogue.shelf(PL, shop(product), PRODUCT, 0)
    )


def test_what_is_free_costs_nothing_from_nothing() -> None:
    product = make.product(prices=(make.price("0", BillingCycle.FREE),))
    assert "1 offer · free of charge" in read(catalogue.catalogue(EN, shop(product), PRODUCT))


def test_what_is_free_is_named_before_the_lowest_price_of_a_group() -> None:
    free = make.product(prices=(make.price("0", BillingCycle.FREE),))
    dear = make.product("dear", number=5)
    text = read(catalogue.catalogue(EN, shop(free, dear), PRODUCT))
    assert "2 offers · free of charge, others from PLN 35.67 / month" in text


def test_a_visitor_is_told_of_the_tax_where_there_is_one() -> None:
    taxed, untaxed = shop(), replace(shop(), tax_rate=0)
    assert "Prices include 23% tax." in read(catalogue.catalogue(EN, taxed, PRODUCT))
    assert "Prices include 23% tax." in read(catalogue.shelf(EN, taxed, PRODUCT, 0))
    assert "tax" not in read(catalogue.catalogue(EN, untaxed, PRODUCT))
    assert "tax" not in read(catalogue.shelf(EN, untaxed, PRODUCT, 0))


def test_a_group_that_offers_nothing_any_more_shows_the_groups() -> None:
    screen = catalogue.shelf(EN, shop(), PRODUCT, 77)
    assert "Our offer" in read(screen)


def test_many_products_are_paged() -> None:
    found = shop(*(make.product(f"p{n}", number=n) for n in range(12)))
    screen = catalogue.shelf(EN, found, PRODUCT, 0, page=9)
    assert actions(screen, OpenShelf) == [OpenShelf(0, PRODUCT, 1), OpenShelf(0, PRODUCT, 2)]
    assert button(screen, "‹ Back").action == OpenCatalogue(PRODUCT)
