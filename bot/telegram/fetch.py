"""One getUpdates call, whose updates are parsed one by one and later.

python-telegram-bot's own `get_updates` reads all updates of an answer or none, so one bad update
would hide the rest. And under load most updates of an answer are in flight already, and parsing
them again costs more than handling the new ones.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram import Bot
from telegram.error import EndPointNotFound, InvalidToken
from telegram.warnings import PTBUserWarning

from bot.telegram.money import Raw, carries_none

ALLOWED_UPDATES = (
    "message", "edited_message", "channel_post", "callback_query", "pre_checkout_query",
    "my_chat_member",
)  # fmt: skip
"""Always sent, because without it Telegram keeps the kinds that were asked for before.

Channel posts are among them because they may report a payment.
"""

SAME_OFFSET_SECONDS = 0.5
"""A request with the same offset within so many seconds gets only one update."""

_ANSWER_SECONDS = 10.0
"""Seconds that an answer may take in addition to the long poll's own waiting."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An update and its number."""

    number: int
    raw: Raw
    carries_money: bool


def allow_raw_requests() -> None:
    """Keep python-telegram-bot from advising `get_updates`; the module says why not."""
    warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)


async def fetch(
    bot: Bot,
    *,
    offset: int | None,
    limit: int,
    seconds: int,
    is_new: Callable[[int], bool],
    carries_money: Callable[[Raw], bool] = carries_none,
) -> list[Fetched]:
    """Fetch new updates from `offset` on, waiting `seconds` at most; errors of the call pass."""
    parameters = {"limit": limit, "timeout": seconds, "allowed_updates": list(ALLOWED_UPDATES)}
    if offset is not None:
        parameters["offset"] = offset
    try:
        answer: Any = await bot.do_api_request(
            "getUpdates", api_kwargs=parameters, read_timeout=seconds + _ANSWER_SECONDS
        )
    except EndPointNotFound:
        # Telegram says "not found" for a wrong token; python-telegram-bot blames the method.
        raise InvalidToken from None
    return [
        Fetched(int(raw["update_id"]), raw, carries_money(raw))
        for raw in answer
        if is_new(int(raw["update_id"]))
    ]
