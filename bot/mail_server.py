"""The address of a mail server: smtp://user:password@host:587, or smtps:// for TLS at once."""

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit

EXAMPLE = "an example is smtp://user:password@mail.example.com:587"
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"smtp": 587, "smtps": 465}


class BadServerError(Exception):
    """An address that names no mail server; the text says why and repeats nothing of it."""


class Security(Enum):
    """How a connection becomes secret."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out; without a user nobody logs in."""

    host: str
    port: int
    security: Security
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def read_server(address: str) -> MailServer:
    """Read an address; BadServerError for any other text.

    With smtp:// the server has to offer STARTTLS, unless it is on this machine.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        raise BadServerError(f"is not an address; {EXAMPLE}") from None
    if parts.scheme not in PORTS:
        raise BadServerError(f"must begin with smtp:// or smtps://; {EXAMPLE}")
    if not host or any(char.isspace() for char in address):
        raise BadServerError(f"must name a host; {EXAMPLE}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadServerError(
            "must end with the port; characters of the password that mean something in an "
            "address are written %40 for @"
        )
    if bool(user) is not bool(password):
        raise BadServerError(f"must have both a user and a password, or neither; {EXAMPLE}")
    security = _security(parts.scheme, host)
    return MailServer(host, port or PORTS[parts.scheme], security, user, password)


def _security(scheme: str, host: str) -> Security:
    if scheme == "smtps":
        return Security.TLS
    return Security.NONE if host in LOCAL else Security.STARTTLS
