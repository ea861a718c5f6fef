"""What Telegram says back about our own messages, left out before it is read.

Every answer to sendMessage and editMessageText repeats the whole message, and every tap brings
the message it was made on. Their buttons are ours: a tap carries its own. But python-telegram-bot
makes an object of each button, and a screen has dozens: that was a tenth of the bot's processor
time.
"""

from collections.abc import Iterator
from typing import Any

REPEATED = ("reply_markup", "entities", "link_preview_options")


def without_echoes(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload of an answer, the bot's own messages in it cut down to what is not ours."""
    for message in _our_messages(payload.get("result")):
        for name in REPEATED:
            message.pop(name, None)
    return payload


def _our_messages(result: Any) -> Iterator[dict[str, Any]]:
    """The message that was sent or edited, or those that updates were tapped on."""
    if isinstance(result, dict) and "message_id" in result:
        yield result
    elif isinstance(result, list):
        for update in result:
            match update:
                case {"callback_query": {"message": dict(message)}}:
                    yield message
