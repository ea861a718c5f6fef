from zoneinfo import ZoneInfo

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services import ServiceStatus
from locales.labels import cycle_label, price_per_cycle, status_label, status_with_sign
from locales.translator import Translator

UTC = ZoneInfo("UTC")
PL, EN = Translator("pl", UTC), Translator("en", UTC)

CYCLES = "miesięcznie kwartalnie półrocznie rocznie co 2 lata co 3 lata jednorazowo bezpłatnie"
STATUSES = "Oczekująca Aktywna Zawieszona Zakończona Anulowana Zablokowana Zrealizowana"


def test_polish_labels_are_the_panels_own() -> None:
    assert " ".join(cycle_label(PL, cycle) for cycle in BillingCycle) == CYCLES
    assert " ".join(status_label(PL, status) for status in ServiceStatus) == STATUSES


@pytest.mark.parametrize(
    ("cycle", "polish", "english"),
    [
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
