from zoneinfo import ZoneInfo

import pytest

from billing.rules.cycles import NAMED_CYCLES, BillingCycle, parse_cycle
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus
from locales.labels import cycle_label, price_per_cycle, status_label, status_with_sign
from locales.translator import Translator

UTC = ZoneInfo("UTC")
PL, EN = Translator("pl", UTC), Translator("en", UTC)

CYCLES = (
    "co tydzień, miesięcznie, kwartalnie, półrocznie, rocznie, co 2 lata, co 3 lata, jednorazowo, "
    "bezpłatnie"
)
STATUSES = "Oczekująca Aktywna Zawieszona Zakończona Anulowana Zablokowana Zrealizowana"


def test_polish_labels_are_the_panels_own() -> None:
    assert ", ".join(cycle_label(PL, cycle) for cycle in NAMED_CYCLES) == CYCLES
    assert " ".join(status_label(PL, status) for status in ServiceStatus) == STATUSES


@pytest.mark.parametrize(
    ("name", "polish", "english"),
    [
        ("2-weeks", "co 2 tygodnie", "every 2 weeks"),
        ("6-weeks", "co 6 tygodni", "every 6 weeks"),
        ("2-months", "co 2 miesiące", "every 2 months"),
        ("18-months", "co 18 miesięcy", "every 18 months"),
        ("5-years", "co 5 lat", "every 5 years"),
    ],
)
def test_cycles_without_a_name_are_counted(name: str, polish: str, english: str) -> None:
    assert cycle_label(PL, parse_cycle(name)) == polish
    assert cycle_label(EN, parse_cycle(name)) == english


@pytest.mark.parametrize(
    ("cycle", "polish", "english"),
    [
        (BillingCycle.WEEKLY, "29,00 zł / tydz.", "PLN 29.00 / week"),
        (parse_cycle("2-weeks"), "29,00 zł / 2 tygodnie", "PLN 29.00 / 2 weeks"),
        (parse_cycle("5-months"), "29,00 zł / 5 miesięcy", "PLN 29.00 / 5 months"),
        (parse_cycle("10-years"), "29,00 zł / 10 lat", "PLN 29.00 / 10 years"),
        (BillingCycle.MONTHLY, "29,00 zł / mies.", "PLN 29.00 / month"),
        (BillingCycle.QUARTERLY, "29,00 zł / kwartał", "PLN 29.00 / 3 months"),
        (BillingCycle.SEMI_ANNUALLY, "29,00 zł / pół roku", "PLN 29.00 / 6 months"),
        (BillingCycle.ANNUALLY, "29,00 zł / rok", "PLN 29.00 / year"),
        (BillingCycle.BIENNIALLY, "29,00 zł / 2 lata", "PLN 29.00 / 2 years"),
        (BillingCycle.TRIENNIALLY, "29,00 zł / 3 lata", "PLN 29.00 / 3 years"),
        (BillingCycle.ONE_TIME, "29,00 zł jednorazowo", "PLN 29.00 one-time"),
        (BillingCycle.FREE, "bezpłatnie", "free of charge"),
    ],
)
def test_a_price_names_its_period(cycle: BillingCycle, polish: str, english: str) -> None:
    price = Money(2_900, "PLN")
    assert price_per_cycle(PL, price, cycle).replace("\u00a0", " ") == polish
    assert price_per_cycle(EN, price, cycle).replace("\u00a0", " ") == english


def test_every_status_has_its_own_sign_beside_the_word() -> None:
    shown = [status_with_sign(EN, status) for status in ServiceStatus]
    assert len({text.split(" ")[0] for text in shown}) == len(ServiceStatus)
    assert shown[1] == "🟢 Active"
