"""Updates as python-telegram-bot's objects."""

from collections.abc import Mapping
from typing import Any

from telegram import Bot, CallbackQuery, Update, User

from handlers.chat.sending.tapped import tapped_message


def read_update(raw: Mapping[str, Any], bot: Bot) -> Update:
    """Read an update as Telegram wrote it; what is malformed raises whatever it meets.

    Taps, which are most of what comes, are read without the parts that nobody uses.
    """
    tap = raw.get("callback_query")
    if tap is None:
        return Update.de_json(dict(raw), bot)
    message = tap.get("message")
    query = CallbackQuery(
        tap["id"],
        User(**_known(tap["from"])),
        tap.get("chat_instance", ""),
        message=None if message is None else tapped_message(message),
        data=tap.get("data"),
        inline_message_id=tap.get("inline_message_id"),
    )
    query.set_bot(bot)
    return Update(raw["update_id"], callback_query=query)


_USER = ("id", "first_name", "is_bot", "last_name", "username", "language_code")


def _known(user: Mapping[str, Any]) -> dict[str, Any]:
    return {name: user[name] for name in _USER if name in user}
