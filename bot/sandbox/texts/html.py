"""Telegram's HTML, read as strictly as Telegram reads it.

The rules are those of TDLib's `parse_html` (td/telegram/MessageEntity.cpp): few tags, four named
references, an end tag for every start tag, offsets in UTF-16 code units.
"""

from dataclasses import dataclass

from bot.sandbox.errors import Json
from bot.sandbox.texts.entities import TAGS, entity_of, utf16
from bot.sandbox.texts.tags import (
    NAME,
    PLAIN,
    REFERENCE,
    Cursor,
    decode,
    parse_error,
    read_attributes,
)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the text and its entities; raises a 400 that names what is wrong and where."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source).parse()


@dataclass(frozen=True, slots=True)
class _Open:
    """A tag waiting for its end: `part` is the index of the first piece of its text."""

    tag: str
    attributes: dict[str, str]
    offset: int
    part: int
    order: int


class _Parser:
    """One pass over the source, with the tags still open on a stack."""

    __slots__ = ("_cursor", "_entities", "_length", "_parts", "_stack")

    def __init__(self, source: str) -> None:
        self._cursor = Cursor(source)
        self._parts: list[str] = []
        self._length = 0
        self._stack: list[_Open] = []
        self._entities: list[tuple[int, Json]] = []

    def parse(self) -> tuple[str, list[Json]]:
        cursor = self._cursor
        while following := cursor.peek():
            if following == "&":
                self._reference()
            elif following != "<":
                self._add(cursor.take(PLAIN))
            elif cursor.source.startswith("</", cursor.at):
                self._end_tag()
            else:
                self._start_tag()
        if self._stack:
            tag = self._stack[-1].tag
            raise parse_error(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self._entities.sort(key=lambda item: (item[1]["offset"], -item[1]["length"], item[0]))
        return "".join(self._parts), _tidy([entity for _, entity in self._entities])

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += utf16(text)

    def _reference(self) -> None:
        cursor = self._cursor
        match = REFERENCE.match(cursor.source, cursor.at)
        character = decode(match) if match else None
        self._add(character or "&")
        cursor.at = match.end() if match and character else cursor.at + 1

    def _start_tag(self) -> None:
        cursor = self._cursor
        begin = cursor.at
        cursor.at += 1
        tag = cursor.take(NAME).lower()
        if not cursor.peek():
            raise cursor.error("Unclosed start tag", begin)
        if tag not in TAGS:
            raise cursor.error(f'Unsupported start tag "{tag}"', begin)
        attributes = read_attributes(cursor, tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise cursor.error('Tag "span" must have class "tg-spoiler"', begin)
        element = _Open(tag, attributes, self._length, len(self._parts), begin)
        self._stack.append(element)

    def _end_tag(self) -> None:
        cursor = self._cursor
        begin = cursor.at
        if not self._stack:
            raise cursor.error("Unexpected end tag", begin)
        cursor.at += 2
        name = cursor.take(NAME).lower()
        cursor.skip_space()
        if cursor.peek() != ">":
            raise cursor.error("Unclosed end tag", begin)
        cursor.at += 1
        element = self._stack.pop()
        if name and name != element.tag:
            expected = f', expected "</{element.tag}>", found "</{name}>"'
            raise cursor.error("Unmatched end tag", begin, expected)
        if self._length > element.offset:
            self._close(element)

    def _close(self, element: _Open) -> None:
        inner = "".join(self._parts[element.part :])
        if entity := entity_of(element.tag, element.attributes, inner):
            span = {"offset": element.offset, "length": self._length - element.offset}
            self._entities.append((element.order, {**entity, **span}))


def _tidy(entities: list[Json]) -> list[Json]:
    """Make `pre` with `code class="language-…"` inside one entity, as Telegram does."""
    tidy: list[Json] = []
    for entity in entities:
        before = tidy[-1] if tidy else None
        if entity["type"] == "code" and "language" in entity:
            language = entity.pop("language")
            if before and before["type"] == "pre" and _same_span(before, entity):
                before["language"] = language
                continue
        tidy.append(entity)
    return tidy


def _same_span(one: Json, other: Json) -> bool:
    return bool(one["offset"] == other["offset"] and one["length"] == other["length"])
