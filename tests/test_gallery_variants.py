"""Every screen once more with little allowed, known or reachable: it still reads well."""

import re
from collections.abc import Callable
from functools import cache

import pytest

from bot.sandbox.texts.html import parse_html
from handlers.buttons import (
    AddAddon,
    AddOrder,
    AskCancellation,
    AskServiceName,
    OpenAddon,
    OpenAddons,
    OpenGroup,
    OpenOrder,
    OpenProduct,
    OrderProduct,
    WithdrawCancellation,
)
from handlers.chat.screens.screen import Screen
from handlers.panel_away import ASKS_PANEL
from locales.translator import Translator
from tests.gallery.samples import ZONE, samples
from tests.gallery.variants import Variant, Varied, vary
from tests.handlers.reading import buttons
from tests.handlers.screen_check import problems

pytestmark = pytest.mark.slow

OFFERS = (
    AddAddon, AddOrder, AskCancellation, AskServiceName, OpenAddon, OpenAddons, OpenGroup,
    OpenOrder, OpenProduct, OrderProduct, WithdrawCancellation,
)  # fmt: skip

DECIDED_BEFORE = {
    "addons": "actions draw none of it where ordering is not allowed",
    "orders": "the same",
    "search": "products are not found where ordering is not allowed",
    "menu/late": "it leads to what was asked for, which is refused in words",
    "services/offer, with a picture": "there is no offer where ordering is not allowed",
}
"""Screens that are never drawn with such a button where it would be refused."""

UGLY: dict[str, Callable[[str], object]] = {
    "None": lambda text: re.search(r"\bNone\b(?! of)", text),
    "a gap of two lines": lambda text: "\n\n\n" in text,
    "a separator before nothing": lambda text: re.search(r"(·|→|–|,)[ ]*$", text, re.M),
    "a separator after nothing": lambda text: re.search(r"^[ ]*(→|,)", text, re.M),
    "brackets around nothing": lambda text: "()" in text,
}

EACH = pytest.mark.parametrize("variant", list(Variant), ids=lambda one: one.value)


@cache
def drawn(variant: Variant, language: str) -> tuple[Varied, ...]:
    """Every sample as a variant; what cannot be so is left out."""
    return tuple(vary(variant, Translator(language, ZONE)))


@EACH
@pytest.mark.parametrize("language", ["pl", "en"])
def test_it_can_be_sent_and_reads_well(variant: Variant, language: str) -> None:
    wrong = {}
    for one in drawn(variant, language):
        found = list(problems(one.shown))
        if isinstance(one.shown, Screen):
            text = parse_html(one.shown.text)[0]
            found += [name for name, is_so in UGLY.items() if is_so(text)]
        if found:
            wrong[one.sample.key] = found
    assert wrong == {}


@EACH
def test_it_is_another_screen_where_something_is_missing(variant: Variant) -> None:
    """A variant that changes nothing would prove nothing."""
    t = Translator("en", ZONE)
    before = {sample.key: sample.draw(t) for sample in samples()}
    others = [one for one in drawn(variant, "en") if one.shown != before[one.sample.key]]
    assert len(others) > 100


def test_with_everything_off_nothing_is_offered_that_would_be_refused() -> None:
    offered = {
        one.sample.key
        for one in drawn(Variant.OFF, "en")
        if any(isinstance(button.action, OFFERS) for button in buttons(one.shown))
    }
    decided = {key for key in offered if {key, key.partition("/")[0]} & DECIDED_BEFORE.keys()}
    assert offered == decided
    used = {name for name in DECIDED_BEFORE if any(key.startswith(name) for key in offered)}
    assert used == DECIDED_BEFORE.keys()


def test_while_the_panel_is_away_nothing_is_offered_that_has_to_wait() -> None:
    dated = 0
    for one in drawn(Variant.AWAY, "en"):
        if isinstance(one.shown, Screen):
            assert not any(type(button.action) in ASKS_PANEL for button in buttons(one.shown))
            dated += "As of 14:02" in one.shown.text
    assert dated > 100
