"""Links that the operator's own site signs with a secret that it shares with Panelik.

The payload of `?start=c_PAYLOAD` is base64url without padding of:

    4 bytes   when the link expires: seconds since 1970, the most significant byte first
    1-30      the client's id as in clients.csv, in UTF-8
    12 bytes  the first of HMAC-SHA256(secret, "panelik-link-1:" + the bytes before)
"""

import hashlib
import hmac
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST_LIFE = timedelta(hours=1)
"""A link that is valid for longer may be found in a browser's history."""

_PURPOSE = b"panelik-link-1:"
_TIME, _TAG = 4, 12
_SHAPE = re.compile(r"[A-Za-z0-9_-]{23,62}")
"""From an id of one byte on; with `c_` before it at most 64 characters."""


@dataclass(frozen=True, slots=True)
class SignedClient:
    """What a signed link says: which client, and until when."""

    ref: str
    expires_at: datetime


def is_signed(payload: str) -> bool:
    """Whether a payload has the shape of a signed one; codes are shorter."""
    return _SHAPE.fullmatch(payload) is not None


def read_signed(payload: str, secret: str) -> SignedClient | None:
    """What a payload says that was signed with the secret; None for any other."""
    try:
        raw = b64decode(payload + "=" * (-len(payload) % 4), altchars="-_", validate=True)
        said, tag = raw[:-_TAG], raw[-_TAG:]
        ref = said[_TIME:].decode()
    except ValueError:
        return None
    right = hmac.digest(secret.encode(), _PURPOSE + said, hashlib.sha256)[:_TAG]
    if not ref or not hmac.compare_digest(tag, right):
        return None
    return SignedClient(ref, datetime.fromtimestamp(int.from_bytes(said[:_TIME]), UTC))


def hash_signed(client: SignedClient) -> str:
    """What is stored of a signed link, so that it works once, however its bytes are written."""
    said = f"panelik-signed:{client.expires_at.timestamp():.0f}:{client.ref}"
    return hashlib.sha256(said.encode()).hexdigest()
