"""Words that do what the buttons of these names do, in every language that the bot speaks."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from zoneinfo import ZoneInfo

from billing.rules.folding import fold
from handlers.buttons import (
    OpenAddons,
    OpenCalendar,
    OpenCart,
    OpenCatalogue,
    OpenCosts,
    OpenHelp,
    OpenHome,
    OpenInvoices,
    OpenLanguages,
    OpenOrder,
    OpenRenewals,
    OpenServices,
    OpenSettings,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.origin import Origin
from locales.catalogues import available_languages
from locales.text import Plain
from locales.translator import Translator

_AROUND = re.compile(r"^[^\w]+|[\W\d_]+$")
"""What is not part of a word: "Koszyk (2)", "pomoc!", "🛒 Cart"."""

Words = Callable[[Translator], Plain]

WORDS: tuple[tuple[Words, Payload], ...] = (
    (lambda t: t.plain("menu, home, main menu"), OpenHome()),
    (lambda t: t.plain("services, my services, service list"), OpenServices()),
    (lambda t: t.plain("renew, renewals, renew services"), OpenRenewals(origin=Origin.HOME)),
    (lambda t: t.plain("order, new order, place a new order"), OpenOrder(origin=Origin.HOME)),
    (
        lambda t: t.plain("add-ons, addons, browse available add-ons"),
        OpenAddons(origin=Origin.HOME),
    ),
    (lambda t: t.plain("cart, basket"), OpenCart()),
    (
        lambda t: t.plain("proformas, invoices, payments, payments and proformas"),
        OpenInvoices(),
    ),
    (lambda t: t.plain("costs"), OpenCosts()),
    (lambda t: t.plain("calendar"), OpenCalendar()),
    (lambda t: t.plain("settings"), OpenSettings()),
    (lambda t: t.plain("language"), OpenLanguages()),
    (lambda t: t.plain("help"), OpenHelp()),
    (lambda t: t.plain("offer, prices, our offer and prices"), OpenCatalogue()),
)
"""Each button with its words; commas stand between them."""


def word_in(text: str) -> str:
    """The text as a word of the table: folded, without punctuation and numbers around it."""
    return _AROUND.sub("", fold(text))


def button_of(word: str) -> Payload | None:
    """The button that a word stands for; None for any other text."""
    return _buttons().get(word)


def is_cancel(text: str) -> bool:
    """Whether a text says that a question shall be left."""
    return word_in(text) in _cancel_words()


@cache
def _buttons() -> Mapping[str, Payload]:
    return {
        word_in(word): payload
        for t in _translators()
        for words, payload in WORDS
        for word in words(t).split(",")
    }


@cache
def _cancel_words() -> frozenset[str]:
    return frozenset(word_in(t.plain("Cancel")) for t in _translators())


@cache
def _translators() -> tuple[Translator, ...]:
    return tuple(Translator(language, ZoneInfo("UTC")) for language in available_languages())
