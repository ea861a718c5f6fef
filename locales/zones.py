"""Time zones by the names that people know: a city in their language, a difference from UTC."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from babel import Locale

from locales.text import Plain


class CommonZone(StrEnum):
    """Zones that are offered as buttons; a button carries the place in this list: only append."""

    WARSAW = "Europe/Warsaw"
    LONDON = "Europe/London"
    DUBLIN = "Europe/Dublin"
    BERLIN = "Europe/Berlin"
    KYIV = "Europe/Kyiv"
    ATHENS = "Europe/Athens"
    NEW_YORK = "America/New_York"
    UTC = "UTC"


def zone_city(zone: str, language: str) -> Plain:
    """Return a zone's city, such as "Warszawa", or the end of its name if none is known.

    A fixed difference is "UTC+2": the database calls it Etc/GMT-2, with POSIX's opposite sign.
    """
    if difference := _FIXED.fullmatch(zone):
        sign = "+" if difference[1] == "-" else "\N{MINUS SIGN}"
        return Plain(f"UTC{sign}{difference[2]}")
    city = language_cities(language).get(OLD_NAMES.get(zone, zone))
    return Plain(city or zone.rsplit("/", 1)[-1].replace("_", " "))


def is_fixed(zone: str) -> bool:
    """Whether a zone is a difference from UTC all year round."""
    return _FIXED.fullmatch(zone) is not None


_FIXED = re.compile(r"Etc/GMT([+-])(\d+)")

OLD_NAMES = {"Europe/Kyiv": "Europe/Kiev", "Asia/Kolkata": "Asia/Calcutta"}
"""Zones whose city the language data lists under an earlier name."""

NEW_NAMES = {old: new for new, old in OLD_NAMES.items()}


@cache
def language_cities(language: str) -> Mapping[str, str]:
    """Return the cities of zones in a language, where it has a name for them."""
    zones = Locale.parse(language).time_zones
    named = {name: str(facts["city"]) for name, facts in zones.items() if "city" in facts}
    return named | {new: named[old] for old, new in NEW_NAMES.items() if old in named}


def folded(text: str) -> str:
    """Remove case, accents and underscores: "Nowy_Jork" and „nowy jork” are the same."""
    parts = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "l"))
    kept = "".join(char for char in parts if not unicodedata.combining(char))
    return " ".join(kept.casefold().replace("_", " ").split())
