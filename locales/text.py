"""Plain text, told apart from HTML by its type."""

import html
import re
from typing import Self

from markupsafe import Markup

_TAG = re.compile(r"<[^>]*>")


class Plain(str):
    """Text that is not HTML: button labels, toasts, invoice fields, files.

    Telegram shows it unchanged, so people would see markup in it. `Button.label` has this type, so
    mypy finds a `Markup` there.
    """

    __slots__ = ()

    @classmethod
    def of(cls, value: str) -> Self:
        """Return the value as plain text: HTML loses its tags and entities, other text stays."""
        if isinstance(value, Markup):
            return cls(html.unescape(_TAG.sub("", value)))
        return cls(value)


def legible(text: str) -> str:
    """The text with the spaces that formatting makes unbreakable turned into plain ones."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
