"""Checking the names clients type: internationalised domains and plain labels."""

from collections.abc import Sequence

import idna

from billing.rules.errors import InvalidInputError
from billing.rules.names import can_be_seen, email_host, host_of, tidy, visible
from billing.rules.services.endings import completed, fits_ending, has_ending
from billing.rules.shop.catalog import NameKind, Product

LABEL_MAX = 60
DOMAIN_MAX = 253
"""Longest domain, and its longest part, in ASCII form (RFC 1035)."""
PART_MAX = 63

QUOTED = 80
"""So much of what was typed is repeated in the answer."""


def clean_name(product: Product, typed: str) -> str:
    """The typed name as it is kept: a domain that the product takes, or a label."""
    if product.asks_for is not NameKind.DOMAIN:
        return check_label(typed)
    choices = ending_choices(product, typed)
    if len(choices) > 1:
        raise InvalidInputError("which_ending", text=visible(typed)[:QUOTED])
    name = choices[0] if choices else check_domain(typed)
    _check_ending(name, product.domain_endings)
    return name


def ending_choices(product: Product, typed: str) -> tuple[str, ...]:
    """The domains that a name without an ending may mean; none if it has one, or is an e-mail.

    InvalidInputError for a name that is no domain with any ending.
    """
    if not product.domain_endings or email_host(typed):
        return ()
    stem = host_of(tidy(typed))
    if not stem or "." in stem:
        return ()
    return tuple(map(check_domain, completed(stem, product.domain_endings)))


def check_domain(typed: str) -> str:
    """The domain in lower-case Unicode (IDNA 2008); InvalidInputError if it is not one.

    People paste addresses: a scheme, "www.", a port, a path and a final dot are taken off, and
    marks that nobody sees. An e-mail address is refused: its domain is often not one's own.
    """
    if host := email_host(typed):
        raise InvalidInputError("email_address", text=host[:QUOTED])
    for text in dict.fromkeys((host_of(tidy(typed)), host_of(visible(typed)))):
        _check_length(text)
        if domain := _in_unicode(text):
            return domain
    raise InvalidInputError("not_a_domain", text=visible(typed)[:QUOTED])


def check_ending(typed: str) -> str:
    """An ending of domains, with or without its dot, in the form in which it is compared."""
    name = f"a.{visible(typed).removeprefix('.')}"
    if host_of(name) != name:
        raise InvalidInputError("not_a_domain", text=visible(typed)[:QUOTED])
    return check_domain(name).partition(".")[2]


def _check_ending(name: str, endings: Sequence[str]) -> None:
    if not fits_ending(name, endings):
        code = "subdomain" if has_ending(name, endings) else "wrong_ending"
        raise InvalidInputError(code, text=name[:QUOTED], endings=tuple(endings))


def _check_length(text: str) -> None:
    if len(text) > DOMAIN_MAX:
        raise InvalidInputError("name_too_long", limit=DOMAIN_MAX)
    if max(map(len, text.split("."))) > PART_MAX:
        raise InvalidInputError("name_too_long", limit=PART_MAX)


def _in_unicode(text: str) -> str | None:
    """The form that people read; None for what is no domain."""
    try:
        ascii_form = idna.encode(text, uts46=True, std3_rules=True).decode()
        unicode_form = idna.decode(ascii_form)
    except UnicodeError:
        return None
    _, dot, suffix = ascii_form.rpartition(".")
    return unicode_form if dot and not suffix.isdigit() else None


def check_label(typed: str) -> str:
    """The label with single spaces; InvalidInputError when empty, unseen or too long."""
    text = tidy(typed)
    if not can_be_seen(text):
        raise InvalidInputError("label_unseen" if typed.strip() else "label_empty")
    if len(text) > LABEL_MAX:
        raise InvalidInputError("label_too_long", limit=LABEL_MAX)
    return text
