"""Checking the names clients type: internationalised domains and plain labels."""

import re
import unicodedata

import idna

from billing.rules.errors import InvalidInputError

LABEL_MAX = 60
DOMAIN_MAX = 253
"""Longest domain, and its longest part, in ASCII form (RFC 1035)."""
PART_MAX = 63

QUOTED = 80
"""So much of what was typed is repeated in the answer."""

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_REST = re.compile(r"[/?#:].*$", re.DOTALL)
_WWW = re.compile(r"^www\.(?=[^.]+\.)", re.IGNORECASE)

JOINERS = "\u200c\u200d"
"""Invisible, but some scripts and emoji are spelt with them."""


def check_domain(typed: str) -> str:
    """The domain in lower-case Unicode (IDNA 2008); InvalidInputError if it is not one.

    People paste addresses: a scheme, "www.", a port, a path and a final dot are taken off.
    """
    text = _REST.sub("", _SCHEME.sub("", typed.strip())).rstrip(".")
    text = _WWW.sub("", text)
    if len(text) > DOMAIN_MAX:
        raise InvalidInputError("name_too_long", limit=DOMAIN_MAX)
    if max(map(len, text.split("."))) > PART_MAX:
        raise InvalidInputError("name_too_long", limit=PART_MAX)
    try:
        ascii_form = idna.encode(text, uts46=True, std3_rules=True).decode()
        unicode_form = idna.decode(ascii_form)
    except UnicodeError as error:
        raise _not_a_domain(typed) from error
    _, dot, suffix = ascii_form.rpartition(".")
    if not dot or suffix.isdigit():
        raise _not_a_domain(typed)
    return unicode_form


def _not_a_domain(typed: str) -> InvalidInputError:
    return InvalidInputError("not_a_domain", text=typed.strip()[:QUOTED])


def check_label(typed: str) -> str:
    """The label with single spaces; InvalidInputError when empty, too long or unprintable."""
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    kinds = {unicodedata.category(char) for char in text if char not in JOINERS}
    if not any(kind[0] in "LNPS" for kind in kinds) or any(kind[0] == "C" for kind in kinds):
        raise InvalidInputError("label_empty")
    if len(text) > LABEL_MAX:
        raise InvalidInputError("label_too_long", limit=LABEL_MAX)
    return text
