"""Every screen in every language: Telegram takes it, and nothing in it is left in English."""

import gettext
import re
from pathlib import Path

import pytest

from bot.sandbox.texts.html import parse_html
from handlers.buttons import OpenService, OpenServiceMenu
from handlers.chat.screens.screen import FileScreen, InvoiceScreen, Style
from locales.catalogues import available_languages, catalogue
from locales.negotiation import DEFAULT
from locales.tool.project import Project, load
from locales.translator import Translator
from tests.gallery.__main__ import main
from tests.gallery.pseudo import pseudo
from tests.gallery.reached import NOT_SAMPLED, called_during, screen_functions
from tests.gallery.reached_unknown import NEVER_UNKNOWN, draw, screens_of_services
from tests.gallery.samples import ZONE, Sample, Voice, samples, voices
from tests.handlers.screen_check import (
    CAPTION_LIMIT,
    ROW_LIMIT,
    TEXT_LIMIT,
    problems,
    visible_length,
)

ROOT = Path(__file__).parents[1]


def each_voice() -> list[object]:
    return [pytest.param(voice, id=voice.code) for voice in voices()]


def each_sample(topic: str = "") -> list[object]:
    return [
        pytest.param(sample, id=sample.key.replace(" ", "-"))
        for sample in samples()
        if topic in ("", sample.topic)
    ]


SOON_OF_NOTHING = r"⏳(?! ([0-9]|last day|ostatni dzień|[^\n]+(\n| · )[^\n]*[0-9]))"
"""The sign without a day: on its own line, after a name or on the line below it."""


@pytest.mark.parametrize("sample", each_sample())
@pytest.mark.parametrize("voice", each_voice())
def test_telegram_takes_every_screen_in_every_language(sample: Sample, voice: Voice) -> None:
    shown = sample.draw(voice.t)
    assert problems(shown) == ()
    assert max(map(len, shown.rows), default=0) <= ROW_LIMIT
    if isinstance(shown, InvoiceScreen):
        return
    if isinstance(shown, FileScreen):
        html, limit = shown.caption, CAPTION_LIMIT
    else:
        html, limit = shown.text, TEXT_LIMIT
    text, _ = parse_html(html)
    assert len(text.encode("utf-16-le")) // 2 == visible_length(html) <= limit


@pytest.mark.parametrize("sample", each_sample())
@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_hourglass_marks_what_is_due_soon_and_nothing_else(
    sample: Sample, language: str
) -> None:
    shown = sample.draw(Translator(language, ZONE))
    if isinstance(shown, InvoiceScreen):
        return
    html = shown.caption if isinstance(shown, FileScreen) else shown.text
    # A button that opens a service is marked as the service is.
    labels = (
        button.label
        for row in shown.rows
        for button in row
        if not isinstance(button.action, OpenService | OpenServiceMenu)
    )
    for words in (parse_html(html)[0], *labels):
        assert not re.search(
            r"⏳(?! ([0-9]|last day|ostatni dzień|[^\n]+(\n| · )[^\n]*[0-9]))", words
        )


@pytest.mark.slow
def test_every_screen_has_a_sample() -> None:
    def draw_all() -> None:
        for sample in samples():
            sample.draw(voices()[0].t)

    drawn = called_during(draw_all)
    missing = sorted(
        name
        for name, function in screen_functions().items()
        if function.__code__ not in drawn and name not in NOT_SAMPLED
    )
    assert not missing, f"samples of these belong into tests/gallery: {', '.join(missing)}"


def test_what_needs_no_sample_is_still_there() -> None:
    assert NOT_SAMPLED.keys() <= screen_functions().keys()


class Noted(gettext.NullTranslations):
    """A catalogue that remembers what it was asked for."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._catalogue = catalogue(language)
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return self._catalogue.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add(msgid1)
        return self._catalogue.ngettext(msgid1, msgid2, n)


class Listening(Translator):
    """A translator that remembers the messages it was asked for."""

    __slots__ = ()

    def __init__(self, language: str) -> None:
        super().__init__(language, ZONE)
        self._catalogue = Noted(language)

    @property
    def asked(self) -> set[str]:
        assert isinstance(self._catalogue, Noted)
        return self._catalogue.asked


@pytest.mark.slow
@pytest.mark.parametrize("language", [code for code in available_languages() if code != DEFAULT])
def test_no_screen_says_anything_untranslated(language: str) -> None:
    t = Listening(language)
    for sample in samples():
        sample.draw(t)
    known = load(Project(ROOT).catalogue(language), language)
    translations = {message: known.get(message) for message in t.asked}
    untranslated = {
        message
        for message, found in translations.items()
        if found is None or found.fuzzy or not all(_forms(found.string))
    }
    assert untranslated == set()


def _forms(translation: object) -> tuple[str, ...]:
    return (translation,) if isinstance(translation, str) else tuple(translation)  # type: ignore[arg-type]


def test_the_strange_language_keeps_markup_and_addresses() -> None:
    message = "<b>{name}</b>: send /link to https://hosting.example &amp; wait"
    strange = pseudo(message)
    for kept in ("<b>{name}</b>", " /link ", "https://hosting.example", "&amp;"):
        assert kept in strange
    assert len(pseudo("Services")) >= 1.35 * len("Services")
    assert pseudo("{page} / 12") == "{page} / 12"


@pytest.mark.slow
def test_every_screen_has_words_for_a_price_or_a_due_date_that_is_not_known_yet() -> None:
    screens = screens_of_services()
    drawings = [draw(sample, screens.values()) for sample in samples()]
    missing = set()
    for name, code in screens.items():
        mine = [drawing for drawing in drawings if code in drawing.calls]
        for unknown in {shown for drawing in mine for shown in drawing.shown}:
            if not any(unknown in one.calls[code] and unknown in one.said for one in mine):
                missing.add((name, unknown))
    assert missing == NEVER_UNKNOWN.keys(), "samples belong into tests/gallery/unknown.py"


@pytest.mark.parametrize("sample", each_sample("unknown"))
@pytest.mark.parametrize("voice", each_voice())
def test_nothing_stands_for_what_is_not_known(sample: Sample, voice: Voice) -> None:
    shown = sample.draw(voice.t)
    assert not isinstance(shown, InvoiceScreen)
    text = shown.caption if isinstance(shown, FileScreen) else shown.text
    for words in (text, *(button.label for row in shown.rows for button in row)):
        assert "None" not in words
        assert not re.search(r"(?<![0-9])0[.,]00", words)


@pytest.mark.slow
def test_the_page_is_one_file_with_every_screen(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "gallery.html"
    assert main([str(out)]) == 0
    page = out.read_text("utf-8")
    assert page.count('<div class="wall">') == len(samples()) * len(voices())
    for elsewhere in ("<script", "<link", "<img", "@import", "src="):
        assert elsewhere not in page


def test_at_most_two_buttons_of_a_screen_are_red() -> None:
    red = {
        sample.key: sum(
            button.style is Style.DANGER
            for row in sample.draw(voices()[0].t).rows
            for button in row
        )
        for sample in samples()
    }
    assert {key: count for key, count in red.items() if count > 2} == {}
