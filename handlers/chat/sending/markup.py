"""Screens as parameters of the Bot API.

Keyboards are dictionaries in the Bot API's form. python-telegram-bot's objects would only be
turned into the same dictionaries, which for dozens of buttons costs as much as a query.
"""

from typing import Any

from telegram import LinkPreviewOptions

from handlers.chat.screens.codec import encode
from handlers.chat.screens.screen import Button, Copy, Pay, Preview, Row, Url

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Json = dict[str, Any]


def keyboard(rows: tuple[Row, ...]) -> Json:
    """The `api_kwargs` of a call that shows these rows of buttons below its message."""
    if not rows:
        return {}
    return {"reply_markup": {"inline_keyboard": [[_button(one) for one in row] for row in rows]}}


def preview_options(preview: Preview | None) -> LinkPreviewOptions:
    """A large preview of one address, or none at all."""
    if preview is None:
        return NO_PREVIEW
    return LinkPreviewOptions(
        url=preview.url, prefer_large_media=True, show_above_text=preview.above
    )


def _button(button: Button) -> Json:
    fields = _action(button)
    if button.style is not None:
        fields["style"] = button.style.value
    return fields


def _action(button: Button) -> Json:
    match button.action:
        case Url(address):
            return {"text": button.label, "url": address}
        case Copy(text):
            return {"text": button.label, "copy_text": {"text": text}}
        case Pay():
            return {"text": button.label, "pay": True}
        case payload:
            return {"text": button.label, "callback_data": encode(payload)}
