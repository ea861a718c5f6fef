"""Hiding secrets in every form in which they may appear in a text.

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
"""A shorter password may be any word, so it is hidden only together with its user."""

SHORTEST_CORE = 8
"""Least characters of base64 that identify a secret inside a longer text."""


class Mask:
    """Hides secrets: tokens, whole addresses, and user and password of addresses."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
        # The longest comes first, because a form may be a part of another one.
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
    """Yield the parts of a secret that are secret by themselves."""
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
    """Yield the ways in which programs write a text."""
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
    """Yield the text in base64, and its trace in the base64 of a text that contains it."""
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
