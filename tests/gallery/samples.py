"""Every sample there is: the `SAMPLES` of the modules beside this one, in three voices."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.chat.screens.screen import Shown
from locales.catalogues import available_languages, language_name
from locales.translator import Translator
from tests.gallery.pseudo import PseudoTranslator

ZONE = ZoneInfo("Europe/Warsaw")
FIRST = ("pl", "en")
"""The languages that stand first, side by side; others follow."""

Draw = Callable[[Translator], Shown]


@dataclass(frozen=True, slots=True)
class Sample:
    """One screen with invented values: `draw` makes it in the language of a translator."""

    topic: str
    name: str
    draw: Draw

    @property
    def key(self) -> str:
        """Where it is found: topic/name."""
        return f"{self.topic}/{self.name}"


@dataclass(frozen=True, slots=True)
class Voice:
    """A language that screens are drawn in."""

    code: str
    name: str
    t: Translator


@cache
def voices() -> tuple[Voice, ...]:
    """Every language of the catalogues and one that is long and strange."""
    rest = [code for code in available_languages() if code not in FIRST]
    return (
        *(Voice(code, language_name(code), Translator(code, ZONE)) for code in (*FIRST, *rest)),
        Voice("pseudo", "35 % longer", PseudoTranslator(ZONE)),
    )


@cache
def samples() -> tuple[Sample, ...]:
    """All samples, topic by topic."""
    return tuple(
        Sample(topic, name, draw)
        for topic in _modules()
        for name, draw in _declared(topic).items()
    )


def _modules() -> list[str]:
    return sorted(
        module.name
        for module in pkgutil.iter_modules([str(Path(__file__).parent)])
        if not module.name.startswith("_")
    )


def _declared(topic: str) -> Mapping[str, Draw]:
    module = importlib.import_module(f"tests.gallery.{topic}")
    declared: Mapping[str, Draw] = getattr(module, "SAMPLES", {})
    return declared
