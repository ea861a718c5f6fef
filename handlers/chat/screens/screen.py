"""Screens: a text and rows of buttons, as values made by pure functions."""

from dataclasses import dataclass, field, replace
from enum import Enum

from markupsafe import Markup

from billing.views.pictures import Picture
from handlers.chat.screens.codec import Payload
from locales.text import Plain


class Style(Enum):
    """The colour of a button; it never carries a meaning alone, since older apps show none."""

    PRIMARY = "primary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Url:
    """Opens an address (http, https or tg)."""

    address: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Copies a text of 1 to 256 characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Pays the invoice above it; only as the first button of an `InvoiceScreen`."""


@dataclass(frozen=True, slots=True)
class Button:
    """A label and what a tap does: say a `@button` payload, open, copy or pay.

    One that `asks_panel` has to wait while a connected panel does not answer, although others with
    such a payload have not.
    """

    label: Plain
    action: Payload | Url | Copy | Pay
    style: Style | None = None
    asks_panel: bool = False


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The picture or page of an address, shown large above or below the text."""

    url: str
    above: bool = True


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: HTML text and rows of buttons; addresses in the text show no preview.

    Telegram limits both; the gallery's tests check every screen. A `picture` stands above the
    text, with `hint` between them. Where it cannot be drawn or sent, the text comes without both.
    One `is_of_panel` shows what a connected panel has said of services or proformas.
    """

    text: Markup
    rows: tuple[Row, ...] = ()
    preview: Preview | None = None
    picture: Picture | None = None
    hint: Markup = field(default_factory=Markup)
    is_of_panel: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceScreen:
    """Telegram's own invoice; amounts in minor units, `payload` refers to the payment.

    Without rows Telegram adds its Pay button; with rows the first button is `Pay`.
    """

    title: Plain
    description: Plain
    payload: str
    currency: str
    prices: tuple[tuple[Plain, int], ...]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class FileScreen:
    """A file to keep: its name, MIME type and bytes, with HTML and buttons below it.

    It is always a new message, so that an earlier file stays in the chat.
    """

    name: Plain
    kind: str
    content: bytes
    caption: Markup
    rows: tuple[Row, ...] = ()


Shown = Screen | InvoiceScreen | FileScreen


def without_buttons(screen: Screen, kinds: frozenset[type[Payload]]) -> Screen:
    """The screen without the buttons that carry a payload of these kinds."""
    rows = (
        tuple(button for button in row if type(button.action) not in kinds) for row in screen.rows
    )
    return replace(screen, rows=tuple(row for row in rows if row))
