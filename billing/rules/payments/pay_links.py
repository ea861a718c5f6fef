"""Addresses of our own web pages, from which clients go on to the panel's page of an invoice.

Such an address ends with a token, base64url without padding of

    8 bytes   the invoice's id, the most significant byte first
    16 bytes  the first of HMAC-SHA256(secret, "panelik-pay-1:" + the bytes before + its name)

It says nothing of the client, cannot be guessed, and is good as long as the invoice is there. Its
name is what the panel calls it: a database that is restored from a copy gives an id again.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from billing.rules.payments.invoices import Invoice
from billing.rules.payments.payload import lasting_name

_PURPOSE = b"panelik-pay-1:"
_ID, _TAG = 8, 16
_SHAPE = re.compile(r"[A-Za-z0-9_-]{32}")
_LAST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class NamedInvoice:
    """What a token says, before it is known whether it is one of ours."""

    id: int
    tag: bytes


@dataclass(frozen=True, slots=True)
class PayPages:
    """Where our pages are: `base` ends with a slash; without one there are none."""

    base: str = ""
    secret: str = field(default="", repr=False)

    def address_of(self, invoice: Invoice) -> str:
        """The address of our page for an invoice; "" where there are no such pages."""
        if not (self.base and self.secret):
            return ""
        said = invoice.id.to_bytes(_ID)
        return self.base + urlsafe_b64encode(said + self._tag(said, invoice)).decode()

    def is_for(self, named: NamedInvoice, invoice: Invoice) -> bool:
        """Whether a token was made for this invoice."""
        right = self._tag(named.id.to_bytes(_ID), invoice)
        return bool(self.secret) and hmac.compare_digest(named.tag, right)

    def _tag(self, said: bytes, invoice: Invoice) -> bytes:
        message = _PURPOSE + said + lasting_name(invoice).encode()
        return hmac.digest(self.secret.encode(), message, hashlib.sha256)[:_TAG]


def read_token(token: str) -> NamedInvoice | None:
    """What a token says; None for what has not the shape of one."""
    if not _SHAPE.fullmatch(token):
        return None
    raw = urlsafe_b64decode(token)
    number = int.from_bytes(raw[:_ID])
    return NamedInvoice(number, raw[_ID:]) if number <= _LAST_ID else None


def is_web_address(address: str) -> bool:
    """Whether a button can open it: Telegram takes no host without a dot."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    host = parts.hostname or ""
    is_whole = not any(one.isspace() for one in address)
    return is_whole and parts.scheme in {"http", "https"} and "." in host.strip(".")
