"""Checks of a setting's text; ValueError says what is wrong and never repeats the text."""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from billing.rules.money import EXPONENTS
from locales.catalogues import available_languages
from storage.engines.engine import parse_url
from storage.errors import DatabaseError

LATIN = 0xFF
"""The last character that the header with user and password can hold."""

NO_PLACES = frozenset({
    "EST", "MST", "HST", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "Factory", "localtime",
    "posixrules",
})  # fmt: skip

TELEGRAM_PORTS = frozenset({None, 443, 80, 88, 8443})
"""The ports to which Telegram posts; None is that of https."""

PROXY = "an example is http://user:password@proxy:3128"
ENCODED = "characters of the password that mean something in an address are written %40 for @"


def bot_token(value: SecretStr) -> SecretStr:
    """Check a token: a number, a colon, then letters and digits, as @BotFather writes it."""
    token = value.get_secret_value().strip()
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
        raise ValueError("is not a bot token; copy the whole line from @BotFather, digits first")
    return SecretStr(token)


def address(value: str) -> str:
    """Return the address without the slash at its end."""
    address = value.rstrip("/")
    if not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", address):
        raise ValueError("must be an address that begins with https:// or http://")
    if address.endswith("/bot"):
        raise ValueError("must be given without /bot at its end")
    return address


def public_address(value: str) -> str:
    """Check the address that Telegram is given; plain HTTP only for this machine, as in a demo."""
    address = value.rstrip("/")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("is not an address; an example is https://bot.example.com") from None
    is_here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    if not parts.hostname or (parts.scheme != "https" and not is_here):
        raise ValueError("must begin with https://, like https://bot.example.com")
    if parts.username or parts.query or parts.fragment or re.search(r"\s", address):
        raise ValueError("must be an address without user, question mark and #")
    if not is_here and port not in TELEGRAM_PORTS:
        raise ValueError("must have the port 443, 80, 88 or 8443: Telegram posts to no other")
    return address


def webhook_secret(value: SecretStr) -> SecretStr:
    """Check a secret: short ones could be guessed, and Telegram takes only some characters."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
        raise ValueError("must be 16 to 256 letters, digits, _ or -; or leave it out")
    return value


def secret_address(value: SecretStr) -> SecretStr:
    """Check an address that contains a key, such as Sentry's DSN."""
    return SecretStr(address(value.get_secret_value().strip()))


def proxy(value: SecretStr) -> SecretStr:
    """Check the address of an HTTP proxy, such as http://user:password@proxy:3128."""
    address = value.get_secret_value().strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        raise ValueError(f"is not an address; {PROXY}") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"must begin with http:// or https:// (no other proxies work); {PROXY}")
    if parts.path.strip("/") or parts.query or parts.fragment or re.search(r"\s", address):
        raise ValueError(f"must end with the port; {ENCODED}")
    if not host or not port:
        raise ValueError(f"must name a host and a port; {PROXY}")
    if ":" in user or any(ord(character) > LATIN for character in user + password):
        raise ValueError("has a user with a colon, or characters that proxies cannot be sent")
    return SecretStr(address.rstrip("/"))


def has_password(address: str) -> bool:
    """Return whether an address contains a password."""
    try:
        return bool(urlsplit(address).password)
    except ValueError:
        return False


def database(value: SecretStr) -> SecretStr:
    """Return the address of a SQLite file or PostgreSQL database, with storage's driver."""
    address = value.get_secret_value().strip()
    scheme, separator, place = address.partition("://")
    if not separator or scheme.partition("+")[0] not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError(
            "must be a SQLite file or a PostgreSQL database, for example "
            "sqlite:///panelik.sqlite or postgresql://user:password@host/database"
        )
    if place in {"", "/", "/:memory:"}:
        raise ValueError("must name a file; a database in memory is lost when the bot stops")
    try:
        return SecretStr(parse_url(address).render_as_string(hide_password=False))
    except DatabaseError as error:
        raise ValueError(f"cannot be used: {error}") from None


def timezone(value: str) -> str:
    """Check a time zone: the name of a place in the time zone database, or UTC.

    Other names of that database are refused: Etc/GMT+2 is two hours *behind* UTC, which surprises
    everybody, and EST has no summer time.
    """
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        raise ValueError("is not a known time zone; write it like Europe/Warsaw") from None
    if value in NO_PLACES or re.fullmatch(r"Etc/GMT[+-]\d+", value):
        raise ValueError("is no place; write the one by whose clock you work, like Europe/Warsaw")
    return value


def currency(value: str) -> str:
    """Return a currency that Panelik can bill in, in capitals."""
    code = value.upper()
    if code not in EXPONENTS:
        raise ValueError(f"must be one of {', '.join(EXPONENTS)}")
    return code


def tax_rate(value: str) -> str:
    """Check a percentage with at most two decimals; it stays text, since tax is never a float."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,2})?|100(\.00?)?", value):
        raise ValueError("must be a percentage from 0 to 100 like 23 or 5.5, without a % sign")
    rate = Decimal(value)
    if 0 < rate < 1:
        percent = f"{(rate * 100).normalize():f}"
        raise ValueError(
            f"is in percent, and that is less than one: for {percent} % write {percent}"
        )
    return value


def operator_chat(value: int) -> int:
    """Check the id of a chat: not 0, and at most 52 bits, as Telegram promises."""
    if value == 0 or abs(value) >= 2**52:
        raise ValueError("is not the id of a chat; docs/going-live.md says how to find it")
    return value


def language(value: str) -> str:
    """Return the code of a language that has a catalogue, in small letters."""
    codes = {code.lower(): code for code in available_languages()}
    if value.lower() not in codes:
        raise ValueError(f"must be one of {', '.join(codes.values())}")
    return codes[value.lower()]


def staff(value: Any) -> Any:
    """Return the user ids in a text like "1001, 1002"; anything else unchanged.

    A user id is positive and has at most 52 bits, as Telegram promises; the negative ids are
    those of groups.
    """
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(",")]
    if not all(re.fullmatch(r"[0-9]{1,16}", part) and 0 < int(part) < 2**52 for part in parts):
        raise ValueError(
            "must be user ids like 1001, 1002; a person's id is not the id of a group, "
            "and no @name"
        )
    return frozenset(map(int, parts))


def lower(value: Any) -> Any:
    """Return a text in small letters, and anything else unchanged."""
    return value.lower() if isinstance(value, str) else value


def upper(value: Any) -> Any:
    """Return a text in capitals, and anything else unchanged."""
    return value.upper() if isinstance(value, str) else value
