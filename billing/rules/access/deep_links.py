"""What a deep link says (`t.me/BOT?start=…`, at most 64 of A-Z a-z 0-9 _ -).

c_CODE   a code that links an account; a bare code of an old link still reads
c_SIGNED the same, signed by the operator's own site (signed_links.py)
s_ID     a service of one's own, by the company's id, or ours where it has none
s__TEXT  the same, where the id has other signs: TEXT is its base64url without padding
p_NUMBER a proforma of one's own
m_MARK   a mark of a campaign: greets, like anything else
"""

import re
from base64 import b64decode
from dataclasses import dataclass

from billing.rules.access.link_codes import code_of
from billing.rules.access.signed_links import is_signed
from billing.rules.names import visible

_PASTED = re.compile(
    r"(?:\bt(?:elegram)?\.(?:me|dog)\b|\btg:(?://)?resolve\b)\S*?[?&]start=([A-Za-z0-9_-]{1,64})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CodeLink:
    """A code that links an account; None where it cannot be one, as when it was cut off."""

    code: str | None


@dataclass(frozen=True, slots=True)
class SignedLink:
    """A client, signed by the operator's own site; not checked yet."""

    payload: str


@dataclass(frozen=True, slots=True)
class ServiceLink:
    """A service by the company's id for it, or by ours."""

    name: str


@dataclass(frozen=True, slots=True)
class InvoiceLink:
    """A proforma by its number."""

    number: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """Nothing to open: a campaign, or what we do not know."""


DeepLink = CodeLink | SignedLink | ServiceLink | InvoiceLink | Greeting


def read_link(payload: str) -> DeepLink:
    """What stands behind `?start=`."""
    match payload[:2], payload[2:]:
        case "c_", rest if is_signed(rest):
            return SignedLink(rest)
        case "c_", rest:
            return CodeLink(code_of(rest))
        case "s_", name if name:
            return ServiceLink(_decoded(name[1:]) or name if name[0] == "_" else name)
        case "p_", number if number:
            return InvoiceLink(number)
        case "m_", _:
            return Greeting()
    code = code_of(payload)
    return CodeLink(code) if code else Greeting()


def _decoded(text: str) -> str | None:
    """The id in base64url without padding; None for what is none."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True).decode()
    except ValueError:
        return None


def pasted_link(text: str) -> DeepLink | None:
    """The first deep link in a message, to whichever bot; None without one."""
    match = _PASTED.search(visible(text))
    return read_link(match[1]) if match else None
