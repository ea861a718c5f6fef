"""Entities to HTML that a page may show as it is: every character escaped, few fixed tags."""

from collections.abc import Callable
from html import escape

from bot.sandbox.entities import utf16
from bot.sandbox.errors import Json

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "spoiler": ('<span class="tg-spoiler">', "</span>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
}
_LINK = '<a href="{}" target="_blank" rel="noopener noreferrer">'
_SAFE_SCHEMES = ("http://", "https://", "tg://")


def safe_html(text: str, entities: list[Json]) -> str:
    """Return the text with its entities as HTML; line breaks stay as they are.

    Entities that cross each other, which Telegram does not make, are closed and opened again.
    """
    if not entities:
        return escape(text, quote=False)
    place = _places(text)
    spans = [(place(e["offset"]), place(e["offset"] + e["length"]), e) for e in entities]
    spans.sort(key=lambda span: (span[0], -span[1]))
    out: list[str] = []
    is_open: list[tuple[int, Json, str]] = []
    last = 0
    for cut in sorted({bound for span in spans for bound in span[:2]}):
        out.append(escape(text[last:cut], quote=False))
        _close(is_open, cut, out)
        for start, end, entity in spans:
            if start == cut < end:
                _open(is_open, (end, entity, text[start:end]), out)
        last = cut
    out.append(escape(text[last:], quote=False))
    return "".join(out)


def _close(is_open: list[tuple[int, Json, str]], cut: int, out: list[str]) -> None:
    again: list[tuple[int, Json, str]] = []
    while any(end <= cut for end, _, _ in is_open):
        item = is_open.pop()
        out.append(_tags(item[1], item[2])[1])
        if item[0] > cut:
            again.append(item)
    for item in reversed(again):
        _open(is_open, item, out)


def _open(
    is_open: list[tuple[int, Json, str]], item: tuple[int, Json, str], out: list[str]
) -> None:
    out.append(_tags(item[1], item[2])[0])
    is_open.append(item)


def _tags(entity: Json, inner: str) -> tuple[str, str]:
    kind = entity["type"]
    if pair := _TAGS.get(kind):
        return pair
    if kind in {"text_link", "url"}:
        url = entity.get("url", inner)
        safe = url.lower().startswith(_SAFE_SCHEMES)
        return (_LINK.format(escape(url)), "</a>") if safe else ("", "")
    if kind == "bot_command":
        return f'<a class="command" data-command="{escape(inner)}">', "</a>"
    if kind == "pre":
        return f'<pre data-language="{escape(entity.get("language", ""))}">', "</pre>"
    if kind == "date_time":
        unix, form = entity["unix_time"], escape(entity.get("date_time_format", ""))
        return f'<time data-unix="{unix}" data-format="{form}">', "</time>"
    return "", ""


def _places(text: str) -> Callable[[int], int]:
    """Return what turns a UTF-16 offset into a position in the string."""
    if len(text) == utf16(text):
        return lambda offset: offset
    starts = {0: 0}
    offset = 0
    for position, character in enumerate(text, 1):
        offset += utf16(character)
        starts[offset] = position
    return lambda offset: starts.get(offset, len(text))
