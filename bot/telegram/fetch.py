"""One getUpdates call, read update by update.

python-telegram-bot's own `get_updates` reads all updates of an answer or none, so one bad update
would hide the rest; and under load most of an answer is in flight already, which costs more to
read than to handle.
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
"""Always sent: left out, Telegram keeps whatever was asked for before.

A post in a channel is asked for because it may say that somebody has paid there.
"""

SAME_OFFSET_SECONDS = 0.5
"""For so long after a request, the next one with the same offset is given one update only."""

_ANSWER_SECONDS = 10.0
"""How much longer than its own waiting an answer may take."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An update and its number; the update is None when python-telegram-bot cannot read it.

    One that carries money is in `money` as it came, and is not read here.
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
    """What is new from `offset` on, after `seconds` at most; raises what the call raises."""
    wanted = {"limit": limit, "timeout": seconds, "allowed_updates": list(ALLOWED_UPDATES)}
    if offset is not None:
        wanted["offset"] = offset
    try:
        answer: Any = await bot.do_api_request(
            "getUpdates", api_kwargs=wanted, read_timeout=seconds + _ANSWER_SECONDS
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
