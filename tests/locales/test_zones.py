from zoneinfo import ZoneInfo

import pytest

from locales.zones import CommonZone, find_zone, zone_city


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Warszawa", "Europe/Warsaw"),
        ("  NOWY jork ", "America/New_York"),
        ("new york", "America/New_York"),
        ("Kijow", "Europe/Kyiv"),
        ("Kiev", "Europe/Kyiv"),
        ("europe/paris", "Europe/Paris"),
        ("los ang", "America/Los_Angeles"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_a_city_or_by_its_name(typed: str, zone: str) -> None:
    assert find_zone(typed, "pl") == zone


@pytest.mark.parametrize("typed", ["", "lo", "Atlantyda", "europe", "x" * 4000, "../etc/passwd"])
def test_what_is_unclear_is_no_zone(typed: str) -> None:
    assert find_zone(typed, "pl") is None


def test_a_zone_is_called_by_its_city() -> None:
    assert zone_city("Europe/Warsaw", "pl") == "Warszawa"
    assert zone_city("Europe/Warsaw", "en") == "Warsaw"
    assert zone_city("America/Argentina/Buenos_Aires", "en") == "Buenos Aires"
    assert zone_city("Etc/GMT+5", "en") == "GMT+5"


@pytest.mark.parametrize("zone", list(CommonZone))
def test_every_common_zone_is_there_and_found_by_its_own_city(zone: CommonZone) -> None:
    assert ZoneInfo(zone).key == zone
    for language in ("pl", "en"):
        assert find_zone(zone_city(zone, language), language) == zone
