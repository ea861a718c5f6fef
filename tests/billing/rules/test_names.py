"""Marks that nobody sees, addresses that were pasted, the words of a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.names import (
    MOST_WORDS,
    can_be_seen,
    email_host,
    host_of,
    search_words,
    tidy,
    visible,
)


@pytest.mark.parametrize(
    "mark",
    [
        "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202e", "\u2060",
        "\u2066", "\u2069", "\ufeff", "\ufe0f", "\u3164", "\u034f", "\x00", "\x7f", "\U000e0067",
    ],
)  # fmt: skip
def test_marks_that_nobody_sees_are_dropped_wherever_they_stand(mark: str) -> None:
    assert visible(f"{mark}back{mark}.example {mark} {mark}") == "back.example"
    assert tidy(f"{mark}back{mark}.example{mark}") == "back.example"


@given(st.text(max_size=40))
def test_tidying_again_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert can_be_seen(once) == can_be_seen(text)


@pytest.mark.parametrize(
    ("pasted", "host"),
    [
        ("back.example", "back.example"),
        ("back.example.", "back.example"),
        ("https://back.example", "back.example"),
        ("HTTPS://WWW.back.example/panel?id=7#top", "back.example"),
        ("back.example:8443/panel", "back.example"),
        ("http://ola:haslo@back.example:80", "back.example"),
        ("ftp://back.example\\x", "back.example"),
        ("back。example", "back.example"),
        ("www.pl", "www.pl"),
        ("Hosting", "Hosting"),
    ],
)
def test_an_address_is_read_by_its_host(pasted: str, host: str) -> None:
    assert host_of(pasted) == host


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("ola@back.example", "back.example"),
        ("<ola@back.example>,", "back.example"),
        ("mailto:ola@back.example", "back.example"),
        ("o\u200bla@back.example", "back.example"),
        ("ola@back", None),
        ("back.example", None),
        ("https://ola@back.example", None),
        ("ola back@example.pl", None),
    ],
)
def test_an_e_mail_address_is_told_from_others(typed: str, host: str | None) -> None:
    assert email_host(typed) == host


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("hosting", ("hosting",)),
        ("Hosting Cumulus · back.example", ("Hosting", "Cumulus", "back.example")),
        ("back.example (hosting)", ("back.example", "hosting")),
        ("„back.example”, hosting", ("back.example", "hosting")),
        ("https://back.example/panel ola@back.example", ("back.example",)),
        ("Hosting - back.example", ("Hosting", "back.example")),
        ("24/7 C# C++ @ola", ("24/7", "C#", "C++", "@ola")),
        ("Dr. Nowak", ("Dr", "Nowak")),
        (".pl", (".pl",)),
        ("%", ("%",)),
        ("_ -", ("_ -",)),
        ("\u200b", ()),
        ("", ()),
    ],
)
def test_a_search_is_read_as_words(typed: str, words: tuple[str, ...]) -> None:
    assert search_words(typed) == words


def test_a_long_search_has_an_end() -> None:
    assert len(search_words(" ".join(f"s{n}" for n in range(100)))) == MOST_WORDS
