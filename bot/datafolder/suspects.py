"""Leftovers of other programs in exports: words for "empty", HTML, invisible characters."""

import re
import unicodedata

NOTHING = frozenset({
    "null", "\\n", "n/a", "n.a.", "#n/a", "#ref!", "#value!", "#name?", "#null!", "#div/0!",
    "none", "nil", "nan", "undefined", "(null)", "[null]", "<null>", "-", "--", "?",
})  # fmt: skip
"""Words by which programs mark a missing value, in small letters."""

ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
LOST = "\N{REPLACEMENT CHARACTER}"
UNSEEN = frozenset({
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0,
    *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
})  # fmt: skip
"""Invisible characters that Unicode counts among letters, marks or symbols."""

UNSEEN_KINDS = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp", "Zs"})


def is_nothing(text: str) -> bool:
    """Return whether the text marks a missing value."""
    return text.lower() in NOTHING


def invisible_in(text: str) -> str | None:
    """Return the first invisible character, written like U+200B, or None."""
    if text.isascii():
        return None
    for character in text:
        kind = unicodedata.category(character)
        if ord(character) in UNSEEN or (kind in UNSEEN_KINDS and character != " "):
            return f"U+{ord(character):04X}"
    return None


def suspicion(text: str) -> str | None:
    """Say what is odd about a text that is loaded all the same, or None."""
    if is_nothing(text):
        return f'"{text}" is what other programs write for nothing; should it be empty?'
    if "&" in text and (entity := ENTITY.search(text)):
        return f'"{entity[0]}" is HTML; should it be the character itself?'
    if LOST in text:
        return "a character was lost when the file was written (U+FFFD)"
    return None
