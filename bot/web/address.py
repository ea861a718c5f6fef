"""Where Telegram posts updates, and the secret by which its posts are known.

Both follow from the bot's token, so all processes agree without being told.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from billing.rules.payments.pay_links import PayPages

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

PAY_PATH = "/pay/"
"""Below this, and below the public address, are the pages from which clients go on to pay."""

_PATH_LENGTH = 40


@dataclass(frozen=True, slots=True)
class HookAddress:
    """The address that Telegram is given: `path` cannot be guessed, and neither can `secret`."""

    url: str = field(repr=False)
    path: str = field(repr=False)
    secret: str = field(repr=False)


def hook_address(token: str, public_url: str, secret: str = "") -> HookAddress:
    """Return the address below the public one; an empty secret is derived like the path."""
    path = f"/telegram/{_derived(token, 'path')[:_PATH_LENGTH]}"
    return HookAddress(public_url.rstrip("/") + path, path, secret or _derived(token, "secret"))


def pay_secret(token: str) -> str:
    """Return what the addresses of the pages to pay are signed with; "" without a token."""
    return _derived(token, "pay") if token else ""


def pay_pages(public_url: str, token: str) -> PayPages:
    """Return where the pages to pay are; without a public address nowhere."""
    if not public_url:
        return PayPages()
    return PayPages(public_url.rstrip("/") + PAY_PATH, pay_secret(token))


def derived(token: str) -> tuple[str, ...]:
    """Return what is secret because it follows from the token; nothing without a token."""
    if not token:
        return ()
    address = hook_address(token, "")
    return address.path.rpartition("/")[2], address.secret, pay_secret(token)


def _derived(token: str, purpose: str) -> str:
    return hmac.new(token.encode(), f"panelik webhook {purpose}".encode(), sha256).hexdigest()
