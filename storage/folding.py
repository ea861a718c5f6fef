"""Forms of text for searching, sorting and comparing, computed here for all databases.

SQLite's LIKE does not match Ż with ż and sorts Ś after ć; PostgreSQL follows its locale. So every
store keeps these forms in columns of their own, and both find and order the same.
"""

import re
import unicodedata

import idna

from billing.rules.folding import LETTERS, fold
from billing.rules.names import host_of, visible

# The last code point, above all letters, sorts a Polish letter after its base: l, lz, ł, łz.
POLISH = str.maketrans(
    {"ą": "a{", "ć": "c{", "ę": "e{", "ł": "l{", "ń": "n{", "ó": "o{", "ś": "s{", "ź": "z{",
     "ż": "z|"}
)  # fmt: skip

LONGEST_KEY = 200
"""Most characters of a sort key, because the length of an index entry is limited."""


def ascii_domain(domain: str) -> str:
    """The form of a domain in the DNS (xn--…), or just lowercase if there is none."""
    plain = visible(domain).casefold()
    if plain.isascii():
        return plain
    try:
        return idna.encode(plain.rstrip("."), uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return plain


def unicode_domain(domain: str) -> str:
    """The readable form of a domain, or just lowercase if there is none."""
    plain = visible(domain).casefold()
    if plain.isascii() and "xn--" not in plain:
        return plain
    try:
        return idna.decode(ascii_domain(plain))
    except (idna.IDNAError, UnicodeError):
        return plain


def search_text(*, label: str, name: str, domain: str) -> str:
    """The folded texts by which a service is found, one per line; a domain in both forms."""
    parts = (fold(label), fold(name), fold(unicode_domain(domain)), ascii_domain(domain))
    return "\n".join(dict.fromkeys(part for part in parts if part))


def client_search_text(*, ref: str, name: str, email: str) -> str:
    """The folded texts by which staff find a client, one per line."""
    return "\n".join(dict.fromkeys(part for part in (fold(ref), fold(name), fold(email)) if part))


def search_term(word: str) -> str:
    """A word of a search in the form of `search_text`: folded, a domain in its readable form.

    A part of a domain's DNS form (xn--…) is found in that form.
    """
    return fold(unicode_domain(word) if "." in word and not word.isascii() else word)


def domain_key(domain: str) -> str:
    """The form in which two domains are compared, also if a whole address was loaded."""
    return ascii_domain(host_of(visible(domain)))


def sort_key(title: str, domain: str) -> str:
    """A key that orders by title, then domain: Polish letters in place, numbers by value."""
    text = unicodedata.normalize("NFC", f"{title}\t{unicode_domain(domain)}".casefold())
    polish = text.translate(POLISH)
    return re.sub(r"\d+", lambda digits: digits[0].zfill(9), fold_marks(polish))[:LONGEST_KEY]


def fold_marks(text: str) -> str:
    """Remove accents and fold marks; tabs and spaces stay."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return "".join(c for c in parts if not unicodedata.combining(c))
