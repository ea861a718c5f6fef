"""What makes the text of a setting right; ValueError says what is wrong, never the text itself."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from billing.rules.money import EXPONENTS
from storage.engine import parse_url
from storage.errors import DatabaseError


def bot_token(value: SecretStr) -> SecretStr:
    """A token as @BotFather writes it."""
    token = value.get_secret_value().strip()
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
        raise ValueError("is not a bot token; copy the whole line from @BotFather, digits first")
    return SecretStr(token)


def address(value: str) -> str:
    """The address without the slash at its end."""
    address = value.rstrip("/")
    if not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", address):
        raise ValueError("must be an address that begins with https:// or http://")
    if address.endswith("/bot"):
        raise ValueError("must be given without /bot at its end")
    return address


def database(value: SecretStr) -> SecretStr:
    """The address of a SQLite file or a PostgreSQL database with the driver that storage uses."""
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
    """A name from the time zone database."""
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        raise ValueError("is not a known time zone; write it like Europe/Warsaw") from None
    return value


def currency(value: str) -> str:
    """A currency that Panelik can bill in, in capitals."""
    code = value.upper()
    if code not in EXPONENTS:
        raise ValueError(f"must be one of {', '.join(EXPONENTS)}")
    return code


def tax_rate(value: str) -> str:
    """Percent with at most two decimals, kept as text: tax is never a float."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,2})?|100(\.00?)?", value):
        raise ValueError("must be a percentage from 0 to 100 like 23 or 5.5, without a % sign")
    return value


def upper(value: Any) -> Any:
    """Text in capitals; anything else as it is."""
    return value.upper() if isinstance(value, str) else value
