"""E-mail addresses, and the codes that prove whose they are."""

import hashlib
import re
from datetime import timedelta

from billing.rules.names import visible

PATTERN = r"[^\s@<>,;:]+@[^\s@<>,;:.]+(?:\.[^\s@<>,;:.]+)+"
LONGEST = 254
"""Characters of an address (RFC 5321)."""

VALID_FOR = timedelta(minutes=10)
CODE_DIGITS = 6

_ADDRESS = re.compile(PATTERN)
_DIGITS = re.compile(rf"(?<!\d)\d{{3}}[ -]?\d{{{CODE_DIGITS - 3}}}(?!\d)")
_CAPITALS = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


def email_in(text: str) -> str | None:
    """The first address in a message; None without one."""
    match = _ADDRESS.search(visible(text))
    address = match[0].rstrip(".!?)\"'”") if match else ""
    return address if _ADDRESS.fullmatch(address) and len(address) <= LONGEST else None


def email_key(address: str) -> str:
    """An address as it counts when two are compared.

    Only A to Z are made small: other letters that look alike, or become alike when they are made
    small, belong to other people's addresses.
    """
    return address.translate(_CAPITALS)


def masked(address: str) -> str:
    """An address as far as its owner recognises it: "a…a@hosting.example"."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}@{host}"


def email_code_in(text: str) -> str | None:
    """The six digits in a message, also with a space or dash in the middle; None without them."""
    match = _DIGITS.search(visible(text))
    return "".join(filter(str.isdigit, match[0])) if match and match[0].isascii() else None


def hash_email_code(row_id: int, code: str) -> str:
    """What is stored of a code that was sent by e-mail."""
    return hashlib.sha256(f"panelik-email:{row_id}:{code}".encode()).hexdigest()


def hash_proof(row_id: int, code: str, client_id: int) -> str:
    """The hash of the link code that a right e-mail code stands for, one for each client.

    Nobody can type a code with this hash; typing the e-mail code again leads to the same.
    """
    return hashlib.sha256(f"panelik-email-link:{row_id}:{code}:{client_id}".encode()).hexdigest()
