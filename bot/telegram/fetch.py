"""One getUpdates call that no single update can break."""

import logging
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.warnings import PTBUserWarning

log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    "message", "edited_message", "callback_query", "pre_checkout_query", "my_chat_member",
)  # fmt: skip
"""Always sent: left out, Telegram keeps whatever was asked for before."""

SAME_OFFSET_SECONDS = 0.5
"""For so long after a request, the next one with the same offset is given one update only."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An update and its number; the update is None when python-telegram-bot cannot read it."""

    number: int
    update: Update | None


async def fetch(
    bot: Bot,
    *,
    offset: int | None,
    limit: int,
    seconds: int,
    sleep: Callable[[float], Awaitable[None]],
) -> list[Fetched]:
    """What waits from `offset` on, after `seconds` at most; raises what the call raises."""
    try:
        updates = await bot.get_updates(
            offset=offset,
            limit=limit,
            timeout=timedelta(seconds=seconds),
            allowed_updates=ALLOWED_UPDATES,
        )
    except TelegramError:
        raise
    except Exception:  # noqa: BLE001 - reading something strange may raise anything
        log.warning("Some updates cannot be read; reading them one by one")
        await sleep(SAME_OFFSET_SECONDS)
        return [_read(raw, bot) for raw in await _raw(bot, offset=offset, limit=limit)]
    return [Fetched(update.update_id, update) for update in updates]


async def _raw(bot: Bot, *, offset: int | None, limit: int) -> list[dict[str, Any]]:
    """The same updates unread: PTB reads all or none, so one bad update would hide the rest."""
    wanted = {"limit": limit, "timeout": 0, "allowed_updates": list(ALLOWED_UPDATES)}
    if offset is not None:
        wanted["offset"] = offset
    with warnings.catch_warnings():
        # It advises to use get_updates, which has just failed.
        warnings.simplefilter("ignore", PTBUserWarning)
        answer: Any = await bot.do_api_request("getUpdates", api_kwargs=wanted)
    return list(answer)


def _read(raw: dict[str, Any], bot: Bot) -> Fetched:
    number = int(raw["update_id"])
    try:
        return Fetched(number, Update.de_json(raw, bot))
    except Exception:
        log.exception("Update %s cannot be read and is left out", number)
        return Fetched(number, None)
