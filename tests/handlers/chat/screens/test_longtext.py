import pytest

from handlers.chat.screens.longtext import fitted
from locales.text import Plain


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_a_text_that_fits_is_left_alone() -> None:
    assert fitted("  Żółw <b> & łódź\n\n1. raz\n", 40) == ("Żółw <b> & łódź\n\n1. raz", False)
    assert fitted("", 5) == ("", False)


def test_a_text_that_is_too_long_ends_between_words() -> None:
    text, cut = fitted("raz dwa trzy cztery pięć", 21)
    assert (text, cut) == ("raz dwa trzy cztery…", True)
    assert type(text) is Plain


def test_one_long_word_is_cut_anywhere() -> None:
    assert fitted("a" * 30 + " b", 10) == ("a" * 9 + "…", True)


@pytest.mark.parametrize("limit", range(2, 14))
def test_emoji_count_as_telegram_counts_them_and_are_never_halved(limit: int) -> None:
    text, cut = fitted("🌬🌬 🌬🌬🌬 🌬🌬", limit)
    assert cut
    assert units(text) <= limit
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert text.encode("utf-8")
