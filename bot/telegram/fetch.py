"""One getUpdates call, read update by update.

python-telegram-bot's own `get_updates` reads all updates of an answer or none, so one bad update
would hide the rest. And under load most updates of an answer are in flight already, and parsing
them again costs more than handling the new ones.
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Update
from telegram.error import EndPointNotFound, InvalidToken
from telegram.warnings import PTBUserWarning

from bot.telegram.money import Raw, carries_none

log = logging.getLogger(__name__)

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
    """An update and its number; the update is None when python-telegram-bot cannot read it.

    An update that carries money is in `money`, raw, and is not parsed here.
    """

    number: int
    update: Update | None
    money: Raw | None = None


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
        Fetched(int(raw["update_id"]), None, raw) if carries_money(raw) else _read(raw, bot)
        for raw in answer
        if is_new(int(raw["update_id"]))
    ]


def _read(raw: dict[str, Any], bot: Bot) -> Fetched:
    number = int(raw["update_id"])
    try:
        return Fetched(number, Update.de_json(raw, bot))
    except Exception:
        log.exception("Update %s cannot be read and is left out", number)
        return Fetched(number, None)
