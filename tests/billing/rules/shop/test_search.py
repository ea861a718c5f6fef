import pytest

from billing.rules.shop.search import CatalogHits, find_by_description, find_by_name, is_question
from tests.make import addon, catalog, product, topic

VPS = product(
    "vps", name={"pl": "Serwer Wiatr", "en": "Wind server"}, description={"pl": "Dyski."}
)
SSL = addon("ssl", number=2, name={"pl": "Certyfikat SSL"}, features={"pl": ("Zielona kłódka",)})
MAIL = topic(title={"pl": "Poczta w telefonie"}, body={"pl": "Wpisz nazwę serwera."})
CATALOG = catalog(VPS, SSL, topics=(MAIL,))


@pytest.mark.parametrize("text", ["wiatr", "WIATR serwer", "wind", "„serwer”, wiatr"])
def test_every_word_is_in_a_name_of_one_language(text: str) -> None:
    assert find_by_name(CATALOG, text, "PLN") == CatalogHits((VPS,))


@pytest.mark.parametrize("text", ["wiatr ssl", "wind wiatr", "dyski", "", "w", "%"])
def test_other_words_find_nothing(text: str) -> None:
    assert len(find_by_name(CATALOG, text, "PLN")) == 0


def test_descriptions_features_and_guides_are_searched_next() -> None:
    assert find_by_description(CATALOG, "dyski", "PLN") == CatalogHits((VPS,))
    assert find_by_description(CATALOG, "zielona klodka", "PLN") == CatalogHits(addons=(SSL,))
    found = find_by_description(CATALOG, "serwera", "PLN")
    assert found == CatalogHits(topics=(MAIL,))


def test_what_is_not_offered_is_not_found() -> None:
    assert find_by_name(CATALOG, "wiatr", "EUR") == CatalogHits()
    assert find_by_name(CATALOG, "wiatr", None) == CatalogHits()
    assert find_by_name(CATALOG, "poczta", None) == CatalogHits(topics=(MAIL,))


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("działa?", True),
        ("moja strona jest bardzo wolna", True),
        ("moja strona jest wolna", False),
        ("vps", False),
        ("", False),
    ],
)
def test_a_question_mark_or_more_than_four_words_make_a_question(text: str, asks: bool) -> None:
    assert is_question(text) is asks
