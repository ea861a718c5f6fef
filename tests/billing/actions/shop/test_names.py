"""Names that clients type: domains in any script, pasted addresses, labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.actions.shop.names import (
    LABEL_MAX,
    check_domain,
    check_ending,
    check_label,
    clean_name,
    ending_choices,
)
from billing.rules.errors import InvalidInputError
from billing.rules.names import same_name
from billing.rules.shop.catalog import NameKind, Product
from tests.make import product

LONGEST = "abcdefg." * 31 + "co.pl"
"""A domain of 253 characters, the most there can be."""

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


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
        ("anna\u200e.example", "anna.example"),
        ("\ufeffanna.exam\u00adple\u200b", "anna.example"),
        ("\u202eanna.pl", "anna.pl"),
        ("https://anna:haslo@www.anna.example:8443/", "anna.example"),
        ("anna．example", "anna.example"),
        ("نامه\u200cای.com", "نامه\u200cای.com"),
        ("a" * 63 + ".pl", "a" * 63 + ".pl"),
        (LONGEST, LONGEST),
    ],
)
def test_a_domain_is_kept_in_lower_case_unicode(typed: str, kept: str) -> None:
    assert check_domain(typed) == kept
    assert check_domain(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", ".", "..", "localhost", "anna example.pl", "anna..pl", "\u200e",
        "-anna.pl", "anna-.pl", "an_na.pl", "*.anna.pl", "1.2.3.4", "😀.pl", "anna.123",
        "https://", "/oferta", "xn--a.pl", "ab--cd.pl",
    ],
)  # fmt: skip
def test_what_is_not_a_domain_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_domain(typed)
    assert refused.value.code == "not_a_domain"


@pytest.mark.parametrize(
    "typed", ["ola@back.example", " <Ola@Back.Example> ", "mailto:ola@back.example"]
)
def test_an_e_mail_address_is_refused_as_what_it_is(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_domain(typed)
    assert refused.value.code == "email_address"
    assert str(refused.value.params["text"]).casefold() == "back.example"


@pytest.mark.parametrize(
    ("typed", "limit"), [("a" * 64 + ".pl", 63), ("abc." * 70 + "pl", 253), ("a" * 5000, 253)]
)
def test_a_domain_that_is_too_long_says_so(typed: str, limit: int) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_domain(typed)
    assert (refused.value.code, refused.value.params["limit"]) == ("name_too_long", limit)


@pytest.mark.slow
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
        ("Sklep\u200b", "Sklep"),
        ("Sklep\u200e", "Sklep"),
        ("\ufeffSklep\u00ad Anny\u3164", "Sklep Anny"),
        ("\u202eabc", "abc"),
        ("a\x00b", "ab"),
        ("Anna’s", "Anna’s"),
        ("\U0001fae9", "\U0001fae9"),  # newer than the tables of Python 3.11
        ("\U0001fa77 blog", "\U0001fa77 blog"),
        (ENGLAND, ENGLAND),
        (f"{ENGLAND} shop", f"{ENGLAND} shop"),
        ("\U000e0067sklep\U000e007f", "sklep"),
        ("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("skl\u200dep\u200d", "sklep"),
        ("skl\ufe0fep", "sklep"),
    ],
)
def test_a_label_is_kept_with_single_spaces(typed: str, kept: str) -> None:
    assert check_label(typed) == kept
    assert check_label(kept) == kept


@pytest.mark.parametrize("typed", ["", "  \n "])
def test_a_label_that_is_empty_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_label(typed)
    assert refused.value.code == "label_empty"


@pytest.mark.parametrize(
    "typed",
    [
        "\u200d", "\x07", "\ue000", "\u3164", "\u3164 \u3164", "\uffa0", "\u115f", "\u2800",
        "\u034f", "\u2063", "\ufe0f", "\u0301", "\U000e0067", "\ufffe",
    ],
)  # fmt: skip
def test_a_label_that_nobody_could_see_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_label(typed)
    assert refused.value.code == "label_unseen"


@pytest.mark.slow
@given(st.text(max_size=30))
def test_a_label_is_kept_or_refused_whatever_is_typed(typed: str) -> None:
    try:
        kept = check_label(typed)
    except InvalidInputError:
        return
    assert check_label(kept) == kept
    kept.encode()


def test_a_label_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_label("x" * (LABEL_MAX + 1))
    assert (refused.value.code, refused.value.params["limit"]) == ("label_too_long", LABEL_MAX)


def test_names_are_the_same_to_a_person_whatever_their_case() -> None:
    assert same_name("Anna.EXAMPLE", "anna.example")
    assert not same_name("anna.example", "hanna.example")
    assert same_name("Anna’s blog", "Anna's\u200b Blog")


POLISH = product(asks_for=NameKind.DOMAIN, domain_endings=("pl", "com.pl"))
RUSSIAN = product(asks_for=NameKind.DOMAIN, domain_endings=("рф",))
ANY = product(asks_for=NameKind.DOMAIN)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("pl", "pl"), (".PL", "pl"), ("com.pl", "com.pl"), ("рф", "рф"), ("xn--p1ai", "рф")],
)
def test_an_ending_may_be_written_in_any_form(written: str, kept: str) -> None:
    assert check_ending(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", ".", "..pl", "p l", "*.pl", "a/b", "https://pl", "pl:8080", "x@y.pl", "1", "pl."],
)
def test_an_invalid_ending_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError):
        check_ending(written)


@pytest.mark.parametrize(
    ("chosen", "typed", "kept"),
    [
        (POLISH, "kwiaty.pl", "kwiaty.pl"),
        (POLISH, "https://www.KWIATY.com.pl/", "kwiaty.com.pl"),
        (POLISH, "żółw.pl", "żółw.pl"),
        (RUSSIAN, "цветы", "цветы.рф"),
        (RUSSIAN, "Цветы.", "цветы.рф"),
        (RUSSIAN, "xn--b1ag3bn2a.xn--p1ai", "цветы.рф"),
        (RUSSIAN, "kwiaty", "kwiaty.рф"),
        (ANY, "kwiaty.com", "kwiaty.com"),
        (product(), "kwiaty", "kwiaty"),
    ],
)
def test_a_product_takes_names_with_its_endings(chosen: Product, typed: str, kept: str) -> None:
    assert clean_name(chosen, typed) == kept


@pytest.mark.parametrize(
    ("chosen", "typed", "code"),
    [
        (POLISH, "kwiaty.com", "wrong_ending"),
        (POLISH, "kwiaty.pl.com", "wrong_ending"),
        (POLISH, "sklep.kwiaty.pl", "subdomain"),
        (POLISH, "com.pl", "subdomain"),
        (POLISH, "kwiaty", "which_ending"),
        (POLISH, "kwi aty", "not_a_domain"),
        (POLISH, "ola@kwiaty.pl", "email_address"),
        (RUSSIAN, "kwi_aty", "not_a_domain"),
        (RUSSIAN, "x" * 64, "name_too_long"),
        (ANY, "kwiaty", "not_a_domain"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_ending(
    chosen: Product, typed: str, code: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        clean_name(chosen, typed)
    assert refused.value.code == code
    if code in {"wrong_ending", "subdomain"}:
        assert refused.value.params["endings"] == ("pl", "com.pl")


def test_a_name_without_its_ending_may_mean_several_domains() -> None:
    assert ending_choices(POLISH, " www.Żółw ") == ()
    assert ending_choices(POLISH, " Żółw ") == ("żółw.pl", "żółw.com.pl")
    assert ending_choices(RUSSIAN, "цветы") == ("цветы.рф",)
    assert ending_choices(ANY, "kwiaty") == ()
    assert ending_choices(POLISH, "ola@kwiaty.pl") == ()
