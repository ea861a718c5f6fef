"""Dropping Telegram's copies of our own messages before they are parsed.

Every answer to sendMessage and editMessageText repeats the whole message, and every tap brings
the message it was made on. We do not need their buttons: a tap carries its own data. But
python-telegram-bot makes an object of each button, and a screen has dozens, which took a tenth of
the bot's processor time.
"""

from collections.abc import Iterator
from typing import Any

REPEATED = ("reply_markup", "entities", "caption_entities", "link_preview_options")


def without_echoes(payload: dict[str, Any]) -> dict[str, Any]:
    """Return an answer's payload without buttons and formatting of the bot's own messages."""
    for message in _our_messages(payload.get("result")):
        for name in REPEATED:
            message.pop(name, None)
    return payload


def _our_messages(result: Any) -> Iterator[dict[str, Any]]:
    """Yield the message that was sent or edited, or those on which updates were tapped."""
    if isinstance(result, dict) and "message_id" in result:
        yield result
    elif isinstance(result, list):
        for update in result:
            match update:
                case {"callback_query": {"message": dict(message)}}:
                    yield message
