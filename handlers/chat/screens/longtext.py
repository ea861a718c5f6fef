"""Cutting texts that other people wrote to the length of a message."""

from locales.text import Plain

NO_SPACE_BEFORE = 0.8
"""A cut moves back to a space only behind this share of the text; else it splits a word."""


def fitted(text: str, limit: int) -> tuple[Plain, bool]:
    """At most `limit` of Telegram's characters (UTF-16 units), and whether anything is missing.

    A cut is between words if possible, and ends with an ellipsis.
    """
    text = text.strip()
    if units(text) <= limit:
        return Plain(text), False
    part = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    space = max(part.rfind(" "), part.rfind("\n"))
    if space > len(part) * NO_SPACE_BEFORE:
        part = part[:space]
    return Plain(f"{part.rstrip()}…"), True


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2
