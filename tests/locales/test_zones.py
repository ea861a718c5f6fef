from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.zone_places import CITIES, MAIN_ZONES
from locales.zone_reading import MOST, ZoneReading, read_zone
from locales.zones import CommonZone, zone_city

WINTER = datetime(2027, 1, 12, 9, tzinfo=UTC)
SUMMER = datetime(2027, 7, 12, 9, tzinfo=UTC)


def zones_of(typed: str, now: datetime = WINTER, language: str = "pl") -> tuple[str, ...]:
    return read_zone(typed, language, now=now).zones


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Warszawa", "Europe/Warsaw"),
        ("  NOWY jork ", "America/New_York"),
        ("new york", "America/New_York"),
        ("Kijow", "Europe/Kyiv"),
        ("Kiev", "Europe/Kyiv"),
        ("kyiv", "Europe/Kyiv"),
        ("europe/paris", "Europe/Paris"),
        ("utc", "UTC"),
        ("Kraków", "Europe/Warsaw"),
        ("krakow", "Europe/Warsaw"),
        ("Monachium", "Europe/Berlin"),
        ("Boston, USA", "America/New_York"),
        ("Valencia, Hiszpania", "Europe/Madrid"),
        ("Valencia, Wenezuela", "America/Caracas"),
        ("Montreal", "America/Toronto"),
        ("Hong Kong", "Asia/Hong_Kong"),
        ("Indianapolis", "America/Indiana/Indianapolis"),
        ("Polska", "Europe/Warsaw"),
        ("Germany", "Europe/Berlin"),
        ("Turkey", "Europe/Istanbul"),
        ("Gruzja", "Asia/Tbilisi"),
        ("US/Central", "America/Chicago"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("America/Indiana/Petersburg", "America/Indiana/Petersburg"),
        ("Etc/GMT+2", "Etc/GMT+2"),
        ("War\u200bszawa\u200e", "Europe/Warsaw"),
    ],
)
def test_a_zone_is_found_by_a_city_a_country_or_its_whole_name(typed: str, zone: str) -> None:
    assert read_zone(typed, "pl", now=WINTER) == ZoneReading((zone,), is_certain=True)
    assert ZoneInfo(zone).key == zone


@pytest.mark.parametrize(
    "typed",
    [
        "", "lo", "2", "Atlantyda", "europe", "x" * 4000, "../etc/passwd", "Factory", "localtime",
        "posix/Europe/Warsaw", "right/UTC", "posixrules", "Center", "Knox", "North", "UTC+99",
        "UTC-13", "UTC+1:75", "+", "+100:00",
    ],
)  # fmt: skip
def test_an_unknown_place_has_no_zone(typed: str) -> None:
    assert read_zone(typed, "pl", now=WINTER) == ZoneReading()


@pytest.mark.parametrize(
    "typed",
    [
        "GMT+2",
        "UTC+2",
        "utc +2",
        "+2",
        "+02:00",
        "+0200",
        "UTC+02",
        "+2 h",
        "UTC＋2",
        "\u200eGMT+2",
    ],
)
def test_a_difference_from_utc_is_asked_about_with_places_where_it_is_so(typed: str) -> None:
    for now in (WINTER, SUMMER):
        meant = read_zone(typed, "pl", now=now)
        assert not meant.is_certain
        assert meant.zones[-1] == "Etc/GMT-2"
        for zone in (meant.zones[0], meant.zones[-1]):
            assert now.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(hours=2)
    assert zones_of(typed)[0] == "Europe/Kyiv"
    assert zones_of(typed, SUMMER)[0] == "Europe/Warsaw"
    assert "Europe/Kyiv" in zones_of(typed, SUMMER)  # in winter it is so there


@pytest.mark.parametrize(
    ("typed", "first", "fixed"),
    [
        ("UTC−5", "America/New_York", "Etc/GMT+5"),
        ("GMT-5", "America/New_York", "Etc/GMT+5"),
        ("UTC+0", "Europe/London", "UTC"),
        ("+5:30", "Asia/Kolkata", None),
        ("UTC+13:45", "Pacific/Chatham", None),
        ("UTC+8:45", "Australia/Eucla", None),
        ("UTC-12", "Etc/GMT+12", "Etc/GMT+12"),
        ("UTC+14", "Pacific/Kiritimati", "Etc/GMT-14"),
    ],
)
def test_differences_west_and_of_less_than_an_hour(
    typed: str, first: str, fixed: str | None
) -> None:
    zones = zones_of(typed)
    assert zones[0] == first
    assert fixed is None or zones[-1] == fixed


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("CET", {"Europe/Warsaw", "Europe/Berlin", "Europe/Paris"}),
        ("cest", {"Europe/Warsaw", "Europe/Berlin"}),
        ("MEZ", {"Europe/Warsaw", "Europe/Berlin"}),
        ("EET", {"Europe/Kyiv", "Europe/Athens"}),
        ("EST", {"America/New_York", "America/Toronto"}),
        ("EST5EDT", {"America/New_York", "America/Toronto"}),
        ("Eastern", {"America/New_York"}),
        ("Central", {"America/Chicago", "America/Mexico_City"}),
        ("CST", {"America/Chicago", "Asia/Shanghai"}),
        ("Pacific time", {"America/Los_Angeles"}),
        ("IST", {"Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"}),
        ("GMT", {"Europe/London", "UTC"}),
        ("MSK", {"Europe/Moscow"}),
        ("HST", {"Pacific/Honolulu"}),
        ("Petersburg", {"Europe/Moscow", "America/New_York"}),
        ("Portland", {"America/Los_Angeles", "America/New_York"}),
        ("Córdoba", {"Europe/Madrid", "America/Argentina/Cordoba"}),
        ("USA", {"America/New_York", "America/Phoenix", "Pacific/Honolulu"}),
        ("Stany Zjednoczone", {"America/New_York", "America/Los_Angeles"}),
        ("Rosja", {"Europe/Moscow", "Asia/Vladivostok"}),
        ("Hiszpania", {"Europe/Madrid", "Atlantic/Canary"}),
        ("Portugal", {"Europe/Lisbon", "Atlantic/Azores"}),
        ("Australia", {"Australia/Sydney", "Australia/Perth"}),
        ("los ang", {"America/Los_Angeles"}),
        ("warsz", {"Europe/Warsaw"}),
    ],
)
def test_several_likely_or_uncertain_zones_are_offered(typed: str, likely: set[str]) -> None:
    for now in (WINTER, SUMMER):
        meant = read_zone(typed, "pl", now=now)
        assert not meant.is_certain
        assert likely <= set(meant.zones)
        assert len(meant.zones) <= MOST


def test_the_best_known_zones_come_first() -> None:
    assert zones_of("USA")[:2] == ("America/New_York", "America/Chicago")
    assert zones_of("Hiszpania")[0] == "Europe/Madrid"
    assert zones_of("Petersburg")[0] == "Europe/Moscow"


def test_every_zone_of_our_own_lists_is_there() -> None:
    for zone in {*MAIN_ZONES, *(zone for _, zone in CITIES)}:
        assert ZoneInfo(zone).key == zone
    assert len(set(MAIN_ZONES)) == len(MAIN_ZONES)
    for city, zone in CITIES:
        assert zone in zones_of(city), city


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_as_zones_that_there_are(typed: str) -> None:
    meant = read_zone(typed, "en", now=WINTER)
    assert meant.is_certain <= (len(meant.zones) == 1)
    for zone in meant.zones:
        assert ZoneInfo(zone).key == zone


def test_a_zone_is_called_by_its_city() -> None:
    assert zone_city("Europe/Warsaw", "pl") == "Warszawa"
    assert zone_city("Europe/Warsaw", "en") == "Warsaw"
    assert zone_city("America/Argentina/Buenos_Aires", "en") == "Buenos Aires"
    assert zone_city("Europe/Kyiv", "pl") == "Kijów"


def test_a_difference_is_called_as_people_do_and_not_as_posix() -> None:
    assert zone_city("Etc/GMT+5", "en") == "UTC\N{MINUS SIGN}5"
    assert zone_city("Etc/GMT-2", "en") == "UTC+2"
    assert zone_city("UTC", "en") == "UTC"


@pytest.mark.parametrize("zone", list(CommonZone))
def test_every_common_zone_is_there_and_found_by_its_own_city(zone: CommonZone) -> None:
    assert ZoneInfo(zone).key == zone
    for language in ("pl", "en"):
        assert zones_of(zone_city(zone, language), language=language)[0] == zone
