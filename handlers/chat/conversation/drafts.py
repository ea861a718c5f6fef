"""Values out of a draft; StaleButton where the draft is of another making."""

from billing.ports.conversations import Json
from handlers.chat.screens.codec import StaleButton


def as_int(value: Json) -> int:
    """A number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise StaleButton("the draft says something else")


def as_text(value: Json) -> str:
    """A text."""
    if isinstance(value, str):
        return value
    raise StaleButton("the draft says something else")
