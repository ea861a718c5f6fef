"""The form of a text in which words are compared, whatever case and accents people type."""

import unicodedata

from billing.rules.names import STRAIGHT, visible

LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "þ": "th",
     "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ħ": "h", "ı": "i"}
)  # fmt: skip
"""Letters with a stroke, and ligatures, which Unicode does not decompose."""


def fold(text: str) -> str:
    """Remove case, accents, repeated spaces and invisible marks: "zolta lodz".

    Typographic apostrophes, quotation marks and dashes become those of a keyboard.
    """
    plain = visible(text).translate(STRAIGHT)
    if plain.isascii():
        return plain.casefold()
    parts = unicodedata.normalize("NFKD", plain.translate(LETTERS).casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())
