"""Unexpected errors: logged under a short number that the client sees and can quote."""

import logging
import secrets

from telegram.error import TelegramError

from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import incident

log = logging.getLogger(__name__)


def incident_number() -> str:
    """Make a number for the log and the client's screen."""
    return secrets.token_hex(3).upper()


async def apologise(ctx: Context, number: str) -> None:
    """Tell the client, if Telegram can still be reached."""
    ctx.deps.on_incident()
    try:
        await ctx.toast(incident(ctx.t, number), alert=True)
    except TelegramError:
        log.exception("incident %s: not even the apology went out", number)
