import pytest

from storage.folding import ascii_domain, fold, name_key, search_text, sort_key, unicode_domain


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Żółta   ŁÓDŹ ", "zolta lodz"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("e\u0301", "e"),
        ("ﬁrma", "firma"),
    ],
)
def test_folding_forgets_case_accents_and_spaces(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_domain_has_a_form_for_people_and_one_for_the_network() -> None:
    assert ascii_domain("Żółw.PL") == "xn--w-uga1v8h.pl"
    assert unicode_domain("xn--w-uga1v8h.pl") == "żółw.pl"


@pytest.mark.parametrize("text", ["", "not a domain!", "a..b", "x" * 300])
def test_what_is_no_domain_stays_as_it_is(text: str) -> None:
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
