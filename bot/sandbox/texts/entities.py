"""Message entities: what a tag means, and what Telegram finds in plain text by itself."""

import re

from bot.sandbox.errors import Json
from bot.sandbox.texts.tags import parse_error

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "pre": "pre",
}
TAGS = frozenset({*_SIMPLE, "a", "blockquote", "code", "tg-emoji", "tg-time"})
"""The tags Telegram knows; any other is refused."""

_MENTION = re.compile(r"tg://user\?id=([0-9]{1,15})")
_TIME_FORMAT = re.compile(r"r|[tTdDwW]*")
_SCHEMES = ("http", "https", "tg", "ton", "tonsite")
_URL = re.compile(r"(?:([a-zA-Z][a-zA-Z0-9+.\-]*):(?://)?)?([^\s/?#]*)([^\s]*)")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])"
    r"|(?<![\w/])(?P<bot_command>/[a-zA-Z0-9_]{1,32}(?:@\w{5,32})?)(?![\w/])"
)


def utf16(text: str) -> int:
    """Return the length in UTF-16 code units, which is how Telegram counts offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def entity_of(tag: str, attributes: dict[str, str], inner: str) -> Json | None:
    """Return the entity of a tag around the text `inner`; None for a tag without effect."""
    if simple := _SIMPLE.get(tag):
        return {"type": simple}
    if tag == "code":
        language = attributes.get("class", "").removeprefix("language-")
        has_language = attributes.get("class", "").startswith("language-") and language
        return {"type": "code", "language": language} if has_language else {"type": "code"}
    if tag == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
    if tag == "a":
        url = normal_url(attributes.get("href") or inner)
        if url and (mention := _MENTION.fullmatch(url)):
            return {"type": "text_mention", "user": {"id": int(mention.group(1))}}
        return {"type": "text_link", "url": url} if url else None
    if tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    return _date_time(attributes)


def _date_time(attributes: dict[str, str]) -> Json:
    unix, form = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.isdecimal():
        raise parse_error("Invalid unix time specified")
    if not _TIME_FORMAT.fullmatch(form):
        raise parse_error("Invalid date format used")
    return {"type": "date_time", "unix_time": int(unix), "date_time_format": form}


def normal_url(url: str) -> str | None:
    """Return the address as Telegram keeps it, or None when it would take none from it.

    Hosts need a dot and a scheme may be one of a few; other links silently become plain text.
    """
    match = _URL.fullmatch(url.strip())
    if match is None:
        return None
    scheme, host, rest = (part or "" for part in match.groups())
    scheme = scheme.lower() or "http"
    if scheme not in _SCHEMES or not host:
        return None
    if scheme == "tg":
        return f"tg://{host}{rest}"
    if "." not in host.strip(".") or host.startswith("."):
        return None
    return f"{scheme}://{host}{rest or '/'}"


def found_in(text: str, given_entities: list[Json]) -> list[Json]:
    """Return commands and addresses that Telegram marks by itself where nothing else is."""
    if "/" not in text:
        return []
    entities: list[Json] = []
    for match in _FOUND.finditer(text):
        offset, length = utf16(text[: match.start()]), utf16(match.group())
        candidate = {"type": match.lastgroup, "offset": offset, "length": length}
        if not any(_overlap(candidate, entity) for entity in given_entities):
            entities.append(candidate)
    return entities


def _overlap(one: Json, other: Json) -> bool:
    ends_later = other["offset"] + other["length"] > one["offset"]
    return bool(ends_later and one["offset"] + one["length"] > other["offset"])
