import pytest

from locales.catalogues import available_languages, language_name, negotiate
from locales.negotiation import choose, fallbacks

AVAILABLE = ("en", "nb", "pl", "pt_BR", "sr", "zh_Hans", "zh_Hant")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("pl", "pl"),
        ("PL", "pl"),
        ("pl-PL", "pl"),
        ("pt-br", "pt_BR"),
        ("pt", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("en-US", "en"),
        ("no", "nb"),
        ("zh", "zh_Hans"),
        ("zh-hans", "zh_Hans"),
        ("zh-TW", "zh_Hant"),
        ("zh-HK", "zh_Hant"),
        ("zh-Hans-HK", "zh_Hans"),
        ("sr", "sr"),
        ("sr-Latn", "en"),
        ("xx", "en"),
        ("", "en"),
        ("-", "en"),
        ("pl\n; drop", "en"),
    ],
)
def test_a_wish_is_served_by_the_closest_language(wanted: str, language: str) -> None:
    assert choose([wanted], AVAILABLE) == language


def test_the_own_territory_wins_over_the_general_form() -> None:
    assert choose(["pt-BR"], ("en", "pt", "pt_BR")) == "pt_BR"
    assert choose(["pt-AO"], ("en", "pt", "pt_BR")) == "pt"


def test_the_first_wish_that_can_be_served_wins() -> None:
    assert negotiate("pl", "en", "de") == "pl"
    assert negotiate(None, "pl", "en") == "pl"
    assert negotiate("de", None, "pl-PL") == "pl"
    assert negotiate(None, None, None) == "en"
    assert negotiate() == "en"


def test_a_catalogue_falls_back_to_broader_forms_and_then_english() -> None:
    assert fallbacks("pt_BR", ("en", "pt", "pt_BR")) == ("pt_BR", "pt", "en")
    assert fallbacks("pt_BR", ("en", "pt_BR", "pt_PT")) == ("pt_BR", "en")
    assert fallbacks("zh_Hant_TW", ("en", "zh", "zh_Hant", "zh_Hant_TW")) == (
        "zh_Hant_TW",
        "zh_Hant",
        "en",
    )
    assert fallbacks("en", ("en", "pl")) == ("en",)


def test_the_languages_are_those_of_the_folder_and_say_their_own_names() -> None:
    assert {"en", "pl"} <= set(available_languages())
    assert language_name("pl") == "Polski"
    assert language_name("en") == "English"
