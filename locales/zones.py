"""Time zones by the names people know: a city in their language, or the zone's own name."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from locales.negotiation import DEFAULT
from locales.text import Plain

SHORTEST_PART = 3
"""Letters of a name's beginning that may stand for the whole."""


class CommonZone(StrEnum):
    """Zones offered as buttons, which carry their places here: append only."""

    WARSAW = "Europe/Warsaw"
    LONDON = "Europe/London"
    DUBLIN = "Europe/Dublin"
    BERLIN = "Europe/Berlin"
    KYIV = "Europe/Kyiv"
    ATHENS = "Europe/Athens"
    NEW_YORK = "America/New_York"
    UTC = "UTC"


def zone_city(zone: str, language: str) -> Plain:
    """The city that a zone is named after: "Warszawa"; the end of its name if none is known."""
    city = _cities(language).get(OLD_NAMES.get(zone, zone))
    return Plain(city or zone.rsplit("/", 1)[-1].replace("_", " "))


def find_zone(typed: str, language: str) -> str | None:
    """The zone that a city or a zone's name means, or the beginning of one; None if unclear."""
    wanted = _folded(typed)
    names = _names(language)
    if wanted in names:
        return names[wanted]
    if len(wanted) < SHORTEST_PART:
        return None
    begun = {zone for name, zone in names.items() if name.startswith(wanted)}
    return begun.pop() if len(begun) == 1 else None


OLD_NAMES = {"Europe/Kyiv": "Europe/Kiev", "Asia/Kolkata": "Asia/Calcutta"}
"""Zones under which the language data knows a city by an earlier name."""


@cache
def _cities(language: str) -> Mapping[str, str]:
    zones = Locale.parse(language).time_zones
    return {name: str(facts["city"]) for name, facts in zones.items() if "city" in facts}


@cache
def _names(language: str) -> Mapping[str, str]:
    """Every name that is understood; cities in the person's language weigh most."""
    there = available_timezones()
    newer = {old: new for new, old in OLD_NAMES.items()}
    zones = sorted(there, key=lambda zone: (zone.count("/"), zone), reverse=True)
    names = {_folded(zone.rsplit("/", 1)[-1]): newer.get(zone, zone) for zone in zones}
    names |= {_folded(zone): newer.get(zone, zone) for zone in zones}
    for spoken in (DEFAULT, language):
        for zone, city in _cities(spoken).items():
            if (known := newer.get(zone, zone)) in there:
                names[_folded(city)] = known
    return names


def _folded(text: str) -> str:
    """Without case, accents and underscores: "Nowy_Jork" and „nowy jork” are one."""
    parts = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "l"))
    kept = "".join(char for char in parts if not unicodedata.combining(char))
    return " ".join(kept.casefold().replace("_", " ").split())
