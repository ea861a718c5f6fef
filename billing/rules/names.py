"""What people type, as it is read: names, domains, the words of a search.

Orders, searches and comparisons use the same rules, so that a search finds what an order
accepts. Marks that nobody sees come with what is pasted: from web pages, from messengers, from
keyboards that write in both directions.
"""

import re
import unicodedata

_INVISIBLE = (
    # Controls but the white space among them, and what is no character at all.
    "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"
    # The property Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt). It names
    # whole ranges, so it also holds for characters that Python's tables do not know yet.
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_BLANK = re.compile("\u2800")
"""Braille without a dot: seen as a space, but not one to Python."""

_MARKS = re.compile(f"[{_INVISIBLE}]")

# What makes another picture or letter of its neighbours: the tags of a flag such as England's,
# the choice between text and picture, joiners (not between letters of the Latin alphabet, where
# they do nothing).
_NEEDED = (
    "\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"
    f"|(?<=[^\\x00-\\x22\\x24-\\x29\\x2b-\\x2f\\x3a-\\x7f\\s{_INVISIBLE}])[\ufe0e\ufe0f]"
    f"|(?<=[\ufe0e\ufe0f]|[^\\x00-\\x7f\\s{_INVISIBLE}])[\u200c\u200d](?=[^\\x00-\\x7f\\s{_INVISIBLE}])"
)
_NEEDLESS = re.compile(f"({_NEEDED})|[{_INVISIBLE}]")

APOSTROPHES = "\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\uff07"
QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
STRAIGHT = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys(QUOTES, '"'),
        **dict.fromkeys(DASHES, "-"),
    }
)
"""Phones make typographic marks of those that keyboards have."""

_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))
"""The full stops that stand between the parts of a domain (UTS 46)."""

_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|mailto:)", re.IGNORECASE)
_REST = re.compile(r"[/\\?#].*$", re.DOTALL)
_PORT = re.compile(r":\d*$")
_WWW = re.compile(r"^www\.(?=[^.]+\.)", re.IGNORECASE)
_EMAIL = re.compile(r"(?:mailto:)?[^\s@/:?#]+@(?P<host>[^\s@/?#]+\.[^\s@/?#]+)", re.IGNORECASE)

AROUND = "\"'(){}[]<>,;!|\u00b7\u2022\u2026\u2039\u203a" + APOSTROPHES + QUOTES
BEHIND = AROUND + ".?:"
MOST_WORDS = 8
"""Words of a search that count; each is one more condition of its query."""


def visible(text: str) -> str:
    """Drop what nobody sees and make single spaces, to compare and to search."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_BLANK.sub(" ", _MARKS.sub("", text)).split())


def tidy(text: str) -> str:
    """The same, but with the marks that emoji and some scripts are spelt with; in NFC."""
    clean = _NEEDLESS.sub(lambda mark: mark[1] or "", text)
    return " ".join(_BLANK.sub(" ", unicodedata.normalize("NFC", clean)).split())


def can_be_seen(text: str) -> bool:
    """Whether anything of a tidy text shows: a letter, a digit, a sign or an emoji.

    Emoji newer than Python's tables have no category yet (Cn).
    """
    kinds = {unicodedata.category(char) for char in _MARKS.sub("", text)}
    return any(kind[0] in "LNPS" or kind == "Cn" for kind in kinds)


def name_key(text: str) -> str:
    """A label or domain as it counts when two are compared."""
    return unicodedata.normalize("NFKC", visible(text).translate(STRAIGHT)).casefold().strip()


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a person."""
    return name_key(one) == name_key(other)


def host_of(text: str) -> str:
    """The host of an address or e-mail that was pasted; other text stays as it is.

    A scheme, a user, "www.", a port, a path and a final dot are taken off.
    """
    bare = text.strip().translate(_DOTS)
    host = _REST.sub("", _SCHEME.sub("", bare)).rpartition("@")[2]
    return _WWW.sub("", _PORT.sub("", host).rstrip("."))


def email_host(text: str) -> str | None:
    """The domain of an e-mail address; None if the text is no such address."""
    match = _EMAIL.fullmatch(visible(text).strip(BEHIND))
    return _PORT.sub("", match["host"]).rstrip(".") if match else None


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, each of which has to be found: addresses by their host.

    What consists of nothing but punctuation is one word as it stands.
    """
    plain = visible(text)
    words = dict.fromkeys(word for part in plain.split() if _says(word := _word(part)))
    return tuple(words)[:MOST_WORDS] or ((plain,) if plain else ())


def _word(part: str) -> str:
    bare = part.lstrip(AROUND).rstrip(BEHIND)
    host = host_of(bare)
    return host if "." in host.strip(".") else bare


def _says(word: str) -> bool:
    """Whether a word is more than punctuation between others."""
    return any(unicodedata.category(char)[0] != "P" for char in word)
