"""Reading one HTML tag: a cursor over the source, attributes and character references.

The wording of the errors is TDLib's (`parse_html` in td/telegram/MessageEntity.cpp), because a
bot's log shows it and people search for it.
"""

import re

from bot.sandbox.errors import ApiError, bad_request

PLAIN = re.compile(r"[^<&]+")
NAME = re.compile(r"[^\s>\0]*")
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,10})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_ATTRIBUTE = re.compile(r"[^\s=>\0]*")
_SPACE = re.compile(r"[\s\0]*")
_TOKEN = re.compile(r"[a-zA-Z0-9.\-]*")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LARGEST_CODE_POINT = 0x10FFFF


class Cursor:
    """A reading position in the source."""

    __slots__ = ("at", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def peek(self) -> str:
        """Return the next character, or nothing at the end."""
        return self.source[self.at] if self.at < len(self.source) else ""

    def take(self, pattern: re.Pattern[str]) -> str:
        """Read what the pattern matches here, which may be nothing."""
        match = pattern.match(self.source, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()

    def skip_space(self) -> None:
        """Move past white space."""
        self.take(_SPACE)

    def error(self, reason: str, position: int, after: str = "") -> ApiError:
        """Return the 400 that names the byte offset of `position` in the UTF-8 source."""
        offset = len(self.source[:position].encode())
        return parse_error(f"{reason} at byte offset {offset}{after}")


def parse_error(reason: str) -> ApiError:
    """Return the 400 for text that cannot be parsed."""
    return bad_request(f"can't parse entities: {reason}")


def read_attributes(cursor: Cursor, tag: str, begin: int) -> dict[str, str]:
    """Read the attributes up to and with the closing `>`; `begin` is where the tag starts."""
    attributes: dict[str, str] = {}
    while True:
        cursor.skip_space()
        if cursor.peek() == ">":
            cursor.at += 1
            return attributes
        name = cursor.take(_ATTRIBUTE)
        if not name and cursor.peek():
            raise cursor.error(f'Empty attribute name in the tag "{tag}"', begin)
        cursor.skip_space()
        value = ""
        if cursor.peek() == "=":
            cursor.at += 1
            cursor.skip_space()
            value = _read_value(cursor, begin)
        if not cursor.peek():
            raise cursor.error(f'Unclosed start tag "{tag}"', begin)
        attributes[name.lower()] = value


def _read_value(cursor: Cursor, begin: int) -> str:
    quote = cursor.peek()
    start = cursor.at
    if quote not in {'"', "'"}:
        token = cursor.take(_TOKEN)
        if cursor.peek() and not cursor.peek().isspace() and cursor.peek() != ">":
            raise cursor.error("Unexpected end of name token", start)
        return token.lower()
    close = cursor.source.find(quote, start + 1)
    if close < 0:
        raise cursor.error("Unclosed start tag", begin)
    cursor.at = close + 1
    raw = cursor.source[start + 1 : close]
    return REFERENCE.sub(lambda match: decode(match) or match.group(), raw)


def decode(match: re.Match[str]) -> str | None:
    """Return the character a reference stands for; None leaves it as it is written."""
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < code <= _LARGEST_CODE_POINT:
        return None
    if 0xD800 <= code <= 0xDFFF:
        raise parse_error(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return chr(code)
