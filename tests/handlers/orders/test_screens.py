from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.shop.catalog import Group, Product
from handlers.buttons import (
    AddOrder,
    CancelOrder,
    DropExtra,
    OpenCart,
    OpenExtra,
    OpenExtras,
    OpenGroup,
    OpenOrder,
    OpenProduct,
    OpenServices,
    OrderProduct,
    PutExtra,
    RetypeName,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style
from handlers.orders import extras, screens
from tests.gallery import orders as samples
from tests.gallery.orders import (
    ANNUALLY,
    BACKUP,
    FREE,
    MONTHLY,
    NO_TAX,
    ONCE,
    SETUP,
    SSL,
    many_addons,
    many_products,
    order,
    page,
    shop,
)
from tests.handlers.reading import EN, PL, actions, button, labels, read
from tests.make import product


class TestGroups:
    def test_each_says_what_it_holds(self) -> None:
        groups = (Group("hosting", {"pl": "Hosting"}, {"pl": "Strony i poczta."}),)
        screen = screens.groups(
            PL, shop(product(), SETUP, groups=groups), OpenOrder(origin=Origin.CART)
        )
        assert "Hosting · 2 produkty\nStrony i poczta." in read(screen)
        assert button(screen, "Hosting").action == OpenGroup(0, 0, Origin.CART)
        assert button(screen, "Wróć").action == OpenCart()

    def test_nothing_on_offer_is_said(self) -> None:
        assert "nothing on offer" in read(screens.groups(EN, shop(SETUP, groups=()), OpenOrder()))

    def test_products_of_a_group_say_what_they_are_and_have_buttons_of_their_names(self) -> None:
        screen = samples.group(PL, shop(product(), SETUP, FREE, ONCE))
        assert read(screen).splitlines()[2:12] == [
            "Hosting start · od 35,67 zł / mies.",
            "",
            "VPS · od 84,87 zł / mies.",
            "   Własny serwer.",
            "   4 rdzenie · 8 GB",
            "",
            "Parking · bezpłatnie",
            "",
            "Przeniesienie strony · 183,27 zł jednorazowo",
            "",
        ]
        assert labels(screen)[:4] == [
            ["Hosting start"], ["VPS"], ["Parking"], ["Przeniesienie strony"]
        ]  # fmt: skip
        assert actions(screen, OpenProduct)[1] == OpenProduct(7, listed=True)

    def test_a_second_page_shows_the_next_products(self) -> None:
        shown = many_products(20)
        numbers = [offer.product.number for offer in shown.shelves[0].offers]
        screen = samples.group(EN, shown, 1)
        assert [a.product for a in actions(screen, OpenProduct)] == numbers[4:8]


class TestAProduct:
    def test_it_shows_what_it_is_and_every_price(self) -> None:
        screen = samples.one(PL, page(SETUP, SSL))
        text = read(screen)
        assert "Własny serwer.\n\n✓ 4 rdzenie\n✓ 8 GB\n" in text
        fees = "Opłata za uruchomienie, jednorazowo: miesięcznie 60,27 zł · rocznie 0,00 zł"
        assert fees in text
        assert "Ceny brutto (z VAT 23%)." in text
        assert "Można od razu zamówić 1 dodatek." in text
        assert labels(screen)[:2] == [["miesięcznie · 84,87 zł"], ["rocznie · 848,70 zł · −21%"]]
        assert "ile oszczędzasz w porównaniu z płaceniem miesięcznie" in text

    def test_each_price_of_a_choice_stands_once(self) -> None:
        screen = samples.one(PL, page(SETUP, SSL))
        shown = read(screen) + str(labels(screen))
        assert (shown.count("84,87"), shown.count("848,70")) == (1, 1)

    def test_without_tax_none_is_spoken_of(self) -> None:
        assert "tax" not in read(samples.one(EN, page(SETUP, taxation=NO_TAX)))

    @pytest.mark.parametrize(
        ("chosen", "label"),
        [(FREE, "Zamów · bezpłatnie"), (ONCE, "Zamów · 183,27 zł jednorazowo")],
    )
    def test_one_price_is_one_button(self, chosen: Product, label: str) -> None:
        screen = samples.one(PL, page(chosen))
        assert labels(screen) == [[label], ["‹ Wróć"]]
        assert "Wybierz okres" not in read(screen)

    def test_what_is_free_includes_no_tax(self) -> None:
        assert "VAT" not in read(samples.one(PL, page(FREE)))

    def test_a_cycle_starts_the_order(self) -> None:
        screen = screens.product(EN, page(SETUP), OpenProduct(7, Origin.CART, listed=True))
        assert button(screen, "annually").action == OrderProduct(7, ANNUALLY, Origin.CART, True)
        assert button(screen, "annually").style is Style.PRIMARY

    def test_it_leads_back_to_its_place_in_the_group_or_to_the_banner(self) -> None:
        far = replace(page(SETUP), shelf=3, place=17)
        listed = screens.product(EN, far, OpenProduct(7, Origin.CART, listed=True))
        assert button(listed, "Back").action == OpenGroup(3, 4, Origin.CART)
        banner = screens.product(EN, far, OpenProduct(7))
        assert button(banner, "Back").action == OpenServices()


class TestTheName:
    def test_a_domain_or_a_name_is_asked_for(self) -> None:
        free = order(FREE, BillingCycle.FREE, name="")
        assert "Wpisz domenę" in read(screens.ask_name(PL, page(FREE), free, 9))
        text = read(screens.ask_name(PL, page(SETUP), order(name=""), 9))
        assert "Wpisz nazwę" in text
        assert "Teraz:" not in text

    def test_the_question_can_be_left_or_given_up(self) -> None:
        asked = order(name="stara.pl", origin=Origin.CART, listed=True)
        screen = screens.ask_name(PL, page(SETUP), asked, 9)
        assert "Dotychczas: stara.pl" in read(screen)
        assert button(screen, "Wróć").action == OpenProduct(7, Origin.CART, listed=True)
        assert button(screen, "Anuluj").action == CancelOrder(9)


class TestExtras:
    def test_add_ons_that_are_not_chosen_can_be(self) -> None:
        screen = extras.extras(PL, page(SETUP, SSL, BACKUP), order(), 9)
        assert "• Dodatek ssl · od 12,30 zł / mies." in read(screen)
        assert button(screen, "+ Dodatek ssl").action == OpenExtra(9, 2)
        assert button(screen, "+ Dodatek backup").action == PutExtra(9, 3, MONTHLY)

    def test_chosen_ones_can_change_or_go(self) -> None:
        chosen = order(addons=((2, ANNUALLY), (3, MONTHLY)))
        screen = extras.extras(PL, page(SETUP, SSL, BACKUP), chosen, 9)
        assert "✓ Dodatek ssl · 123,00 zł / rok" in read(screen)
        change, drop = screen.rows[0]
        assert labels(screen)[0] == ["✓ Dodatek ssl · rocznie", "✕ Usuń"]
        assert (change.action, drop.action) == (OpenExtra(9, 2), DropExtra(9, 2))
        assert labels(screen)[1] == ["✓ Dodatek backup", "✕ Usuń"]

    def test_the_total_counts_setup_once_and_what_recurs_by_cycle(self) -> None:
        chosen = order(addons=((2, ANNUALLY), (3, MONTHLY)))
        text = read(extras.extras(PL, page(SETUP, SSL, BACKUP), chosen, 9))
        assert "Razem: 274,29 zł" in text
        assert "Potem: 91,02 zł / mies. + 123,00 zł / rok" in text

    def test_what_is_paid_once_does_not_recur(self) -> None:
        once = order(ONCE, BillingCycle.ONE_TIME)
        text = read(extras.extras(PL, page(ONCE), once, 9))
        assert "Razem: 183,27 zł" in text
        assert "Potem" not in text

    def test_what_is_free_has_no_total(self) -> None:
        free = order(FREE, BillingCycle.FREE)
        assert "Razem" not in read(extras.extras(PL, page(FREE), free, 9))

    def test_it_leads_on_to_the_cart_and_one_step_back(self) -> None:
        screen = extras.extras(PL, page(SETUP), order(), 9)
        assert button(screen, "Dodaj do koszyka").action == AddOrder(9)
        assert button(screen, "Wróć").action == RetypeName(9)
        assert button(screen, "Anuluj").action == CancelOrder(9)

    def test_six_stand_on_a_page(self) -> None:
        screen = extras.extras(EN, page(SETUP, *many_addons(20)), order(), 9, 40)
        assert actions(screen, OpenExtra)[0] == OpenExtra(9, 19, 3)
        assert button(screen, "Previous").action == OpenExtras(9, 2)

    def test_the_cycles_of_an_add_on_mark_the_chosen_one(self) -> None:
        found = page(SETUP, SSL)
        chosen = order(addons=((2, ANNUALLY),))
        screen = extras.one_extra(PL, found, found.addons[0], chosen, OpenExtra(9, 2, 1))
        assert button(screen, "✓ rocznie · 123,00 zł").action == PutExtra(9, 2, ANNUALLY, 1)
        assert button(screen, "Wróć").action == OpenExtras(9, 1)
