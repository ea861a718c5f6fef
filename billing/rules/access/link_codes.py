"""Codes that link an account, and how they are found in what people send.

Only what has the shape and the alphabet of a code can be a guess; all else is text without one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from billing.rules.names import DASHES, visible

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0/O and 1/I: codes are read aloud and typed by hand."""

CODE_LENGTH = 8
_SIGN = f"[{ALPHABET}{ALPHABET.lower()[8:]}]"
_SHAPE = re.compile(f"{_SIGN}{{4}}-?{_SIGN}{{4}}")
_GAP = f"[ _{DASHES}-]{{0,3}}"
_CANDIDATE = re.compile(
    # A lookahead, so that candidates may overlap: "dane ABCD 2345".
    rf"(?=(?<!\w)(?P<label>(?:c_|(?:kod|code)\w{{0,3}}\W{{1,5}}(?:(?:to|is)\W{{1,5}})?)?)"
    rf"(?P<code>{_SIGN}{{4}}{_GAP}{_SIGN}{{4}})(?!\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    """Something in the shape of a code; a higher `rank` is more likely one."""

    rank: int
    code: str


def code_of(text: str) -> str | None:
    """The code that a text is, in the form in which it was made; None if it is none."""
    return _plain(text) if _SHAPE.fullmatch(text) else None


def hash_code(code: str) -> str:
    """What is stored of a code, also in a draft; case and separators do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(f"panelik-link:{plain}".encode()).hexdigest()


def code_in(text: str, *, is_asked: bool) -> str | None:
    """The code in a message: alone, with separators, or in a sentence; None without one.

    Where a code `is_asked` for, a message of nothing but eight of its signs is one. Elsewhere it
    needs a digit, capital letters or the word "code" before it, for words look alike.
    """
    plain = unicodedata.normalize("NFKC", visible(text))
    if is_asked and _has_shape(whole := _plain(plain)):
        return whole
    best = max(_candidates(plain), key=lambda candidate: candidate.rank, default=None)
    return best.code if best and best.rank else None


def _candidates(text: str) -> Iterator[_Candidate]:
    for match in _CANDIDATE.finditer(text):
        word, code = match["code"], _plain(match["code"])
        if match["label"]:
            yield _Candidate(3, code)
        elif _looks_made(word):
            yield _Candidate(2 if len(word) == CODE_LENGTH else 1, code)


def _looks_made(word: str) -> bool:
    """Whether a word is hardly one that people write."""
    has_digit = any(char.isdigit() for char in word)
    return not word.isdigit() and (has_digit or word.isupper())


def _has_shape(code: str) -> bool:
    return len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)


def _plain(text: str) -> str:
    return "".join(char for char in text.upper() if char.isalnum())
