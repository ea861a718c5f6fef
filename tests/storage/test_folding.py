import pytest

from billing.rules.folding import fold
from billing.rules.names import name_key
from storage.folding import (
    ascii_domain,
    domain_key,
    search_term,
    search_text,
    sort_key,
    unicode_domain,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Żółta   ŁÓDŹ ", "zolta lodz"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("e\u0301", "e"),
        ("ﬁrma", "firma"),
        ("Sklep\u00ad Anny\u200e", "sklep anny"),
        ("Anna’s „blog” – nowy", 'anna\'s "blog" - nowy'),
        ("❤\ufe0f", "❤"),
    ],
)
def test_folding_forgets_case_accents_and_spaces(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_domain_has_a_form_for_people_and_one_for_the_network() -> None:
    assert ascii_domain("Żółw.PL") == "xn--w-uga1v8h.pl"
    assert unicode_domain("xn--w-uga1v8h.pl") == "żółw.pl"


@pytest.mark.parametrize("text", ["", "not a domain!", "a..b", "x" * 300])
def test_an_invalid_domain_stays_unchanged(text: str) -> None:
    assert ascii_domain(text) == text
    assert unicode_domain(text) == text


def test_a_service_is_searched_by_label_name_and_both_forms_of_its_domain() -> None:
    found = search_text(label="Sklep żony", name="Hosting Łódź", domain="Żółw.pl")
    assert found.splitlines() == ["sklep zony", "hosting lodz", "zolw.pl", "xn--w-uga1v8h.pl"]


def test_polish_letters_sort_after_their_base_and_numbers_by_value() -> None:
    names = ["vps 10", "Łódź", "las", "lz", "Ćma", "cz", "żuk", "źrebię", "zz", "vps 2", "damy"]
    ordered = sorted(names, key=lambda name: sort_key(name, ""))
    assert ordered == [
        "cz", "Ćma", "damy", "las", "lz", "Łódź", "vps 2", "vps 10", "zz", "źrebię", "żuk",
    ]  # fmt: skip


def test_equal_titles_sort_by_domain() -> None:
    assert sort_key("Hosting", "a.pl") < sort_key("hosting", "b.pl")
    assert sort_key("Hosting", "z.pl") < sort_key("Hosting plus", "a.pl")


def test_labels_are_compared_without_case() -> None:
    assert name_key("  SKLEP Żony") == name_key("sklep żony")
    assert name_key("Anna’s\u200b blog") == name_key("Anna's blog")


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("ŻÓŁW.pl", "zolw.pl"),
        ("XN--W-UGA1V8H.PL", "xn--w-uga1v8h.pl"),
        ("faß.de", "fass.de"),
        ("Żół", "zol"),
        ("例え.jp", "例え.jp"),
    ],
)
def test_a_word_of_a_search_has_a_form_that_stands_in_the_text(word: str, term: str) -> None:
    assert search_term(word) == term
    text = search_text(label="Żół", name="", domain=word if "." in word else "")
    assert term in text


@pytest.mark.parametrize(
    "loaded",
    ["back.example", "Back.Example.", "https://www.back.example/panel", "back\u200e.example"],
)
def test_a_domain_is_recognised_however_it_was_loaded(loaded: str) -> None:
    assert domain_key(loaded) == "back.example"
