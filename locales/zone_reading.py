"""Reading a typed time zone: a city, a country, an abbreviation, a difference from UTC.

If several zones are likely, or the text names no place, the zones are only candidates, and the
person chooses by the current time in each.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from billing.rules.names import STRAIGHT, visible
from locales.negotiation import DEFAULT
from locales.zone_places import ABBREVIATIONS, CITIES, COUNTRIES, MAIN_ZONES
from locales.zones import NEW_NAMES, folded, language_cities

SHORTEST_PART = 3
"""Least letters at the beginning of a name that may stand for the whole name."""

MOST = 12
"""Most zones that are offered at once; a longer list would not help."""

CITY_AREAS = ("Africa", "America", "Arctic", "Asia", "Atlantic", "Europe", "Indian", "Pacific")
SMALL_PLACES = ("America/Indiana/", "America/Kentucky/", "America/North_Dakota/")
"""Counties of the United States: found only by the zone's whole name, except these cities."""

LARGE_AMONG_SMALL = frozenset({"Indianapolis", "Louisville", "Fort_Wayne"})

_DIFFERENCE = re.compile(r"(?:utc|gmt)? ?([+-]) ?(\d{1,2})(?::?(\d{2}))?(?: ?h)?")
_UTC = frozenset({"utc", "uct", "zulu", "universal", "etc/utc"})
_MOST_HOURS = {1: 14, -1: 12}


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """The zones that may be meant, likeliest first; a single one is certain."""

    zones: tuple[str, ...] = ()
    is_certain: bool = False


def read_zone(typed: str, language: str, *, now: datetime) -> ZoneReading:
    """Return the zones that a typed text may mean; none if it names no place."""
    wanted = folded(visible(typed).translate(STRAIGHT))
    if wanted in _UTC:
        return ZoneReading(("UTC",), is_certain=True)
    if zone := _whole_names().get(wanted):
        return ZoneReading((zone,), is_certain=True)
    if difference := _DIFFERENCE.fullmatch(wanted):
        return ZoneReading(_by_difference(difference, now))
    if zones := _by_abbreviation(wanted, now):
        return ZoneReading(zones)
    return _by_place(wanted, language, now)


def _by_difference(match: re.Match[str], now: datetime) -> tuple[str, ...]:
    """Return places with that difference now, then in winter, then the difference alone."""
    sign = 1 if match[1] == "+" else -1
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > _MOST_HOURS[sign] or minutes >= 60:
        return ()
    wanted = sign * timedelta(hours=hours, minutes=minutes)
    places = [zone for zone in MAIN_ZONES if _at(zone, now).utcoffset() == wanted]
    winter = [zone for zone in MAIN_ZONES if _standard(zone, now) == wanted]
    others = [] if places else [z for z in _zones() if _at(z, now).utcoffset() == wanted]
    fixed = [] if minutes else [_fixed(sign * hours)]
    return tuple(dict.fromkeys([*places[:7], *winter[:7], *others[:7]]))[: MOST - 1] + tuple(fixed)


def _fixed(hours: int) -> str:
    """Return the zone of a difference; the database names it with POSIX's opposite sign."""
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _by_abbreviation(wanted: str, now: datetime) -> tuple[str, ...]:
    name = ABBREVIATIONS.get(wanted, wanted)
    zones = [zone for zone in MAIN_ZONES if name in _abbreviations(zone, now.year)]
    return tuple(zones[: MOST - 1]) + (("UTC",) if name == "gmt" else ())


@cache
def _abbreviations(zone: str, year: int) -> frozenset[str]:
    """Return the abbreviations of a zone's clock during a year: "cet", "cest"."""
    names = (datetime(year, month, 1, tzinfo=ZoneInfo(zone)).tzname() for month in (1, 7))
    return frozenset(name.lower() for name in names if name and name.isalpha())


def _by_place(wanted: str, language: str, now: datetime) -> ZoneReading:
    """Find a city or a country; "city, country" is the city in that country.

    The beginning of a name is never certain, so that no zone is taken by accident.
    """
    place, _, country = (part.strip() for part in wanted.partition(","))
    zones = _cities(language).get(place, ())
    if code := _countries(language).get(country):
        inside = set(get_global("territory_zones")[code])
        zones = tuple(zone for zone in zones if zone in inside) or zones
    if code := _countries(language).get(place):
        zones = tuple(dict.fromkeys([*zones, *_of_country(code, now)]))
    if not zones:
        return ZoneReading(_begun(place, language))
    return ZoneReading(zones[:MOST], is_certain=len(zones) == 1)


def _begun(part: str, language: str) -> tuple[str, ...]:
    """Return the zones of all places that begin like this; none if that is too short."""
    if len(part) < SHORTEST_PART:
        return ()
    named = (zones for name, zones in _cities(language).items() if name.startswith(part))
    found = tuple(dict.fromkeys(zone for zones in named for zone in zones))
    return found if len(found) <= MOST else ()


def _of_country(code: str, now: datetime) -> tuple[str, ...]:
    """Return one zone for each different clock in a country, the best known first."""
    by_clock: dict[object, str] = {}
    for zone in sorted(get_global("territory_zones")[code], key=_rank):
        by_clock.setdefault(_clock(zone, now), zone)
    return tuple(by_clock.values())


def _rank(zone: str) -> int:
    return MAIN_ZONES.index(zone) if zone in MAIN_ZONES else len(MAIN_ZONES)


def _at(zone: str, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(zone))


def _clock(zone: str, now: datetime) -> tuple[timedelta, ...]:
    """The differences from UTC in January and in July."""
    moments = (datetime(now.year, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    return tuple(moment.utcoffset() or timedelta() for moment in moments)


def _standard(zone: str, now: datetime) -> timedelta:
    """Return the difference from UTC without summer time."""
    return min(_clock(zone, now))


@cache
def _zones() -> tuple[str, ...]:
    """Return the zones of the language data by their current names."""
    there = available_timezones()
    found = {zone for zones in get_global("territory_zones").values() for zone in zones}
    return tuple(sorted((found & there) - {"UTC"}))


@cache
def _whole_names() -> Mapping[str, str]:
    """Return zones by their whole names in the database, such as "europe/paris", old ones too."""
    aliases = get_global("zone_aliases")
    there = available_timezones()
    today = {zone: aliases.get(zone, zone) for zone in there if "/" in zone}
    return {folded(name): NEW_NAMES.get(zone, zone) for name, zone in today.items()}


@cache
def _cities(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return every known name of a city, with its zones."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for name, zone in _named_cities(language):
        names[folded(name)][zone] = None
    return {name: tuple(zones) for name, zones in names.items()}


def _named_cities(language: str) -> Iterable[tuple[str, str]]:
    known = [zone for zone in _zones() if not zone.startswith(SMALL_PLACES)]
    for zone in known:
        yield zone.rsplit("/", 1)[-1], zone
    for spoken in (DEFAULT, language):
        cities = language_cities(spoken)
        yield from ((cities[zone], zone) for zone in known if zone in cities)
    yield from CITIES
    for old, zone in get_global("zone_aliases").items():
        name = old.rsplit("/", 1)[-1]
        if old.startswith(CITY_AREAS) and (zone in known or name in LARGE_AMONG_SMALL):
            yield name, NEW_NAMES.get(zone, zone)


@cache
def _countries(language: str) -> Mapping[str, str]:
    """Return the codes of countries with zones, by name."""
    zones = get_global("territory_zones")
    names = {
        folded(name): code
        for spoken in (DEFAULT, language)
        for code, name in Locale.parse(spoken).territories.items()
        if code in zones and code != "ZZ"
    }
    return names | COUNTRIES
