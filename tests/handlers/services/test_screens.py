from datetime import timedelta

import pytest

from billing.rules.quotes import Taxation
from billing.rules.services import ServiceStatus, SuspendedFor
from billing.views.pictures import PictureAt
from billing.views.services import Offer, ServiceFilter, Sort
from handlers.buttons import (
    ClearSearch,
    FilterServices,
    OpenAddon,
    OpenOffer,
    OpenProduct,
    OpenService,
    OpenServiceMenu,
    SortServices,
    TurnServices,
)
from handlers.chat.screens.screen import Preview, Url
from handlers.services import filters, screens
from handlers.services.offer_page import offer_page
from locales.translator import Translator
from tests import make
from tests.gallery.services import MIXED, OVERDUE, in_days, listed, suspended
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read


def test_an_entry_tells_name_domain_price_due_date_and_status() -> None:
    text = read(screens.services(PL, listed(make.service())))
    assert "1. Hosting start · anna.example" in text
    assert "35,67 zł / mies. · 🟢 Aktywna\n   ⏳ 22 mar 2026 (za 12 dni)" in text


def test_what_is_overdue_stands_out() -> None:
    text = read(screens.services(EN, listed(OVERDUE)))
    assert "1. Sklep · sklep.example" in text
    assert "⚠️ overdue 8 Mar 2026 (2 days ago)" in text


def test_what_is_due_late_does_not_stand_out() -> None:
    text = read(screens.services(EN, listed(make.service(next_due_date=in_days(15)))))
    assert "\n   25 Mar 2026 (in 15 days)\n" in text


def test_a_service_suspended_for_abuse_is_not_called_overdue() -> None:
    text = read(screens.services(EN, listed(suspended(SuspendedFor.ABUSE))))
    assert "🟠 Suspended\n   18 Feb 2026\n" in text


def test_what_is_over_shows_no_due_date() -> None:
    gone = make.service(status=ServiceStatus.TERMINATED, next_due_date=in_days(-90))
    text = read(screens.services(EN, listed(gone)))
    assert "/ month · ⚫ Terminated" in text


def test_prices_without_tax_are_not_called_taxed() -> None:
    free = listed(make.service(), taxation=Taxation(0, included=False))
    text = read(screens.services(EN, free))
    assert "PLN 29.00 / month" in text
    assert "tax" not in text


def test_the_actions_come_first_in_rows_wide_enough_for_a_phone() -> None:
    rows = labels(screens.services(PL, listed(*MIXED)))
    assert rows[0] == ["Odnów usługi"]
    assert rows[1] == ["Złóż nowe zamówienie"]
    assert rows[2] == ["Wyświetl dostępne dodatki"]
    assert rows[3] == ["1", "1 ⋯", "2", "2 ⋯"]


def test_numbers_go_on_from_page_to_page() -> None:
    found = listed(
        *MIXED, OVERDUE, service_filter=ServiceFilter(page=1), services=(OVERDUE,), count=9
    )
    screen = screens.services(EN, found)
    assert "9. Sklep" in read(screen)
    assert button(screen, "9").action == OpenService(OVERDUE.id)
    assert button(screen, "9 ⋯").action == OpenServiceMenu(OVERDUE.id)
    assert actions(screen, TurnServices) == [TurnServices(0), TurnServices(1)]


def test_a_banner_has_its_end_and_its_picture_on_a_page_of_its_own() -> None:
    banner = make.banner(ends=in_days(20), picture="https://example.org/spring.png")
    found = listed(make.service(), banner=banner, banner_product=make.product(number=4))
    screen = screens.services(PL, found)
    assert "Wiosenna oferta\ndo 30 mar 2026" in read(screen)
    assert (screen.preview, screen.picture) == (None, None)
    assert actions(screen, OpenOffer) == [OpenOffer()]
    page = offer_page(PL, Offer(banner, make.product(number=4)))
    assert "Wiosenna oferta\ndo 30 mar 2026" in read(page)
    assert page.picture == PictureAt("https://example.org/spring.png")
    assert page.preview == Preview("https://example.org/spring.png", above=True)
    assert actions(page, OpenProduct) == [OpenProduct(4)]


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
    assert button(screen, "✓ Wszystkie (8)").action == FilterServices(None)
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
