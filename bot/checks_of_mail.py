"""Checks of the settings about e-mail and signed links; as in `checks`, no text is repeated."""

import re
from email.headerregistry import Address
from email.utils import parseaddr

from pydantic import SecretStr

from billing.rules.access.emails import email_in
from bot.mail_server import BadServerError, read_server

SHORTEST_SECRET = 32


def smtp(value: SecretStr) -> SecretStr:
    """Check the address of a mail server."""
    address = value.get_secret_value().strip()
    try:
        read_server(address)
    except BadServerError as error:
        raise ValueError(str(error)) from None
    return SecretStr(address)


def sender(value: str) -> str:
    """Check a name and an address, like Example Hosting <help@example.com>."""
    if not value:
        return value
    name, address = parseaddr(value)
    if not name or email_in(address) != address or not address.isascii():
        raise ValueError("must be a name and an address, like Example Hosting <help@example.com>")
    Address(name, addr_spec=address)
    return value


def link_secret(value: SecretStr) -> SecretStr:
    """Check the secret of signed links: short ones could be guessed."""
    secret = value.get_secret_value()
    if not re.fullmatch(rf"[!-~]{{{SHORTEST_SECRET},256}}", secret):
        raise ValueError(
            f"must be {SHORTEST_SECRET} to 256 letters, digits and signs without spaces; "
            "`openssl rand -hex 32` makes one"
        )
    return value
