"""Taps as python-telegram-bot's objects: read from Telegram, and from what was kept of them."""

from typing import Any

import pytest
from telegram import Bot

from bot.sandbox.methods.api import TOKEN
from bot.telegram.reading import read_update
from handlers.chat.sending.tapped import editable

CHAT = {"id": 5, "type": "private", "first_name": "Anna"}


def tap(**message: Any) -> dict[str, Any]:
    user = {"id": 5, "is_bot": False, "first_name": "Anna", "language_code": "pl"}
    body = {"message_id": 7, "date": 1_700_000_000, "chat": CHAT, **message}
    query = {"id": "1", "from": user, "chat_instance": "1", "data": "h1", "message": body}
    return {"update_id": 3, "callback_query": query}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"text": "Services"}, (7, False)),
        ({"photo": [{"file_id": "a"}], "caption": "Costs"}, (7, True)),
        ({}, (None, False)),
    ],
)
def test_a_tap_that_was_kept_edits_the_same_message(
    message: dict[str, Any], expected: tuple[int | None, bool]
) -> None:
    bot = Bot(TOKEN)
    update = read_update(tap(**message), bot)
    again = read_update(update.to_dict(), bot)
    assert editable(update.callback_query) == editable(again.callback_query) == expected
    assert again == update
    assert again.effective_user == update.effective_user
    assert again.effective_chat == update.effective_chat
