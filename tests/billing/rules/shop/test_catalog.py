from datetime import date

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.reminders.stages import ReminderPolicy
from billing.rules.shop.catalog import ProductKind, text_in
from tests import make


@pytest.mark.parametrize(
    ("texts", "languages", "found"),
    [
        ({"pl": "Cześć", "en": "Hello"}, ["pl"], "Cześć"),
        ({"pl": "Cześć", "en": "Hello"}, ["de", "pl"], "Cześć"),
        ({"pl": "Cześć", "en": "Hello"}, ["de"], "Hello"),
        ({"pl": "", "en": "Hello"}, ["pl"], "Hello"),
        ({"pl": "Cześć"}, ["de"], "Cześć"),
        ({}, ["pl"], ""),
    ],
)
def test_a_text_is_taken_in_the_first_language_that_has_one(
    texts: dict[str, str], languages: list[str], found: str
) -> None:
    assert text_in(texts, languages) == found


def test_prices_are_listed_shortest_cycle_first_and_per_currency() -> None:
    product = make.product(
        prices=(
            make.price("290.00", BillingCycle.ANNUALLY),
            make.price("29.00", BillingCycle.MONTHLY),
            make.price("7.00", BillingCycle.MONTHLY, currency="EUR"),
        )
    )
    cycles = [price.cycle for price in product.prices_in("PLN")]
    assert cycles == [BillingCycle.MONTHLY, BillingCycle.ANNUALLY]
    assert product.price(BillingCycle.MONTHLY, "EUR") == product.prices[2]
    assert product.price(BillingCycle.ANNUALLY, "EUR") is None
    assert product.prices_in("USD") == ()


def test_without_a_price_nothing_is_offered() -> None:
    assert make.product().is_offered_in("PLN")
    assert not make.product().is_offered_in("EUR")
    assert not make.product(offered=False).is_offered_in("PLN")


def test_only_add_ons_fit_products() -> None:
    assert make.addon().fits_product("start")
    assert not make.addon().fits_product("vps")
    assert not make.product(fits=("start",)).fits_product("start")


def test_things_are_found_by_id_and_by_number() -> None:
    topic = make.topic(number=4)
    catalog = make.catalog(make.product(), make.addon(), topics=(topic,))
    assert catalog.product("ssl") == catalog.numbered(2) == make.addon()
    assert catalog.topic(4) == topic
    assert (catalog.product("x"), catalog.numbered(9), catalog.topic(9)) == (None, None, None)


def test_the_shop_lists_one_kind_that_can_be_bought() -> None:
    catalog = make.catalog(
        make.product(), make.product("old", offered=False), make.product("pro"), make.addon()
    )
    assert [p.id for p in catalog.offered(ProductKind.PRODUCT, "PLN")] == ["start", "pro"]
    assert [p.id for p in catalog.offered(ProductKind.ADDON, "PLN")] == ["ssl"]
    assert catalog.offered(ProductKind.ADDON, "EUR") == ()


@pytest.mark.parametrize(
    ("starts", "ends", "shows"),
    [
        (None, None, True),
        (date(2026, 3, 10), date(2026, 3, 10), True),
        (date(2026, 3, 11), None, False),
        (None, date(2026, 3, 9), False),
        (date(2026, 3, 1), None, True),
    ],
)
def test_a_banner_runs_from_its_first_to_its_last_day(
    starts: date | None, ends: date | None, shows: bool
) -> None:
    banner = make.banner(starts=starts, ends=ends)
    assert banner.shows(date(2026, 3, 10)) is shows
    catalog = make.catalog(banners=(banner,))
    assert catalog.banner(date(2026, 3, 10)) == (banner if shows else None)


def test_the_first_banner_that_runs_is_shown() -> None:
    over = make.banner(id="over", ends=date(2026, 3, 9))
    first, second = make.banner(id="first"), make.banner(id="second")
    assert make.catalog(banners=(over, first, second)).banner(date(2026, 3, 10)) == first


def test_a_product_may_have_its_own_reminders() -> None:
    own = ReminderPolicy(stages=(60, 5, -10))
    catalog = make.catalog(make.product(reminder_policy=own), make.addon())
    assert catalog.reminder_policy("start") == own
    assert catalog.reminder_policy("ssl") == catalog.policy.reminders
    assert catalog.reminder_policy("unknown") == catalog.policy.reminders


def test_the_horizon_of_reminders_covers_every_products_stages() -> None:
    assert make.catalog().reminder_horizon == (30, -10)
    wide = make.product(reminder_policy=ReminderPolicy(stages=(60, -14), catch_up_days=1))
    assert make.catalog(wide, make.addon()).reminder_horizon == (60, -15)
    narrow = make.product(reminder_policy=ReminderPolicy(stages=(1,)))
    assert make.catalog(narrow, make.addon()).reminder_horizon == (30, -10)
