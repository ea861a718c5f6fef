"""A screen as HTML: the bubble and keyboard of the sandbox's page, drawn without a script."""

import asyncio
import struct
from base64 import b64encode
from functools import cache
from urllib.parse import urlsplit

from markupsafe import Markup

from billing.rules.money import Money
from billing.views.pictures import Drawn, Picture, PictureAt
from bot.documents.drawing import Drawing
from handlers.chat.screens.codec import encode
from handlers.chat.screens.screen import (
    Button,
    Copy,
    FileScreen,
    InvoiceScreen,
    Pay,
    Preview,
    Row,
    Screen,
    Shown,
    Url,
)
from handlers.chat.sending.photos import caption_of
from locales.translator import Translator
from tests.handlers.screen_check import visible_length

FITS_IN_ROW = 42
"""About so many characters of labels fit beside each other on a narrow phone."""

MARKS = {Url: "↗", Copy: "📋", Pay: "💳"}


def bubble(t: Translator, shown: Shown) -> Markup:
    """The message as a client sees it."""
    return Markup('<div class="message in"><div class="bubble">{}</div>{}</div>').format(
        _content(t, shown), _keyboard(shown.rows)
    )


def _content(t: Translator, shown: Shown) -> Markup:
    match shown:
        case InvoiceScreen():
            return _invoice(t, shown)
        case FileScreen():
            return _file(shown)
        case Screen():
            return _text(shown)


def size(shown: Shown) -> str:
    """How much there is of it: characters as Telegram counts them, and buttons."""
    buttons = sum(map(len, shown.rows))
    if isinstance(shown, InvoiceScreen):
        return f"invoice, {len(shown.title)} + {len(shown.description)} characters"
    if isinstance(shown, FileScreen):
        return f"{visible_length(shown.caption)} characters below a file, {buttons} buttons"
    return f"{visible_length(shown.text)} characters, {buttons} buttons"


def cut_labels(shown: Shown) -> tuple[str, ...]:
    """Labels that a narrow phone may cut short: worth a look, not wrong."""
    return tuple(
        button.label
        for row in shown.rows
        for button in row
        if len(button.label) > FITS_IN_ROW // len(row)
    )


def _text(screen: Screen) -> Markup:
    text = Markup('<div class="text">{}</div>').format(
        screen.text if screen.picture is None else caption_of(screen)
    )
    if screen.picture is not None:
        return _drawn(screen.picture) + text
    if screen.preview is None:
        return text
    picture = _picture(screen.preview)
    return picture + text if screen.preview.above else text + picture


def _drawn(picture: Picture) -> Markup:
    """The picture as it is sent, inside the page."""
    if isinstance(picture, PictureAt):
        return _picture(Preview(picture.url))
    png = _png(picture)
    width, height = struct.unpack(">II", png[16:24])
    return Markup(
        '<div class="photo drawn" style="aspect-ratio: {} / {}; '
        'background-image: url(data:image/png;base64,{})"></div>'
    ).format(width, height, b64encode(png).decode())


@cache
def _png(picture: Drawn) -> bytes:
    return asyncio.run(Drawing()(picture))


def _file(file: FileScreen) -> Markup:
    return Markup(
        '<div class="text"><div class="document"><span class="document-icon"></span>'
        "<span><strong>{}</strong><small>{} KB</small></span></div>{}</div>"
    ).format(file.name, max(1, len(file.content) // 1024), file.caption)


def _picture(preview: Preview) -> Markup:
    address = urlsplit(preview.url)
    name = address.path.rsplit("/", 1)[-1]
    return Markup('<div class="preview {}board"><strong>{}</strong><span>{}</span></div>').format(
        "above " if preview.above else "", address.hostname, name
    )


def _invoice(t: Translator, invoice: InvoiceScreen) -> Markup:
    total = Money(sum(minor for _, minor in invoice.prices), invoice.currency)
    return Markup(
        '<div class="text"><div class="invoice"><h3>{}</h3><p>{}</p>'
        '<p class="total"><strong>{}</strong></p></div></div>'
    ).format(invoice.title, invoice.description, t.money(total))


def _keyboard(rows: tuple[Row, ...]) -> Markup:
    if not rows:
        return Markup()
    return Markup('<div class="keyboard">{}</div>').format(Markup().join(map(_row, rows)))


def _row(row: Row) -> Markup:
    return Markup('<div class="row">{}</div>').format(Markup().join(map(_button, row)))


def _button(button: Button) -> Markup:
    mark = MARKS.get(type(button.action))
    return Markup(
        '<button type="button" class="{}" title="{}"><span class="label">{}</span>{}</button>'
    ).format(
        button.style.value if button.style else "",
        f"{button.label} → {_does(button)}",
        button.label,
        Markup('<span class="mark">{}</span>').format(mark) if mark else "",
    )


def _does(button: Button) -> str:
    match button.action:
        case Url(address):
            return address
        case Copy(text):
            return f"copies {text}"
        case Pay():
            return "pays"
        case payload:
            return f"{type(payload).__name__} ({_encoded(button)})"


def _encoded(button: Button) -> str:
    try:
        return encode(button.action)
    except ValueError as error:
        return str(error)
