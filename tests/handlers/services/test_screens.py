from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.rules.money import PartialSum
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.quotes import Taxation
from billing.views.pictures import PictureAt
from billing.views.services import DueRenewals, ListedService, Offer, ServiceFilter, Sort
from handlers.buttons import (
    ClearSearch,
    FilterServices,
    ListLiving,
    OpenAddon,
    OpenOffer,
    OpenProduct,
    OpenRenewals,
    OpenService,
    OpenServiceMenu,
    OpenServiceMenus,
    OpenServices,
    SortServices,
    TurnServices,
)
from handlers.chat.screens.screen import Preview, Url
from handlers.services import entries, filters, screens
from handlers.services.offer_page import offer_page
from locales.translator import Translator
from tests import make
from tests.gallery.services import DUE, MIXED, OVERDUE, in_days, listed, of_status, suspended
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read


def test_an_entry_tells_name_domain_price_due_date_and_status() -> None:
    text = read(screens.services(PL, listed(make.service())))
    assert "\nHosting start · anna.example\n" in text
    assert "\n🟢 Aktywna · 35,67 zł / mies. · ⏳ 22 mar\n" in text


def test_what_is_overdue_stands_out() -> None:
    text = read(screens.services(EN, listed(OVERDUE)))
    assert "\nSklep · sklep.example\n" in text
    assert " · ⚠️ 8 Mar\n⚠️ overdue · with 23% tax" in text


def test_dates_far_away_have_their_year() -> None:
    text = read(screens.services(EN, listed(make.service(next_due_date=in_days(300)))))
    assert " · 4 Jan 2027\n" in text


def test_what_is_due_late_does_not_stand_out() -> None:
    text = read(screens.services(EN, listed(make.service(next_due_date=in_days(15)))))
    assert " · 25 Mar\n" in text


def test_a_service_suspended_for_abuse_is_not_called_overdue() -> None:
    text = read(screens.services(EN, listed(suspended(SuspendedFor.ABUSE))))
    assert "🟠 Suspended · PLN 35.67 / month · 18 Feb\n" in text
    assert "overdue" not in text


def test_what_is_over_shows_no_due_date() -> None:
    gone = make.service(status=ServiceStatus.TERMINATED, next_due_date=in_days(-90))
    text = read(screens.services(EN, listed(gone)))
    assert "⚫ Terminated · PLN 35.67 / month\n" in text


def test_prices_without_tax_are_not_called_taxed() -> None:
    free = listed(make.service(), taxation=Taxation(0, included=False))
    text = read(screens.services(EN, free))
    assert "PLN 29.00 / month" in text
    assert "tax" not in text


def test_buttons_of_services_come_first_then_actions_and_ways_to_look() -> None:
    rows = labels(screens.services(PL, listed(*MIXED, OVERDUE, due=DUE)))
    assert rows == [
        ["🕓 strona-1.example · 35,67 zł"],
        ["⚠️ strona-2.example · 35,67 zł"],
        ["⏳ strona-3.example · 35,67 zł"],
        ["⚫ strona-4.example · 35,67 zł"],
        ["⚪ strona-5.example · 35,67 zł"],
        ["Odnów (2) · 128,00 zł"],
        ["⋯", "Zobacz", "Zamów", "Dodatki"],
        ["‹ Wróć", "Wszystkie", "2 ›"],
    ]


def test_renewing_says_how_many_where_no_price_is_known() -> None:
    unknown = DueRenewals(2, PartialSum(make.money("0"), 2))
    screen = screens.services(EN, listed(OVERDUE, due=unknown))
    assert button(screen, "Renew (2)").action == OpenRenewals()
    assert button(screens.services(EN, listed(OVERDUE)), "Renew services").action == OpenRenewals()


@BOTH
@pytest.mark.parametrize("name", ["sklep.example", "sklep", "bardzo-" * 9 + "długa.example"])
@pytest.mark.parametrize("amount", ["0.01", "42.00", "1234567.89"])
def test_a_label_has_sign_name_and_amount_in_thirty_characters(
    t: Translator, name: str, amount: str
) -> None:
    one = make.service(domain=name, amount=make.money(amount), next_due_date=in_days(-2))
    found = listed(one, taxation=Taxation(0, included=True))
    (label,) = entries.labels(t, found)
    assert len(label) <= 30
    assert label.startswith("⚠️ ")
    assert label.endswith(f" · {t.money(make.money(amount))}")


def names_of(*services: Service) -> list[str]:
    """What stands on the buttons between sign and amount."""
    rows = entries.labels(PL, listed(*services, taxation=Taxation(0, included=True)))
    assert max(map(len, rows)) <= 30
    return [row.split(" ", 1)[1].rsplit(" · ", 1)[0] for row in rows]


def shop(domain: str, **changes: Any) -> Service:
    return make.service(**{"domain": domain, "amount": make.money("42.00")} | changes)


def test_where_a_domain_is_too_long_the_products_name_stands_if_no_other_has_it() -> None:
    assert names_of(
        shop("galeria-anny.example"), shop("galeria-anny-przyklad.pl", name="Domena .pl")
    ) == ["Hosting start", "Domena .pl"]
    assert names_of(shop("blog.example"), shop("galeria-anny-przyklad.pl")) == [
        "blog.example", "Hosting start"
    ]  # fmt: skip


def test_long_domains_of_one_product_show_what_they_begin_with_and_a_short_ending() -> None:
    assert names_of(shop("sklep.pracownia-zegarow.pl"), shop("poczta.pracownia-zegarow.pl")) == [
        "sklep.pracown….pl",
        "poczta.pracow….pl",
    ]


def test_domains_that_begin_alike_show_where_they_differ() -> None:
    assert names_of(
        shop("pracownia-zegarow-krakow.example"), shop("pracownia-zegarow-lodz.example")
    ) == ["pracowni…w-krakow", "pracowni…row-lodz"]


def test_equal_labels_have_numbers_and_are_no_longer() -> None:
    alike = [shop(f"pracownia-zegarow-{n}-i-budzikow.example") for n in range(1, 4)]
    names = names_of(*alike)
    assert [name[-2:] for name in names] == [" 1", " 2", " 3"]


def test_the_clients_own_name_stands_on_the_button() -> None:
    assert "Sklep · " in entries.labels(PL, listed(OVERDUE))[0]


def test_a_long_title_is_cut_to_one_line_and_keeps_its_domain() -> None:
    one = make.service(name="Domain parking and DNS", domain="smith-archive.example")
    text = read(screens.services(EN, listed(one)))
    assert "\nDomain parkin… · smith-archive.example\n" in text


def test_what_ends_says_when_and_has_no_next_payment() -> None:
    ends = ListedService(make.service(), is_ending=True, ends_on=in_days(12))
    screen = screens.services(PL, listed(ends))
    assert " · 🔚 kończy się 22 mar 2026\n" in read(screen)
    assert "⏳" not in read(screen)
    assert labels(screen)[0] == ["🔚 anna.example · 22 mar 2026"]
    undated = screens.services(EN, listed(replace(ends, ends_on=None)))
    assert "🔚 ends with its period" in read(undated)


def test_the_header_counts_the_living_among_all() -> None:
    every = ServiceFilter(every=True)
    assert "📦 Usługi · 5 z 8\n" in read(screens.services(PL, listed(*MIXED, OVERDUE, count=5)))
    text = read(screens.services(PL, listed(*MIXED, OVERDUE, service_filter=every)))
    assert "📦 Usługi · 8 · strona 1 z 2\n" in text
    by_name = listed(OVERDUE, service_filter=ServiceFilter(sort=Sort.NAME))
    assert "📦 Usługi · 1 · wg nazwy\n" in read(screens.services(PL, by_name))


def test_all_and_the_living_are_one_tap_apart() -> None:
    living = screens.services(PL, listed(*MIXED))
    assert button(living, "Wszystkie").action == FilterServices()
    every = screens.services(PL, listed(*MIXED, service_filter=ServiceFilter(every=True)))
    assert button(every, "Bieżące").action == ListLiving()
    gone = of_status(1, ServiceStatus.CANCELLED)
    assert actions(screens.services(PL, listed(gone)), ListLiving) == []
    assert actions(screens.services(PL, listed(OVERDUE)), FilterServices) == []


def test_arrows_carry_the_pages_they_lead_to() -> None:
    found = listed(*MIXED, OVERDUE, service_filter=ServiceFilter(page=1, every=True), count=11)
    screen = screens.services(EN, found)
    assert button(screen, "‹ 1").action == TurnServices(0)
    assert button(screen, "3 ›").action == TurnServices(2)
    assert button(screen, "⋯").action == OpenServiceMenus(1)
    menus = screens.menus(EN, found)
    assert button(menus, "3 ›").action == OpenServiceMenus(2)


def test_names_open_pages_and_menus_once_the_dots_were_tapped() -> None:
    screen = screens.services(EN, listed(OVERDUE))
    assert button(screen, "⚠️ Sklep").action == OpenService(OVERDUE.id)
    menus = screens.menus(EN, listed(OVERDUE))
    assert button(menus, "⚠️ Sklep").action == OpenServiceMenu(OVERDUE.id)
    assert button(menus, "‹ Back").action == OpenServices()


def test_a_banner_is_one_line_and_its_picture_on_a_page_of_its_own() -> None:
    banner = make.banner(ends=in_days(20), picture="https://example.org/spring.png")
    found = listed(make.service(), banner=banner, banner_product=make.product(number=4))
    screen = screens.services(PL, found)
    assert "\nWiosenna oferta · do 30 mar\n" in read(screen)
    assert (screen.preview, screen.picture) == (None, None)
    assert actions(screen, OpenOffer) == [OpenOffer()]
    page = offer_page(PL, Offer(banner, make.product(number=4)))
    assert "Wiosenna oferta\ndo 30 mar 2026" in read(page)
    assert page.picture == PictureAt("https://example.org/spring.png")
    assert page.preview == Preview("https://example.org/spring.png", above=True)
    assert actions(page, OpenProduct) == [OpenProduct(4)]


def test_a_long_banner_is_cut_before_its_end() -> None:
    banner = make.banner(text={"pl": "Bardzo długa oferta " * 9}, ends=in_days(20))
    text = read(screens.services(PL, listed(make.service(), banner=banner)))
    (line,) = [line for line in text.splitlines() if "oferta" in line]
    assert len(line) <= 40
    assert line.endswith("… · do 30 mar")


@pytest.mark.parametrize("text", ["Bardzo długa oferta " * 50, "Oferta\nna dwie linie"])
def test_a_banner_that_says_more_than_its_line_has_a_page_with_all_of_it(text: str) -> None:
    banner = make.banner(text={"pl": text[:1000]})
    found = listed(make.service(), banner=banner, banner_product=make.product(number=4))
    screen = screens.services(PL, found)
    assert button(screen, "Poznaj ofertę").action == OpenOffer()
    assert not actions(screen, OpenProduct)
    page = offer_page(PL, Offer(banner, make.product(number=4)))
    assert text[:1000].strip() in read(page)
    assert actions(page, OpenProduct) == [OpenProduct(4)]


def test_a_search_has_no_banner() -> None:
    banner = make.banner(picture="https://example.org/spring.png")
    found = listed(
        OVERDUE,
        banner=banner,
        banner_product=make.product(),
        service_filter=ServiceFilter(search="sklep"),
    )
    screen = screens.services(PL, found)
    assert "Wiosenna" not in read(screen)
    assert (actions(screen, OpenProduct), screen.preview) == ([], None)


def test_a_banner_leads_to_its_product_add_on_or_link() -> None:
    def shown(**changes: object) -> object:
        found = listed(make.service(), banner=make.banner(url="https://example.org"), **changes)
        return screens.services(EN, found).rows[3][0].action

    assert shown(banner_product=make.product(number=4)) == OpenProduct(4)
    assert shown(banner_product=make.addon(number=5)) == OpenAddon(5)
    assert shown() == Url("https://example.org")


def test_a_search_is_shown_and_can_be_cleared() -> None:
    screen = screens.services(PL, listed(OVERDUE, service_filter=ServiceFilter(search="skl<ep")))
    assert "🔎 Szukanie: „skl<ep” · 1 usługa" in read(screen)
    assert actions(screen, ClearSearch) == [ClearSearch()]


@BOTH
def test_an_empty_list_says_what_to_do(t: Translator) -> None:
    plain, searched, filtered = (
        screens.services(t, listed(service_filter=asked))
        for asked in (
            ServiceFilter(),
            ServiceFilter(search="x"),
            ServiceFilter(status=ServiceStatus.FRAUD),
        )
    )
    assert len({read(plain), read(searched), read(filtered)}) == 3
    assert labels(plain)[1][0] in ("Place a new order", "Złóż nowe zamówienie")


def test_every_status_can_be_chosen_with_its_count() -> None:
    screen = filters.statuses(PL, listed(*MIXED, OVERDUE))
    assert button(screen, "✓ Bieżące (5)").action == ListLiving()
    assert button(screen, "Wszystkie (8)").action == FilterServices(None)
    assert button(screen, "🟢 Aktywna (2)").action == FilterServices(ServiceStatus.ACTIVE)
    assert len(actions(screen, FilterServices)) == len(ServiceStatus) + 1


def test_every_order_can_be_chosen() -> None:
    screen = filters.sorts(EN, Sort.NAME)
    assert actions(screen, SortServices) == [SortServices(sort) for sort in Sort]
    assert button(screen, "✓ by name").action == SortServices(Sort.NAME)


@pytest.mark.parametrize("days", [0, 14])
def test_soon_is_up_to_the_companys_number_of_days(days: int) -> None:
    due = make.TODAY + timedelta(days=days)
    assert "⏳" in read(screens.services(EN, listed(make.service(next_due_date=due))))
