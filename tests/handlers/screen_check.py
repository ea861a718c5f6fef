"""What Telegram would refuse of a screen; the tests and the gallery check every screen there is.

Limits: core.telegram.org/bots/api and python-telegram-bot's `telegram.constants`.
"""

from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from markupsafe import Markup

from handlers.chat.screens.codec import encode
from handlers.chat.screens.limits import COPY_LIMIT, DESCRIPTION_LIMIT, NOTE_LIMIT, TITLE_LIMIT
from handlers.chat.screens.screen import (
    Button,
    Copy,
    FileScreen,
    InvoiceScreen,
    Pay,
    Row,
    Screen,
    Shown,
    Url,
)

TEXT_LIMIT = 4096
SCREEN_LIMIT = TEXT_LIMIT - NOTE_LIMIT - 2
"""What a screen's text may take, so that a note still fits above it."""

ROW_LIMIT = 8
BUTTON_LIMIT = 100
PAYLOAD_LIMIT = 128
CAPTION_LIMIT = 1024
FILE_LIMIT = 50 * 2**20
FILE_NAME_LIMIT = 60
"""Longer names are cut by phones before their ending is seen."""

TAGS: dict[str, frozenset[str]] = {
    **{
        tag: frozenset[str]()
        for tag in ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler")
    },
    "a": frozenset({"href"}),
    "code": frozenset({"class"}),
    "pre": frozenset(),
    "span": frozenset({"class"}),
    "blockquote": frozenset({"expandable"}),
    "tg-time": frozenset({"unix", "format"}),
}
"""The tags of Telegram's HTML and their attributes."""


def problems(shown: Shown) -> tuple[str, ...]:
    """Everything wrong with a screen, in words for a developer; empty when it can be sent."""
    if isinstance(shown, InvoiceScreen):
        return (*_of_invoice(shown), *_of_rows(shown.rows, invoice=True))
    if isinstance(shown, FileScreen):
        return (*_of_file(shown), *_of_rows(shown.rows, invoice=False))
    return (*_of_screen(shown), *_of_rows(shown.rows, invoice=False))


def visible_length(text: Markup) -> int:
    """Length as Telegram counts it: UTF-16 units after tags and entities are read."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return len("".join(reader.seen).encode("utf-16-le")) // 2


def _of_screen(screen: Screen) -> Iterator[str]:
    yield from _of_text(screen.text, SCREEN_LIMIT)


def _of_text(text: Markup, limit: int) -> Iterator[str]:
    if not isinstance(text, Markup):
        yield "the text is not Markup"
    reader = _Reader()
    reader.feed(text)
    reader.close()
    yield from reader.wrong
    if reader.open:
        yield f"<{reader.open[-1]}> is not closed"
    length = visible_length(text)
    if not "".join(reader.seen).strip():
        yield "the text is empty"
    if length > limit:
        yield f"the text has {length} characters, more than {limit}"


def _of_file(file: FileScreen) -> Iterator[str]:
    yield from _of_text(file.caption, CAPTION_LIMIT)
    if not 1 <= len(file.name) <= FILE_NAME_LIMIT or set(file.name) & set('/\\"\r\n'):
        yield f"{file.name!r} is no name of a file"
    if not 1 <= len(file.content) <= FILE_LIMIT:
        yield f"the file has {len(file.content)} bytes"


def _of_invoice(invoice: InvoiceScreen) -> Iterator[str]:
    if not 1 <= len(invoice.title) <= TITLE_LIMIT:
        yield f"the title has {len(invoice.title)} characters, not 1 to {TITLE_LIMIT}"
    if not 1 <= len(invoice.description) <= DESCRIPTION_LIMIT:
        yield f"the description has {len(invoice.description)} characters"
    if not 1 <= len(invoice.payload.encode()) <= PAYLOAD_LIMIT:
        yield f"the payload has {len(invoice.payload.encode())} bytes"
    if not invoice.prices:
        yield "there is no price"
    if invoice.rows and not isinstance(invoice.rows[0][0].action, Pay):
        yield "the first button of an invoice is not Pay"


def _of_rows(rows: tuple[Row, ...], *, invoice: bool) -> Iterator[str]:
    if sum(map(len, rows)) > BUTTON_LIMIT:
        yield f"more than {BUTTON_LIMIT} buttons"
    for index, row in enumerate(rows):
        if not 1 <= len(row) <= ROW_LIMIT:
            yield f"row {index + 1} has {len(row)} buttons, not 1 to {ROW_LIMIT}"
        for place, button in enumerate(row):
            if isinstance(button.action, Pay) and not (invoice and index == place == 0):
                yield "Pay is not the first button of an invoice"
            yield from _of_button(button)


def _of_button(button: Button) -> Iterator[str]:
    if not button.label.strip():
        yield "a button has no label"
    if isinstance(button.label, Markup):
        yield f"the label {button.label!r} is HTML"
    match button.action:
        case Url(address):
            if not address.startswith(("https://", "http://", "tg://")):
                yield f"{address!r} is no address"
        case Copy(text):
            if not 1 <= len(text) <= COPY_LIMIT:
                yield f"a text of {len(text)} characters cannot be copied"
        case Pay():
            pass
        case payload:
            try:
                encode(payload)
            except ValueError as error:
                yield f"the button {button.label!r} cannot be sent: {error}"


class _Reader(HTMLParser):
    """Reads Telegram's HTML: tags that nest, the text that is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.seen: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}> is no tag of Telegram's")
        elif strange := {name for name, _ in attrs} - TAGS[tag]:
            self.wrong.append(f"<{tag}> has {', '.join(sorted(strange))}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "<" in data or "&" in data:
            self.wrong.append(f"{data.strip()!r} is not escaped")
        self.seen.append(data)

    def handle_entityref(self, name: str) -> None:
        if name not in {"lt", "gt", "amp", "quot"}:
            self.wrong.append(f"&{name}; is no entity of Telegram's")
        self.seen.append(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.seen.append(unescape(f"&#{name};"))
