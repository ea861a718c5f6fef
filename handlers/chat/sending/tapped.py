"""The message that a tap was made on, with no more of it than we use.

Every tap brings a copy of the whole message. python-telegram-bot would make an object with a
hundred fields of it, which takes longer than reading the rest of the update.
"""

from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery, Chat, InaccessibleMessage

_TEXT, _PHOTO = "text", "photo"


def tapped_message(raw: Mapping[str, Any]) -> InaccessibleMessage:
    """Read the message of a tap: its number, its chat, and whether it is a text or a photo.

    What it holds keeps its name, so that an update that is kept can be read once more.
    """
    chat = Chat(raw["chat"]["id"], raw["chat"]["type"])
    content = {kind: True for kind in (_TEXT, _PHOTO) if raw.get(kind)}
    return InaccessibleMessage(chat, raw["message_id"], api_kwargs=content)


def editable(query: CallbackQuery | None) -> tuple[int | None, bool]:
    """The id of the tapped message and whether it is a photo; no id if it cannot be edited."""
    message = None if query is None else query.message
    if message is None or not message.api_kwargs:
        return None, False
    return message.message_id, _TEXT not in message.api_kwargs
