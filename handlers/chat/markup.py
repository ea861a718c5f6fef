"""Screens in python-telegram-bot's words."""

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)

from handlers.chat.codec import encode
from handlers.chat.screen import Button, Copy, Pay, Preview, Row, Url

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def keyboard(rows: tuple[Row, ...]) -> InlineKeyboardMarkup | None:
    """The inline keyboard of some rows; None for no rows."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def preview_options(preview: Preview | None) -> LinkPreviewOptions:
    """A large preview of one address, or none at all."""
    if preview is None:
        return NO_PREVIEW
    return LinkPreviewOptions(
        url=preview.url, prefer_large_media=True, show_above_text=preview.above
    )


def _button(button: Button) -> InlineKeyboardButton:
    style = None if button.style is None else button.style.value
    match button.action:
        case Url(address):
            return InlineKeyboardButton(button.label, url=address, style=style)
        case Copy(text):
            return InlineKeyboardButton(button.label, copy_text=CopyTextButton(text), style=style)
        case Pay():
            return InlineKeyboardButton(button.label, pay=True, style=style)
        case payload:
            return InlineKeyboardButton(button.label, callback_data=encode(payload), style=style)
