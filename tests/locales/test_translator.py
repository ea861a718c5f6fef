import datetime as dt
import logging
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from locales import translator as module
from locales.catalogues import compiled
from locales.text import Plain
from locales.translator import Translator

WARSAW = ZoneInfo("Europe/Warsaw")
NBSP = "\u00a0"


def speaking(po: str, language: str = "pl") -> Translator:
    """A translator whose catalogue is the given `.po` text."""
    t = Translator(language, WARSAW)
    t._catalogue = compiled(po.encode(), language)
    return t


@pytest.fixture
def pl() -> Translator:
    return Translator("pl", WARSAW)


@pytest.fixture
def en() -> Translator:
    return Translator("en", WARSAW)


SERVICES = """
msgid "{n} service"
msgid_plural "{n} services"
msgstr[0] "{n} usługa"
msgstr[1] "{n} usługi"
msgstr[2] "{n} usług"
"""


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 usług"),
        (1, "1 usługa"),
        (2, "2 usługi"),
        (5, "5 usług"),
        (12, "12 usług"),
        (22, "22 usługi"),
        (25, "25 usług"),
        (112, "112 usług"),
        (12_345, f"12{NBSP}345 usług"),
    ],
)
def test_polish_has_three_plurals_and_groups_large_numbers(n: int, said: str) -> None:
    t = speaking(SERVICES)
    assert t.n("{n} service", "{n} services", n) == said


def test_a_plural_becomes_plain_text_for_a_button(pl: Translator) -> None:
    label = pl.text(pl.n("<b>{n}</b> x &amp; y", "<b>{n}</b> x &amp; y", 5))
    assert label == "5 x & y"
    assert isinstance(label, Plain)
    assert not isinstance(label, Markup)


def test_arguments_are_escaped_once_and_markup_nests(en: Translator) -> None:
    inner = en("<b>{name}</b>", name="Tom & <Co>")
    assert inner == Markup("<b>Tom &amp; &lt;Co&gt;</b>")
    assert en("Hello {who}!", who=inner) == Markup("Hello <b>Tom &amp; &lt;Co&gt;</b>!")


def test_plain_text_keeps_signs_and_drops_the_tags_of_markup(en: Translator) -> None:
    assert en.plain("{name} & co", name="<Tom>") == "<Tom> & co"
    assert en.plain("Hello {who}", who=Markup("<b>A &amp; B</b>")) == "Hello A & B"


def test_plain_text_inside_html_is_escaped(en: Translator) -> None:
    assert en("{label}", label=en.plain("Terms & conditions")) == "Terms &amp; conditions"


def test_plain_text_keeps_line_breaks_and_hard_spaces() -> None:
    assert Plain.of(Markup("<b>a</b>\n1\u00a0zł")) == f"a\n1{NBSP}zł"


@pytest.mark.parametrize("broken", ["Termin {dta}", "Termin {date", "Termin {date.year}"])
def test_a_broken_translation_falls_back_to_the_source_and_is_logged_once(
    broken: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_reported", set())
    t = speaking(f'msgid "Due {{date}}"\nmsgstr "{broken}"\n')
    with caplog.at_level(logging.ERROR):
        said = [t("Due {date}", date="<3 Mar>") for _ in range(3)]
    assert said == [Markup("Due &lt;3 Mar&gt;")] * 3
    assert len(caplog.records) == 1


def test_a_placeholder_never_reads_an_attribute() -> None:
    t = speaking('msgid "Hello {user}"\nmsgstr "Cześć {user.secret}"\n')
    assert t("Hello {user}", user="Anna") == "Hello Anna"


def test_a_missing_argument_leaves_the_placeholder_visible(en: Translator) -> None:
    message = "Due {date}"
    assert en(message) == "Due {date}"


@pytest.mark.parametrize(
    ("days", "polish", "english"),
    [
        (-3, "3 dni temu", "3 days ago"),
        (-1, "wczoraj", "yesterday"),
        (0, "dzisiaj", "today"),
        (1, "jutro", "tomorrow"),
        (2, "za 2 dni", "in 2 days"),
        (12, "za 12 dni", "in 12 days"),
        (22, "za 22 dni", "in 22 days"),
    ],
)
def test_distance_in_days(
    days: int, polish: str, english: str, pl: Translator, en: Translator
) -> None:
    assert pl.in_days(days) == polish
    assert en.in_days(days) == english


def test_an_instant_is_shown_in_the_translators_zone(pl: Translator) -> None:
    late = dt.datetime(2027, 3, 3, 23, 30, tzinfo=dt.UTC)
    assert pl.instant(late) == "4 mar 2027, 00:30"
    assert Translator("en", ZoneInfo("America/New_York")).instant(late) == "3 Mar 2027, 18:30"


def test_a_naive_instant_is_refused(pl: Translator) -> None:
    with pytest.raises(ValueError, match="time zone"):
        pl.instant(dt.datetime(2027, 3, 3))  # noqa: DTZ001 - the mistake under test


def test_dates_in_words(pl: Translator, en: Translator) -> None:
    day = dt.date(2027, 3, 3)
    assert [pl.date(day), en.date(day)] == ["3 mar 2027", "3 Mar 2027"]
    assert [pl.month(day), en.month(day)] == ["marzec 2027", "March 2027"]
    assert [pl.short_month(day), en.short_month(day)] == ["mar 2027", "Mar 2027"]


def test_what_the_translator_returns_is_plain_text(pl: Translator) -> None:
    said = [pl.date(dt.date(2027, 3, 3)), pl.number(1), pl.percent(2300), pl.in_days(5)]
    assert all(type(text) is Plain for text in said)
