"""Hiding secrets in every form in which they may turn up in a text.

A proxy's error page repeats the request with the password in base64, an address has it
percent-encoded, HTML and JSON escape it. The secrets are known, so their forms are too.
"""

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote, urlsplit

HIDDEN = "***"
SHORTEST = 4
"""A password that is shorter is hidden only together with its user: it may be any word."""

SHORTEST_CORE = 8
"""Characters of base64 by which a secret in the middle of a longer text is recognised."""


class Mask:
    """Hides secrets: tokens as they are, of addresses the whole and what is in them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
        # The longest first: a form may be a part of another one.
        longest_first = sorted(forms - {""}, key=len, reverse=True)
        self._forms = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def hide(self, text: str) -> str:
        """The text without the secrets."""
        return self._forms.sub(HIDDEN, text)

    def hide_bytes(self, content: bytes) -> bytes:
        """The same for bytes, whatever they are."""
        text = content.decode("utf-8", "surrogateescape")
        return self.hide(text).encode("utf-8", "surrogateescape")


def _parts(secret: str) -> Iterator[str]:
    """What of a secret is one by itself."""
    yield secret
    if "://" not in secret:
        name, colon, key = secret.partition(":")
        if colon and name.isdigit() and len(key) >= SHORTEST_CORE:
            yield key
        return
    try:
        address = urlsplit(secret)
        user, password = address.username or "", address.password or ""
    except ValueError:
        return
    if not password:
        return
    public = {user, address.hostname, address.path.strip("/")}
    for name, word in {(user, password), (unquote(user), unquote(password))}:
        yield f"{name}:{word}"
        if len(word) >= SHORTEST and word not in public:
            yield word


def _forms(text: str) -> Iterator[str]:
    """How programs write a text."""
    yield text
    for encoded in (quote(text), quote(text, safe=""), quote_plus(text)):
        yield encoded
        yield re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), encoded)
    yield html.escape(text)
    yield html.escape(text, quote=False)
    yield json.dumps(text)[1:-1]
    yield repr(text)[1:-1]
    for codec in ("utf-8", "latin-1"):
        yield from _in_base64(text.encode(codec, "replace"))


def _in_base64(content: bytes) -> Iterator[str]:
    """The text alone, and what it leaves in the base64 of any longer one that contains it."""
    for encode in (b64encode, urlsafe_b64encode):
        alone = encode(content).decode()
        yield alone
        yield alone.rstrip("=")
        for before in range(3):
            shifted = encode(bytes(before) + content).decode().rstrip("=")
            # The first and last characters hold bits of the neighbours.
            first = -(-before * 4 // 3)
            last = (before + len(content)) * 4 // 3
            core = shifted[first:last]
            if len(core) >= SHORTEST_CORE:
                yield core
