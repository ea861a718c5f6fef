import pytest

from handlers.buttons import OpenCart, OpenHelp, OpenServices
from handlers.chat.screens.codec import Payload
from handlers.routes import ROUTES
from handlers.search.typed_words import WORDS, button_of, is_cancel, word_in


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("  KOSZYK!", OpenCart()), ("🛒 Koszyk (2)", OpenCart()), ("„uslugi”", OpenServices()),
        ("usługi.", OpenServices()), ("Pomoc?", OpenHelp()), ("koszyki", None), ("", None),
        ("?!", None), ("add to cart", None),
    ],
)  # fmt: skip
def test_case_accents_and_punctuation_do_not_matter(text: str, payload: Payload | None) -> None:
    assert button_of(word_in(text)) == payload


def test_every_word_has_a_handler() -> None:
    assert {type(payload) for _, payload in WORDS} <= {tap.payload for tap in ROUTES.taps}


@pytest.mark.parametrize(
    ("text", "leaves"),
    [("Anuluj", True), ("cancel!", True), ("(anuluj)", True), ("anuluj to", False), ("", False)],
)
def test_a_question_is_left_by_its_word_in_every_language(text: str, leaves: bool) -> None:
    assert is_cancel(text) is leaves
