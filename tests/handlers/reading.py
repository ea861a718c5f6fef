"""Screens as a person reads them, for tests of screens as values."""

from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from handlers.chat.screens.screen import Button, Screen, Shown
from locales.text import Plain, legible
from locales.translator import Translator

P = TypeVar("P")
WARSAW = ZoneInfo("Europe/Warsaw")
EN = Translator("en", WARSAW)
PL = Translator("pl", WARSAW)

BOTH = pytest.mark.parametrize("t", [EN, PL], ids=["en", "pl"])


def read(shown: Screen) -> str:
    """The text without tags, spaces as one types them."""
    return plain(Plain.of(shown.text))


def plain(text: str) -> str:
    return legible(text)


def labels(shown: Shown) -> list[list[str]]:
    """The labels row by row."""
    return [[plain(button.label) for button in row] for row in shown.rows]


def buttons(shown: Shown) -> list[Button]:
    """All buttons."""
    return [button for row in shown.rows for button in row]


def button(shown: Shown, label: str) -> Button:
    """The one button whose label is or contains this."""
    there = buttons(shown)
    found = [b for b in there if plain(b.label) == label] or [
        b for b in there if label in plain(b.label)
    ]
    assert len(found) == 1, f"{len(found)} buttons are [{label}] in {labels(shown)}"
    return found[0]


def actions(shown: Shown, kind: type[P]) -> list[P]:
    """What the buttons of one kind say."""
    return [b.action for b in buttons(shown) if isinstance(b.action, kind)]
