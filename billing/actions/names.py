"""Checking the names clients type: internationalised domains and plain labels."""

import re
import unicodedata

import idna

from billing.rules.errors import InvalidInputError

LABEL_MAX = 60
DOMAIN_MAX = 253
"""Longest domain in its ASCII form (RFC 1035)."""

_SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)


def check_domain(typed: str) -> str:
    """The domain in lower-case Unicode (IDNA 2008); InvalidInputError if it is not one.

    People paste addresses: a scheme, "www.", a path and a final dot are taken off.
    """
    text = _SCHEME.sub("", typed.strip()).split("/", 1)[0].rstrip(".")
    text = text.removeprefix("www.").removeprefix("WWW.")
    if not text or " " in text or "." not in text:
        raise InvalidInputError("not_a_domain", text=typed.strip()[:80])
    try:
        ascii_form = idna.encode(text, uts46=True, std3_rules=True).decode()
        unicode_form = idna.decode(ascii_form)
    except idna.IDNAError as error:
        raise InvalidInputError("not_a_domain", text=text[:80]) from error
    if len(ascii_form) > DOMAIN_MAX:
        raise InvalidInputError("name_too_long", limit=DOMAIN_MAX)
    if ascii_form.rsplit(".", 1)[1].isdigit():
        raise InvalidInputError("not_a_domain", text=text[:80])
    return unicode_form


def check_label(typed: str) -> str:
    """The label with single spaces; InvalidInputError when empty, too long or unprintable."""
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if not text or any(unicodedata.category(char).startswith("C") for char in text):
        raise InvalidInputError("label_empty")
    if len(text) > LABEL_MAX:
        raise InvalidInputError("label_too_long", limit=LABEL_MAX)
    return text


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a person."""
    return one.casefold() == other.casefold()
