"""Names that clients type: domains in any script, pasted addresses, labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.actions.names import LABEL_MAX, check_domain, check_label
from billing.rules.errors import InvalidInputError
from billing.rules.holds import same_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("anna.example", "anna.example"),
        ("  Anna.Example. ", "anna.example"),
        ("żółw.pl", "żółw.pl"),
        ("ŻÓŁW.PL", "żółw.pl"),
        ("xn--w-uga1v8h.pl", "żółw.pl"),
        ("faß.de", "faß.de"),
        ("bücher.example", "bücher.example"),
        ("例え。jp", "例え.jp"),
        ("www.anna.example", "anna.example"),
        ("WwW.anna.example", "anna.example"),
        ("www.pl", "www.pl"),
        ("https://www.anna.example/sklep?a=1#gora", "anna.example"),
        ("HTTP://anna.example", "anna.example"),
        ("ftp://anna.example/", "anna.example"),
        ("anna.example:8080", "anna.example"),
        ("anna.example?x=1", "anna.example"),
        ("a.b.c.anna.example", "a.b.c.anna.example"),
        ("a" * 63 + ".pl", "a" * 63 + ".pl"),
    ],
)
def test_a_domain_is_kept_in_lower_case_unicode(typed: str, kept: str) -> None:
    assert check_domain(typed) == kept
    assert check_domain(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", ".", "..", "localhost", "anna example.pl", "anna@anna.example", "anna..pl",
        "-anna.pl", "anna-.pl", "an_na.pl", "*.anna.pl", "1.2.3.4", "😀.pl", "anna.123",
        "https://", "/oferta", "\u202eanna.pl", "xn--a.pl", "ab--cd.pl",
    ],
)  # fmt: skip
def test_what_is_not_a_domain_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_domain(typed)
    assert refused.value.code == "not_a_domain"


@pytest.mark.parametrize(
    ("typed", "limit"), [("a" * 64 + ".pl", 63), ("abc." * 70 + "pl", 253), ("a" * 5000, 253)]
)
def test_a_domain_that_is_too_long_says_so(typed: str, limit: int) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_domain(typed)
    assert (refused.value.code, refused.value.params["limit"]) == ("name_too_long", limit)


@given(st.text(max_size=80))
def test_a_domain_is_kept_or_refused_whatever_is_typed(typed: str) -> None:
    try:
        kept = check_domain(typed)
    except InvalidInputError:
        return
    assert check_domain(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Sklep   Anny ", "Sklep Anny"),
        ("Zażółć\tgęślą\njaźń", "Zażółć gęślą jaźń"),
        ("o\u0301", "ó"),
        ("👩\u200d💻 blog", "👩\u200d💻 blog"),
        ("x" * LABEL_MAX, "x" * LABEL_MAX),
    ],
)
def test_a_label_is_kept_with_single_spaces(typed: str, kept: str) -> None:
    assert check_label(typed) == kept


@pytest.mark.parametrize("typed", ["", "  \n ", "\u200d", "\x07", "a\x00b", "\u202eabc", "\ue000"])
def test_a_label_that_nobody_could_read_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_label(typed)
    assert refused.value.code == "label_empty"


def test_a_label_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_label("x" * (LABEL_MAX + 1))
    assert (refused.value.code, refused.value.params["limit"]) == ("label_too_long", LABEL_MAX)


def test_names_are_the_same_to_a_person_whatever_their_case() -> None:
    assert same_name("Anna.EXAMPLE", "anna.example")
    assert not same_name("anna.example", "hanna.example")
